// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes along with calls: context of the caller's thread, and those who observe. */
class ObserverTest {
    private static final ThreadLocal<String> NAME = new ThreadLocal<>();
    private static final ContextCarrier CARRIER = () -> {
        String captured = NAME.get();
        return () -> {
            String before = NAME.get();
            NAME.set(captured);
            return () -> NAME.set(before);
        };
    };

    private final VirtualHoldfast holdfast = new VirtualHoldfast();
    private final Targets targets = Targets.named("a/one", "b/two");
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void forget() {
        NAME.remove();
    }

    @Test
    void attemptAfterAWaitHasWhatTheCallersThreadHad() {
        holdfast.engine.addCarrier(CARRIER);
        NAME.set("caller");

        CompletableFuture<Object> call = holdfast.callWith(Targets.named("a/one"), CallOptions.none(), attempt -> {
            seen.add(attempt.number() + " " + NAME.get());
            return attempt.number() == 1
                    ? CompletableFuture.failedFuture(fault(Category.OVERLOADED))
                    : CompletableFuture.completedFuture("yes");
        });
        NAME.set("somebody else");
        holdfast.run();

        assertThat(call).isCompletedWithValue("yes");
        assertThat(seen).containsExactly("1 caller", "2 caller");
        assertThat(NAME.get()).isEqualTo("somebody else");
        holdfast.assertAllReturned();
    }

    @Test
    void observationHearsItsEventsInTheContextOfTheCaller() {
        holdfast.engine.addCarrier(CARRIER);
        holdfast.engine.addObserver(
                (started, options) -> event -> seen.add(event.getClass().getSimpleName() + " " + NAME.get()));
        NAME.set("caller");

        holdfast.call(Targets.named("a/one"), fault(Category.OVERLOADED), "yes");
        NAME.set("somebody else");
        holdfast.run();

        assertThat(seen)
                .containsExactly(
                        "AttemptStarted caller",
                        "AttemptFailed caller",
                        "RetryScheduled caller",
                        "AttemptStarted caller",
                        "AttemptCommitted caller",
                        "AttemptSucceeded caller",
                        "RetrySucceeded caller",
                        "CallEnded caller");
        holdfast.assertAllReturned();
    }

    @Test
    void observationIsOpenWhileTheFunctionRunsAndClosedBeforeTheAttemptEnds() {
        holdfast.engine.addObserver((started, options) -> new Noting());

        holdfast.callWith(targets, CallOptions.none().withSubject("weather"), attempt -> {
            seen.add("function");
            attempt.tell("sunny");
            return CompletableFuture.completedFuture("yes");
        });
        holdfast.run();

        assertThat(seen)
                .containsExactly(
                        "AttemptStarted",
                        "open",
                        "function",
                        "told sunny",
                        "close",
                        "AttemptCommitted",
                        "AttemptSucceeded",
                        "CallEnded");
        holdfast.assertAllReturned();
    }

    @Test
    void blockingAttemptIsObservedToo() {
        holdfast.engine.addObserver((started, options) -> new Noting());

        String value = holdfast.engine.blocking().call(targets, attempt -> {
            seen.add("function");
            return "yes";
        });

        assertThat(value).isEqualTo("yes");
        assertThat(seen)
                .startsWith("AttemptStarted", "open", "function", "close")
                .endsWith("CallEnded");
        holdfast.assertAllReturned();
    }

    @Test
    void observerKnowsWhatTheCallIsAbout() {
        holdfast.engine.addObserver((started, options) -> {
            seen.add(started.callId().isEmpty() + " " + options.subject());
            return null;
        });

        holdfast.call(targets, CallOptions.none().withSubject("weather"), "yes");

        assertThat(seen).containsExactly("false weather");
        holdfast.assertAllReturned();
    }

    @Test
    void observerThatIsTakenAwayGoesAlongWithTheCallsItHasBegunWith() {
        VirtualHoldfast alone = new VirtualHoldfast();
        List<CallEvent> events = new ArrayList<>();
        Runnable remove = alone.engine.addObserver((started, options) -> events::add);
        CompletableFuture<Object> answer = new CompletableFuture<>();

        alone.call(targets, answer);
        remove.run();
        alone.call(targets, "other");
        answer.complete("yes");
        alone.run();

        assertThat(events).filteredOn(CallEvent.CallEnded.class::isInstance).hasSize(1);
        alone.assertAllReturned();
    }

    /** The engine of this test has no listener: nothing but the observation keeps its events alive. */
    @Test
    void observationHearsTheEndWhereNobodyListens() {
        List<CallEvent> events = new ArrayList<>();
        try (RealHoldfast alone = new RealHoldfast()) {
            Runnable remove = alone.engine.addObserver((started, options) -> events::add);
            CompletableFuture<String> answer = new CompletableFuture<>();

            CompletableFuture<String> call = alone.engine.call(targets, attempt -> answer);
            remove.run();
            answer.complete("yes");
            call.join();

            assertThat(events.get(events.size() - 1)).isInstanceOf(CallEvent.CallEnded.class);
            alone.awaitAllReturned();
        }
    }

    @Test
    void cancelledAndRefusedCallsEndForTheirObservations() {
        List<Outcome> ends = new ArrayList<>();
        holdfast.engine.addObserver((started, options) -> event -> {
            if (event instanceof CallEvent.CallEnded ended) {
                ends.add(ended.outcome());
            }
        });
        holdfast.engine.forceOpen(Targets.named("c/three").order().get(0));

        holdfast.call(targets, new CompletableFuture<>()).cancel(true);
        holdfast.call(Targets.named("a/one"), fault(Category.OVERLOADED), "never")
                .cancel(true);
        holdfast.call(Targets.named("c/three"), "never");
        holdfast.run();

        assertThat(ends).containsExactly(Outcome.CANCELLED, Outcome.CANCELLED, Outcome.FAILURE);
        holdfast.assertAllReturned();
    }

    /** Carriers and observers that throw wherever they can. */
    private void addThrowing() {
        holdfast.engine.addCarrier(() -> {
            throw new IllegalStateException("capture");
        });
        holdfast.engine.addCarrier(() -> () -> {
            throw new IllegalStateException("open");
        });
        holdfast.engine.addObserver((started, options) -> {
            throw new IllegalStateException("begin");
        });
        holdfast.engine.addObserver((started, options) -> new Throwing());
    }

    private CompletableFuture<Object> callThatTells() {
        return holdfast.callWith(targets, CallOptions.none(), attempt -> {
            attempt.tell("anything");
            return CompletableFuture.completedFuture("yes");
        });
    }

    @Test
    void observersAndCarriersThatThrowDisturbNoCall() {
        addThrowing();

        CompletableFuture<Object> call = callThatTells();
        holdfast.run();

        assertThat(call).isCompletedWithValue("yes");
        holdfast.assertAllReturned();
    }

    @Test
    void eachKindOfWhatTheyThrowIsLoggedOnceAndWhatDoesNotThrowIsNot() {
        EngineLog log = new EngineLog(
                line -> line.getMessage() + ": " + line.getThrown().getMessage());
        try (log) {
            holdfast.engine.addObserver((started, options) -> event -> {});
            holdfast.call(targets, "yes");
            assertThat(log.lines).isEmpty();

            addThrowing();
            for (int call = 0; call < 2; call++) {
                callThatTells();
            }
        }

        assertThat(log.lines)
                .containsExactlyInAnyOrder(
                        "a context carrier threw; calls go on without it: capture",
                        "a context or an observation could not be opened; the attempt runs without it: open",
                        "an observer threw when a call began; the call goes on without it: begin",
                        "an observation threw; the call goes on: on",
                        "a context or an observation could not be closed: close");
        holdfast.assertAllReturned();
    }

    @Test
    void whatIsTakenAwayLeavesTheOthersWhereTheyAre() {
        Runnable removeCarrier = holdfast.engine.addCarrier(CARRIER);
        Runnable removeObserver = holdfast.engine.addObserver((started, options) -> {
            seen.add("first");
            return null;
        });
        holdfast.engine.addObserver((started, options) -> {
            seen.add("second");
            return null;
        });
        NAME.set("caller");

        removeCarrier.run();
        removeObserver.run();
        holdfast.callWith(Targets.named("a/one"), CallOptions.none(), attempt -> {
            seen.add(NAME.get());
            return attempt.number() == 1
                    ? CompletableFuture.failedFuture(fault(Category.OVERLOADED))
                    : CompletableFuture.completedFuture("yes");
        });
        NAME.set("somebody else");
        holdfast.run();

        assertThat(seen).containsExactly("second", "caller", "somebody else");
        holdfast.assertAllReturned();
    }

    @Test
    void observersAndCarriersOfTheBuilderAreThereFromTheFirstCallOn() {
        VirtualHoldfast built = new VirtualHoldfast(
                1, config -> config, builder -> builder.observer((started, options) -> event -> seen.add(NAME.get()))
                        .carrier(CARRIER));
        NAME.set("caller");

        built.call(Targets.named("a/one"), fault(Category.OVERLOADED), "yes");
        NAME.set("somebody else");
        built.run();

        assertThat(seen).hasSize(8).containsOnly("caller");
        built.assertAllReturned();
    }

    @Test
    void nestedCallMadeElsewhereHasTheContextThatItWasGiven() {
        holdfast.engine.addCarrier(CARRIER);
        NAME.set("caller");
        CallContext context = holdfast.engine.context(CallOptions.deadline(Duration.ofMinutes(1)));

        NAME.set("somebody else");
        holdfast.callWith(targets, CallOptions.within(context), attempt -> {
            seen.add(NAME.get());
            return CompletableFuture.completedFuture("yes");
        });

        assertThat(seen).containsExactly("caller");
        assertThat(NAME.get()).isEqualTo("somebody else");
        holdfast.assertAllReturned();
    }

    @Test
    void callThatFailsTellsTheTokensThatItsAttemptsHadUsed() {
        List<Long> tokens = new ArrayList<>();
        holdfast.engine.addObserver((started, options) -> event -> {
            if (event instanceof CallEvent.AttemptFailed failed) {
                tokens.add(failed.inputTokens());
                tokens.add(failed.outputTokens());
            }
        });

        holdfast.callWith(Targets.named("a/one"), CallOptions.none().withMaxAttempts(1), attempt -> {
            attempt.usage(12, 3);
            return CompletableFuture.failedFuture(fault(Category.STREAM_INTERRUPTED));
        });
        holdfast.run();

        assertThat(tokens).containsExactly(12L, 3L);
        holdfast.assertAllReturned();
    }

    private final class Noting implements CallObservation {
        @Override
        public void on(CallEvent event) {
            seen.add(event.getClass().getSimpleName());
        }

        @Override
        public ContextScope open(Attempt attempt) {
            seen.add("open");
            return () -> seen.add("close");
        }

        @Override
        public void told(Attempt attempt, Object fact) {
            seen.add("told " + fact);
        }
    }

    private static final class Throwing implements CallObservation {
        @Override
        public void on(CallEvent event) {
            throw new IllegalStateException("on");
        }

        @Override
        public ContextScope open(Attempt attempt) {
            return () -> {
                throw new IllegalStateException("close");
            };
        }

        @Override
        public void told(Attempt attempt, Object fact) {
            throw new IllegalStateException("told");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.event.CallEvent.AdmissionQueued;
import dev.holdfast.event.CallEvent.AttemptCancelled;
import dev.holdfast.event.CallEvent.AttemptCommitted;
import dev.holdfast.event.CallEvent.AttemptFailed;
import dev.holdfast.event.CallEvent.AttemptStarted;
import dev.holdfast.event.CallEvent.AttemptSucceeded;
import dev.holdfast.event.CallEvent.CallEnded;
import dev.holdfast.event.CallEvent.CallRejected;
import dev.holdfast.event.CallEvent.CallStarted;
import dev.holdfast.event.CallEvent.FailedOver;
import dev.holdfast.event.CallEvent.HedgeStarted;
import dev.holdfast.event.CallEvent.HedgeWon;
import dev.holdfast.event.CallEvent.PauseAwaited;
import dev.holdfast.event.CallEvent.RetriesExhausted;
import dev.holdfast.event.CallEvent.RetryScheduled;
import dev.holdfast.event.CallEvent.RetrySucceeded;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.StopReason;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.limit.ConcurrencyConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What calls tell from their start to their end, each event with all that it holds; no clock begins at zero. */
class EventPayloadTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Target ONE = AB.order().get(0);
    private static final Target TWO = AB.order().get(1);
    private static final String ID = "the call";

    private final List<CompletableFuture<Object>> stages = new ArrayList<>();
    private final List<OngoingAttempt> handles = new ArrayList<>();
    private VirtualHoldfast holdfast = engine(config -> config);
    private boolean streams;

    private static VirtualHoldfast engine(UnaryOperator<ResilienceConfig> change) {
        VirtualHoldfast made = new VirtualHoldfast(config -> change.apply(config.withBackoff(Backoff.fixed(SECOND))));
        made.time.advance(SECOND.multipliedBy(100));
        return made;
    }

    @AfterEach
    void everythingIsBack() {
        // Not the rules of order, which count by the id: all calls here have the same.
        Conservation.assertAllReturned(holdfast.engine);
    }

    private CompletableFuture<Object> call(Targets targets, int maxAttempts) {
        CallContext context = new CallContext(ID, dev.holdfast.time.Deadline.never(holdfast.engine.ticker()));
        CallOptions options = CallOptions.within(context).withMaxAttempts(maxAttempts);
        return holdfast.callWith(targets, options, attempt -> {
            attempt.usage(3, 4);
            if (streams) {
                handles.add(attempt.goesOn());
            }
            CompletableFuture<Object> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
    }

    private Failure fail(int stage, Category category) {
        VirtualHoldfast.Fault fault = fault(category);
        stages.get(stage).completeExceptionally(fault);
        return fault.failure().withCause(fault);
    }

    private void advance(int seconds) {
        holdfast.time.advance(SECOND.multipliedBy(seconds));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void callThatIsRetriedAndSucceeds() {
        call(A, 3);
        advance(2);
        Failure failure = fail(0, Category.SERVER_ERROR);
        advance(1);
        advance(3);
        stages.get(1).complete("hello");

        assertThat(holdfast.events)
                .containsExactly(
                        new CallStarted(ID, List.of(ONE), 3),
                        new AttemptStarted(ID, ONE, 1, 3, CircuitState.CLOSED, false),
                        new AttemptFailed(
                                ID, ONE, 1, 3, Outcome.FAILURE, failure, CircuitState.CLOSED, seconds(2), 3, 4),
                        new RetryScheduled(ID, ONE, 2, 3, failure, SECOND),
                        new AttemptStarted(ID, ONE, 2, 3, CircuitState.CLOSED, false),
                        new AttemptCommitted(ID, ONE, 2, 3, seconds(3)),
                        new AttemptSucceeded(ID, ONE, 2, 3, seconds(3), 3, 4),
                        new RetrySucceeded(ID, ONE, 2, 3, seconds(3)),
                        new CallEnded(ID, Outcome.SUCCESS, null, ONE, 2, SECOND, seconds(6)));
    }

    @Test
    void callThatSucceedsAtOnceTellsOfNoRetry() {
        call(A, 3);
        advance(2);
        stages.get(0).complete("hello");

        assertThat(holdfast.events)
                .containsExactly(
                        new CallStarted(ID, List.of(ONE), 3),
                        new AttemptStarted(ID, ONE, 1, 3, CircuitState.CLOSED, false),
                        new AttemptCommitted(ID, ONE, 1, 3, seconds(2)),
                        new AttemptSucceeded(ID, ONE, 1, 3, seconds(2), 3, 4),
                        new CallEnded(ID, Outcome.SUCCESS, null, ONE, 1, Duration.ZERO, seconds(2)));
    }

    @Test
    void callThatFailsOverAndUsesUpItsAttempts() {
        call(AB, 2);
        advance(2);
        Failure first = fail(0, Category.SERVER_ERROR);
        advance(1);
        Failure second = fail(1, Category.NETWORK);

        assertThat(holdfast.events)
                .containsExactly(
                        new CallStarted(ID, List.of(ONE, TWO), 2),
                        new AttemptStarted(ID, ONE, 1, 2, CircuitState.CLOSED, false),
                        new AttemptFailed(ID, ONE, 1, 2, Outcome.FAILURE, first, CircuitState.CLOSED, seconds(2), 3, 4),
                        new FailedOver(ID, ONE, TWO, 2, 2, first),
                        new AttemptStarted(ID, TWO, 2, 2, CircuitState.CLOSED, false),
                        new AttemptFailed(ID, TWO, 2, 2, Outcome.FAILURE, second, CircuitState.CLOSED, SECOND, 3, 4),
                        new RetriesExhausted(ID, TWO, 2, 2, second, StopReason.ATTEMPTS_USED, seconds(3)),
                        new CallEnded(ID, Outcome.FAILURE, Category.NETWORK, null, 2, Duration.ZERO, seconds(3)));
    }

    @Test
    void callThatIsRejected() {
        holdfast.engine.forceOpen(ONE);
        holdfast.events.clear();

        call(A, 3);

        assertThat(holdfast.events)
                .containsExactly(
                        new CallStarted(ID, List.of(ONE), 3),
                        new CallRejected(ID, Category.OVERLOADED, null, "the circuit of a/one is held open by hand"),
                        new CallEnded(ID, Outcome.FAILURE, Category.OVERLOADED, null, 0, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void callThatIsCancelledWhileItRunsAndWhileItWaits() {
        CompletableFuture<Object> runs = call(A, 3);
        advance(2);
        runs.cancel(true);

        assertThat(holdfast.events)
                .endsWith(
                        new AttemptCancelled(ID, ONE, 1, 3, seconds(2), 3, 4),
                        new CallEnded(ID, Outcome.CANCELLED, null, ONE, 1, Duration.ZERO, seconds(2)));

        CompletableFuture<Object> waits = call(A, 3);
        advance(1);
        Failure failure = fail(1, Category.SERVER_ERROR);
        holdfast.time.advance(SECOND.dividedBy(2));
        waits.cancel(true);

        assertThat(holdfast.events)
                .endsWith(
                        new RetryScheduled(ID, ONE, 2, 3, failure, SECOND),
                        new CallEnded(ID, Outcome.CANCELLED, null, null, 1, Duration.ZERO, SECOND.plusMillis(500)));
    }

    @Test
    void callThatWaitsForAPauseAndForItsTurn() {
        holdfast = engine(config -> config.withLimits(
                config.limits().withConcurrency(ConcurrencyConfig.defaults().withFixed(1))));
        call(A, 1);
        holdfast.events.clear();

        call(A, 3);
        assertThat(holdfast.events).endsWith(new AdmissionQueued(ID, ONE, 1, 3, 1));
        call(A, 3).cancel(true);
        assertThat(holdfast.events).contains(new AdmissionQueued(ID, ONE, 1, 3, 2));
        advance(2);
        stages.get(0).complete("hello");
        advance(1);
        stages.get(1).complete("hello");
        assertThat(holdfast.events)
                .endsWith(
                        new AttemptSucceeded(ID, ONE, 1, 3, SECOND, 3, 4),
                        new CallEnded(ID, Outcome.SUCCESS, null, ONE, 1, seconds(2), seconds(3)));

        holdfast.state(A).domain().pause(holdfast.time.nanos() + SECOND.toNanos() * 20, holdfast.time.nanos());
        holdfast.events.clear();
        call(A, 3);
        assertThat(holdfast.events)
                .containsExactly(new CallStarted(ID, List.of(ONE), 3), new PauseAwaited(ID, ONE, seconds(20)));
        advance(20);
        stages.get(2).complete("hello");
    }

    @Test
    void retryThatWaitsForItsTurnIsNumberedAsTheAttemptThatItWillBe() {
        holdfast = engine(config -> config.withLimits(
                config.limits().withConcurrency(ConcurrencyConfig.defaults().withFixed(1))));
        call(A, 3);
        fail(0, Category.SERVER_ERROR);
        call(A, 1);
        advance(1);

        assertThat(holdfast.events).endsWith(new AdmissionQueued(ID, ONE, 2, 3, 1));
        stages.get(1).complete("hello");
        stages.get(2).complete("hello");
    }

    @Test
    void callThatIsHedged() {
        holdfast = engine(config -> config.withHedge(HedgeConfig.after(seconds(2))));
        call(AB, 3);
        advance(2);
        advance(3);
        stages.get(1).complete("hello");

        assertThat(holdfast.events)
                .containsExactly(
                        new CallStarted(ID, List.of(ONE, TWO), 3),
                        new AttemptStarted(ID, ONE, 1, 3, CircuitState.CLOSED, false),
                        new HedgeStarted(ID, ONE, TWO, 2, 3, seconds(2)),
                        new AttemptStarted(ID, TWO, 2, 3, CircuitState.CLOSED, false),
                        new AttemptCancelled(ID, ONE, 1, 3, seconds(5), 3, 4),
                        new HedgeWon(ID, TWO, 2, 3, seconds(3)),
                        new AttemptCommitted(ID, TWO, 2, 3, seconds(3)),
                        new AttemptSucceeded(ID, TWO, 2, 3, seconds(3), 3, 4),
                        new RetrySucceeded(ID, TWO, 2, 3, seconds(3)),
                        new CallEnded(ID, Outcome.SUCCESS, null, TWO, 2, Duration.ZERO, seconds(5)));
    }

    @Test
    void streamThatEndsWellFailsOrIsLeft() {
        streams = true;
        call(A, 3);
        advance(2);
        stages.get(0).complete("first words");
        assertThat(holdfast.events).endsWith(new AttemptCommitted(ID, ONE, 1, 3, seconds(2)));
        advance(1);
        handles.get(0).end();
        assertThat(holdfast.events)
                .endsWith(
                        new AttemptSucceeded(ID, ONE, 1, 3, seconds(3), 3, 4),
                        new CallEnded(ID, Outcome.SUCCESS, null, ONE, 1, Duration.ZERO, seconds(3)));

        call(A, 3);
        stages.get(1).complete("first words");
        advance(1);
        VirtualHoldfast.Fault broken = fault(Category.STREAM_INTERRUPTED);
        handles.get(1).fail(broken);
        assertThat(holdfast.events)
                .endsWith(
                        new AttemptFailed(
                                ID,
                                ONE,
                                1,
                                3,
                                Outcome.FAILURE,
                                broken.failure().withCause(broken),
                                CircuitState.CLOSED,
                                SECOND,
                                3,
                                4),
                        new CallEnded(ID, Outcome.FAILURE, Category.STREAM_INTERRUPTED, ONE, 1, Duration.ZERO, SECOND));

        call(A, 3);
        stages.get(2).complete("first words");
        advance(1);
        handles.get(2).cancel();
        assertThat(holdfast.events)
                .endsWith(
                        new AttemptCancelled(ID, ONE, 1, 3, SECOND, 3, 4),
                        new CallEnded(ID, Outcome.CANCELLED, null, ONE, 1, Duration.ZERO, SECOND));
    }

    @Test
    void failureThatIsNoEvidenceIsToldAsIgnoredAndEndsItsStreamAsAFailure() {
        streams = true;
        call(A, 3);
        stages.get(0).complete("first words");
        handles.get(0).fail(fault(Category.CONTENT_FILTER));

        assertThat(holdfast.events(AttemptFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.outcome()).isEqualTo(Outcome.IGNORED));
        assertThat(holdfast.ends()).containsExactly(Outcome.FAILURE);
    }

    @Test
    void emptyBudgetTellsWhatIsLeftAndWhatItWouldHaveCost() {
        holdfast = engine(config ->
                config.withBudget(BudgetConfig.defaults().withCapacity(14).withRefillPerSecond(0)));
        call(A, 3);
        fail(0, Category.SERVER_ERROR);
        advance(1);
        fail(1, Category.SERVER_ERROR);

        assertThat(holdfast.events(TargetEvent.BudgetExhausted.class))
                .containsExactly(new TargetEvent.BudgetExhausted(ONE, 0, 14));
        assertThat(holdfast.events(RetriesExhausted.class)).singleElement().satisfies(told -> assertThat(told.reason())
                .isEqualTo(StopReason.BUDGET_EMPTY));
    }

    @Test
    void blocksAndPausesTellTheirReasonAndTheirLength() {
        Target keyed = Target.builder("a/one").credential("key").quota("shared").build();
        call(Targets.of(keyed), 1);
        fail(0, Category.AUTH);
        holdfast.engine.reset(keyed);
        call(Targets.of(keyed), 1);
        stages.get(1).completeExceptionally(fault(Category.RATE_LIMIT, seconds(20)));
        holdfast.engine.reset(keyed);

        List<HoldfastEvent> ofTargets = holdfast.events.stream()
                .filter(TargetEvent.class::isInstance)
                .filter(event -> !(event instanceof TargetEvent.CircuitClosed))
                .toList();
        assertThat(ofTargets)
                .containsExactly(
                        new TargetEvent.TargetBlocked(keyed, Category.AUTH, "made up auth", seconds(60)),
                        new TargetEvent.TargetUnblocked(keyed),
                        new TargetEvent.DomainPaused("shared", seconds(20)),
                        new TargetEvent.DomainResumed("shared"));
    }

    @Test
    void everyEventOfACallNamesIt() {
        call(AB, 2);
        fail(0, Category.SERVER_ERROR);
        stages.get(1).complete("hello");

        assertThat(holdfast.events(CallEvent.class))
                .extracting(CallEvent::callId)
                .containsOnly(ID);
    }
}

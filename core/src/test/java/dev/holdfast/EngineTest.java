// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.limit.AdmissionInfo;
import dev.holdfast.limit.ConcurrencyConfig;
import dev.holdfast.target.Target;
import dev.holdfast.target.TargetInfo;
import dev.holdfast.target.Targets;
import dev.holdfast.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The engine as a whole: what it is made of, what it tells of itself, what it logs. */
class EngineTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Target ONE = AB.order().get(0);
    private static final Target TWO = AB.order().get(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void reportOfAnAsynchronousCallTellsOfEachAttempt() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        holdfast.time.advance(SECOND.multipliedBy(7));
        List<CompletableFuture<String>> stages = new ArrayList<>();
        CompletableFuture<CallResult<String>> call = holdfast.engine.callWithReport(AB, CallOptions.none(), attempt -> {
            attempt.usage(attempt.number(), 5);
            stages.add(new CompletableFuture<>());
            return stages.get(stages.size() - 1);
        });
        holdfast.time.advance(SECOND);
        stages.get(0).completeExceptionally(fault(Category.NETWORK));
        holdfast.time.advance(SECOND.multipliedBy(2));
        stages.get(1).complete("hello");

        CallReport report = call.join().report();
        assertThat(call.join().value()).isEqualTo("hello");
        assertThat(report.elapsed()).isEqualTo(SECOND.multipliedBy(3));
        assertThat(report.waited()).isZero();
        Failure failure = report.attempts().get(0).failure();
        assertThat(failure.category()).isEqualTo(Category.NETWORK);
        assertThat(report.attempts())
                .containsExactly(
                        new AttemptReport(1, ONE, Outcome.FAILURE, failure, Duration.ZERO, SECOND, true, 1, 5, false),
                        new AttemptReport(
                                2,
                                TWO,
                                Outcome.SUCCESS,
                                null,
                                Duration.ZERO,
                                SECOND.multipliedBy(2),
                                false,
                                2,
                                5,
                                false));
        holdfast.assertAllReturned();
    }

    @Test
    void reportOfAStreamGoesOnUntilItsEnd() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        holdfast.time.advance(SECOND.multipliedBy(7));
        OngoingAttempt[] handle = new OngoingAttempt[1];
        CompletableFuture<String> stage = new CompletableFuture<>();
        holdfast.engine.call(A, attempt -> {
            handle[0] = attempt.goesOn();
            attempt.usage(1, 2);
            return stage;
        });
        holdfast.time.advance(SECOND);
        stage.complete("first words");
        holdfast.time.advance(SECOND);
        assertThat(handle[0].report().attempts().get(0).elapsed()).isEqualTo(SECOND.multipliedBy(2));
        assertThat(handle[0].report().attempts().get(0).outcome()).isEqualTo(Outcome.SUCCESS);

        holdfast.time.advance(SECOND);
        handle[0].fail(fault(Category.STREAM_INTERRUPTED));
        holdfast.time.advance(SECOND);

        AttemptReport ended = handle[0].report().attempts().get(0);
        assertThat(ended.elapsed()).isEqualTo(SECOND.multipliedBy(3));
        assertThat(ended.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(ended.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(ended.maybeBilled()).isTrue();
        assertThat(ended.inputTokens()).isEqualTo(1);
        assertThat(ended.outputTokens()).isEqualTo(2);
        assertThat(handle[0].endedBy()).as("its own end").isNull();
        holdfast.assertAllReturned();
    }

    @Test
    void engineTellsWhatItIsMadeOf() {
        VirtualHoldfast holdfast = new VirtualHoldfast(config -> config.withMaxAttempts(7));

        assertThat(holdfast.engine.ticker()).isSameAs(holdfast.time);
        assertThat(holdfast.engine.timer()).isSameAs(holdfast.time);
        assertThat(holdfast.engine.config())
                .isEqualTo(ResilienceConfig.defaults().withMaxAttempts(7));
        boolean[] ran = new boolean[1];
        holdfast.engine.executor().execute(() -> ran[0] = true);
        assertThat(ran[0]).isTrue();
        assertThat(holdfast.engine.info(ONE)).as("never used").isNull();
        assertThat(Holdfast.builder().build().timer()).isSameAs(HoldfastRuntime.timer());
        assertThat(Holdfast.builder().build().executor()).isSameAs(HoldfastRuntime.executor());
        assertThat(HoldfastRuntime.defaultHoldfast()).isSameAs(HoldfastRuntime.defaultHoldfast());
        assertThat(HoldfastRuntime.shared(Object.class, Object::new))
                .isSameAs(HoldfastRuntime.shared(Object.class, Object::new));
    }

    @Test
    void infoAddsUpWhatRunsAndWaitsAtAllTargets() {
        VirtualHoldfast holdfast = new VirtualHoldfast(config -> config.withLimits(
                config.limits().withConcurrency(ConcurrencyConfig.defaults().withFixed(2))));
        List<CompletableFuture<Object>> stages = new ArrayList<>();
        for (Targets targets : List.of(A, A, A, A, Targets.of(TWO))) {
            holdfast.callWith(targets, CallOptions.none(), attempt -> {
                stages.add(new CompletableFuture<>());
                return stages.get(stages.size() - 1);
            });
        }

        assertThat(holdfast.engine.info().inFlight()).isEqualTo(3);
        assertThat(holdfast.engine.info().waiters())
                .as("each at the target and in its queue")
                .isEqualTo(4);
        assertThat(holdfast.engine.info().liveProbes()).isZero();
        assertThat(holdfast.engine.info(ONE).admission()).isEqualTo(new AdmissionInfo(2, 2, 2));
        assertThat(holdfast.engine.targets()).extracting(TargetInfo::target).containsExactlyInAnyOrder(ONE, TWO);
        for (int i = 0; i < 5; i++) {
            stages.get(i).complete("hello");
        }
        holdfast.assertAllReturned();
    }

    @Test
    void infoCountsSuccessesAndFailuresByCategory() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        CallOptions once = CallOptions.none().withMaxAttempts(1);
        holdfast.call(A, once, "hello");
        holdfast.call(A, once, "hello");
        holdfast.call(A, once, fault(Category.NETWORK));
        holdfast.call(A, once, fault(Category.NETWORK));
        holdfast.call(A, once, fault(Category.TIMEOUT));

        TargetInfo info = holdfast.engine.info(ONE);
        assertThat(info.succeeded()).isEqualTo(2);
        assertThat(info.failures()).isEqualTo(Map.of(Category.NETWORK, 2L, Category.TIMEOUT, 1L));
        assertThat(info.attempts()).isEqualTo(5);
        holdfast.assertAllReturned();
    }

    @Test
    void halfOpenCircuitShowsItsProbes() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        CallOptions once = CallOptions.none().withMaxAttempts(1);
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, once, fault(Category.SERVER_ERROR));
        }
        holdfast.time.advance(SECOND.multipliedBy(60));
        CompletableFuture<Object> probe = new CompletableFuture<>();
        holdfast.call(A, once, probe);
        assertThat(holdfast.engine.info().liveProbes()).isEqualTo(1);

        probe.complete("hello");

        assertThat(holdfast.engine.info().liveProbes()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void contextIsMadeForCallsThatBelongTogether() {
        VirtualHoldfast holdfast = new VirtualHoldfast(config -> config.withDeadline(SECOND.multipliedBy(9)));
        holdfast.time.advance(SECOND);

        CallContext own = holdfast.engine.context(CallOptions.none());
        CallContext shorter = holdfast.engine.context(CallOptions.within(own).withDeadline(SECOND.multipliedBy(2)));
        CallContext longer = holdfast.engine.context(CallOptions.within(own).withDeadline(SECOND.multipliedBy(20)));

        assertThat(own.callId()).startsWith("hf-");
        assertThat(own.deadline()).isEqualTo(Deadline.in(SECOND.multipliedBy(9), holdfast.time));
        assertThat(shorter.callId()).isEqualTo(own.callId());
        assertThat(shorter.deadline().left()).isEqualTo(SECOND.multipliedBy(2));
        assertThat(longer.deadline().left()).isEqualTo(SECOND.multipliedBy(9));
        assertThat(holdfast.engine.context(CallOptions.none()).callId()).isNotEqualTo(own.callId());
    }

    @Test
    void brokenClassifierIsLoggedOnceAndItsFailuresAreUnknown() {
        try (EngineLog log = new EngineLog(line -> line.getLevel() + " " + line.getMessage())) {
            VirtualHoldfast holdfast = new VirtualHoldfast(
                    1,
                    c -> c.withMaxAttempts(1),
                    builder -> builder.classifier(error -> {
                        throw new IllegalStateException("made up");
                    }));

            CompletableFuture<Object> call = holdfast.call(A, fault(Category.NETWORK));
            holdfast.call(A, fault(Category.NETWORK));

            assertThat(callError(call).category()).isEqualTo(Category.UNKNOWN);
            assertThat(callError(call).failure().rule()).isEqualTo("engine.classifier");
            assertThat(callError(call)).hasCauseInstanceOf(VirtualHoldfast.Fault.class);
            assertThat(log.lines).containsExactly("WARNING the classifier failed; such errors count as unknown");
        }
    }

    @Test
    void bridgeSpansBlockingAttemptsAndEndsWithThem() {
        VirtualHoldfast holdfast = new VirtualHoldfast(1, c -> c, builder -> builder.threadBridge(true));
        List<String> ids = new ArrayList<>();

        holdfast.engine.blocking().call(A, outer -> {
            ids.add(outer.callId());
            holdfast.engine.blocking().call(Targets.of(TWO), inner -> ids.add(inner.callId()));
            return "hello";
        });
        holdfast.engine.blocking().call(A, later -> ids.add(later.callId()));

        assertThat(ids).hasSize(3);
        assertThat(ids.get(1)).isEqualTo(ids.get(0));
        assertThat(ids.get(2)).isNotEqualTo(ids.get(0));
        Conservation.assertAllReturned(holdfast.engine);
    }

    @Test
    void closingThreadThatIsInterruptedEndsWhatIsLeftAndStaysInterrupted() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        CompletableFuture<Object> hanging = holdfast.call(A, new CompletableFuture<>());

        Thread.currentThread().interrupt();
        holdfast.engine.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(callError(hanging)).isInstanceOf(CallRejectedException.class).hasMessage("this Holdfast is closed");
        holdfast.assertAllReturned();
    }
}

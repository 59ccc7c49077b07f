// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallRejectedException.Obstacle;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.Dimension;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.Priority;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.target.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Pacer, slots, queue and ramp as a call meets them. */
class LimitsTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** The running attempts, in the order in which they started. */
    private final List<CompletableFuture<Object>> stages = new ArrayList<>();

    private VirtualHoldfast holdfast = new VirtualHoldfast();

    private static VirtualHoldfast limited(UnaryOperator<LimitConfig> change) {
        return new VirtualHoldfast(config -> config.withLimits(change.apply(config.limits())));
    }

    private static VirtualHoldfast slots(int count) {
        return limited(limits -> limits.withConcurrency(limits.concurrency().withFixed(count)));
    }

    private CompletableFuture<Object> call(Targets targets) {
        return call(targets, CallOptions.none());
    }

    private CompletableFuture<Object> call(Targets targets, CallOptions options) {
        return holdfast.callWith(targets, options, attempt -> {
            CompletableFuture<Object> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
    }

    private void completeAll() {
        while (stages.stream().anyMatch(stage -> !stage.isDone())) {
            List.copyOf(stages).forEach(stage -> stage.complete("hello"));
        }
    }

    @Test
    void newTargetGetsTenAtOnceAndTwiceAsManyAfterEachRound() {
        for (int i = 0; i < 100; i++) {
            call(A);
        }
        List<Integer> running = new ArrayList<>();
        int before = 0;
        while (before < 100) {
            running.add(stages.size() - before);
            List<CompletableFuture<Object>> round = List.copyOf(stages.subList(before, stages.size()));
            before = stages.size();
            round.forEach(stage -> stage.complete("hello"));
        }

        assertThat(running).startsWith(10, 20, 40);
        assertThat(holdfast.events(CallEvent.AdmissionQueued.class)).hasSize(90);
        holdfast.assertAllReturned();
    }

    @Test
    void targetThatSaysOverloadedGetsNoMoreThanBefore() {
        for (int i = 0; i < 60; i++) {
            call(A, CallOptions.none().withMaxAttempts(1));
        }
        stages.get(0).completeExceptionally(fault(Category.OVERLOADED));
        for (int i = 1; i < 30; i++) {
            boolean throttled = i % 5 == 4;
            if (throttled) {
                stages.get(i).completeExceptionally(fault(Category.OVERLOADED));
            } else {
                stages.get(i).complete("hello");
            }
            assertThat(holdfast.state(A).inFlight()).isLessThanOrEqualTo(10);
        }

        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void queuedCallStartsWhenASlotComesFree() {
        holdfast = slots(1);
        call(A);
        CompletableFuture<Object> second = call(A);
        assertThat(stages).hasSize(1);

        holdfast.time.advance(SECOND);
        stages.get(0).complete("first");

        assertThat(stages).hasSize(2);
        stages.get(1).complete("second");
        assertThat(second).isCompletedWithValue("second");
        holdfast.assertAllReturned();
    }

    @Test
    void higherPriorityGoesFirst() {
        holdfast = slots(1);
        call(A);
        CompletableFuture<Object> low = call(A, CallOptions.none().withPriority(Priority.LOW));
        CompletableFuture<Object> normal = call(A);
        CompletableFuture<Object> high = call(A, CallOptions.none().withPriority(Priority.HIGH));

        stages.get(0).complete("running");
        stages.get(1).complete("1");
        stages.get(2).complete("2");
        stages.get(3).complete("3");

        assertThat(List.of(high.join(), normal.join(), low.join())).isEqualTo(List.of("1", "2", "3"));
        holdfast.assertAllReturned();
    }

    @Test
    void callerWhoLeavesTheQueueLeavesNothingBehind() {
        holdfast = slots(1);
        call(A);
        CompletableFuture<Object> second = call(A);
        CompletableFuture<Object> third = call(A);

        second.cancel(true);
        stages.get(0).complete("first");
        stages.get(1).complete("third");

        assertThat(third).isCompletedWithValue("third");
        holdfast.assertAllReturned();
    }

    @Test
    void fullQueueRejectsAtOnceAndAHigherPriorityPushesALowerOneOut() {
        holdfast = limited(limits -> limits.withConcurrency(limits.concurrency().withFixed(1))
                .withAdmission(limits.admission().withQueueCapacity(1)));
        call(A);
        CompletableFuture<Object> low = call(A, CallOptions.none().withPriority(Priority.LOW));
        CompletableFuture<Object> lowAgain = call(A, CallOptions.none().withPriority(Priority.LOW));
        CompletableFuture<Object> high = call(A, CallOptions.none().withPriority(Priority.HIGH));

        for (CompletableFuture<Object> rejected : List.of(low, lowAgain)) {
            assertThat(callError(rejected)).isInstanceOfSatisfying(CallRejectedException.class, error -> {
                assertThat(error.obstacle()).isEqualTo(Obstacle.QUEUE);
                assertThat(error.category()).isEqualTo(Category.OVERLOADED);
            });
        }
        stages.get(0).complete("first");
        stages.get(1).complete("high");
        assertThat(high).isCompletedWithValue("high");
        holdfast.assertAllReturned();
    }

    @Test
    void rejectionNamesTheTargetThatHadNoRoomAndNotOneThatWasPassedOver() {
        holdfast = limited(limits -> limits.withConcurrency(limits.concurrency().withFixed(1))
                .withAdmission(limits.admission().withQueueCapacity(0)));
        holdfast.engine.forceOpen(A.order().get(0));
        call(Targets.named("b/two"));

        CallException error = callError(call(AB));

        assertThat(error).hasMessageContaining("b/two").hasMessageNotContaining("a/one");
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void nobodyWaitsInAQueueLongerThanMaxWait() {
        holdfast = new VirtualHoldfast(config -> config.withLimits(config.limits()
                        .withConcurrency(config.limits().concurrency().withFixed(1)))
                .withRetry(config.retry().withMaxWait(Duration.ofSeconds(7))));
        call(A);
        CompletableFuture<Object> second = call(A);

        holdfast.time.advance(Duration.ofMillis(6999));
        assertThat(second).isNotDone();
        holdfast.time.advance(Duration.ofMillis(1));

        assertThat(callError(second)).isInstanceOf(CallRejectedException.class);
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void queueIsLeftWhenTheDeadlineLeavesTooLittle() {
        holdfast = slots(1);
        call(A);
        CompletableFuture<Object> second = call(A, CallOptions.deadline(SECOND));

        holdfast.time.advance(Duration.ofMillis(900));

        assertThat(callError(second)).isInstanceOf(DeadlineExceededException.class);
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void preferredTargetIsQueuedForUpToWaitHereAndThenAFreeOneTaken() {
        holdfast = slots(1);
        call(A);
        CompletableFuture<Object> second = call(AB);
        assertThat(holdfast.route()).containsExactly("a/one");

        holdfast.time.advance(SECOND);

        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        stages.get(1).complete("from b");
        assertThat(second).isCompletedWithValue("from b");
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void placeInTheQueueIsKeptWhileNoOtherTargetIsFree() {
        holdfast = slots(1);
        call(A);
        call(Targets.named("b/two"));
        CompletableFuture<Object> first = call(AB);
        CompletableFuture<Object> later = call(A);
        holdfast.time.advance(SECOND.multipliedBy(2));

        stages.get(0).complete("a is free");
        stages.get(2).complete("first in the queue");

        assertThat(first).isCompletedWithValue("first in the queue");
        assertThat(later).isNotDone();
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void targetInTheSameTierIsTakenWithoutAWait() {
        holdfast = slots(1);
        Targets tier = Targets.tiers(Tier.named("a/one", "b/two"));
        call(tier);
        call(tier);

        assertThat(holdfast.route()).containsExactlyInAnyOrder("a/one", "b/two");
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void openingCircuitWakesTheQueueAndTheCallsGoElsewhereAtNoCost() {
        holdfast = slots(1);
        call(A);
        CompletableFuture<Object> second = call(AB, CallOptions.none().withMaxAttempts(1));

        holdfast.engine.forceOpen(A.order().get(0));

        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        stages.get(1).complete("from b");
        assertThat(second).isCompletedWithValue("from b");
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void recoveredTargetRestartsAtTheProbesAndAllOthersGoOnToTheNextAtOnce() {
        holdfast = new VirtualHoldfast(c -> c.withMaxAttempts(1));
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, fault(Category.SERVER_ERROR));
        }
        holdfast.time.advance(Duration.ofSeconds(60));
        holdfast.call(A, "back");
        holdfast.started.clear();

        for (int i = 0; i < 8; i++) {
            call(AB);
        }

        assertThat(holdfast.route().stream().filter("a/one"::equals)).hasSize(3);
        assertThat(holdfast.route().stream().filter("b/two"::equals)).hasSize(5);
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void afterAPauseWaitersLeaveOneThenTwoThenFour() {
        holdfast = new VirtualHoldfast(c -> c.withMaxAttempts(1));
        holdfast.call(A, fault(Category.RATE_LIMIT, Duration.ofSeconds(20)));
        for (int i = 0; i < 20; i++) {
            call(A);
        }
        assertThat(stages).isEmpty();
        holdfast.time.advance(Duration.ofSeconds(23));

        List<Integer> leaving = new ArrayList<>();
        for (int before = 0; before < 20; ) {
            leaving.add(stages.size() - before);
            List<CompletableFuture<Object>> round = List.copyOf(stages.subList(before, stages.size()));
            before = stages.size();
            round.forEach(stage -> stage.complete("hello"));
        }

        assertThat(leaving).startsWith(1, 2, 4);
        holdfast.assertAllReturned();
    }

    @Test
    void pacerSpreadsStartsAndCostsNoAttempt() {
        holdfast = limited(limits ->
                limits.withPacing(limits.pacing().withRequestsPerMinute(60).withBurst(SECOND)));
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            calls.add(holdfast.call(A, CallOptions.none().withMaxAttempts(1), "hello"));
        }
        holdfast.run();

        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(holdfast.started)
                .extracting(VirtualHoldfast.Started::at)
                .containsExactly(
                        Duration.ZERO, SECOND, SECOND.multipliedBy(2), SECOND.multipliedBy(3), SECOND.multipliedBy(4));
        holdfast.assertAllReturned();
    }

    @Test
    void pacedCallGoesToTheNextTargetWhenItsTurnIsFarAway() {
        holdfast = limited(limits ->
                limits.withPacing(limits.pacing().withRequestsPerMinute(6).withBurst(SECOND)));
        holdfast.call(AB, "hello");
        holdfast.call(AB, "hello");

        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        holdfast.assertAllReturned();
    }

    @Test
    void pacedCallThatIsCancelledGivesItsTurnBack() {
        holdfast = limited(limits ->
                limits.withPacing(limits.pacing().withRequestsPerMinute(60).withBurst(SECOND)));
        holdfast.call(A, "hello");
        CompletableFuture<Object> waiting = holdfast.call(A, "unused");
        waiting.cancel(true);
        holdfast.call(A, "hello");
        holdfast.run();

        assertThat(holdfast.started).extracting(VirtualHoldfast.Started::at).containsExactly(Duration.ZERO, SECOND);
        holdfast.assertAllReturned();
    }

    @Test
    void pacedCallThatCannotStartInTimeIsRejectedAtOnceWithTheTimeToComeBack() {
        holdfast = limited(limits ->
                limits.withPacing(limits.pacing().withRequestsPerMinute(6).withBurst(SECOND)));
        holdfast.call(A, "hello");

        CallException error = callError(holdfast.call(A, CallOptions.deadline(Duration.ofSeconds(5)), "unused"));

        assertThat(error).isInstanceOfSatisfying(CallRejectedException.class, e -> assertThat(e.obstacle())
                .isEqualTo(Obstacle.PACE));
        assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(error.category()).isEqualTo(Category.RATE_LIMIT);
        holdfast.assertAllReturned();
    }

    @Test
    void limitThatAResponseStatedHoldsLaterCallsUntilItsReset() {
        holdfast.callWith(A, CallOptions.none(), attempt -> {
            attempt.rateLimit(Dimension.REQUESTS, 0, 0, Duration.ofSeconds(30));
            return CompletableFuture.completedFuture("hello");
        });
        CompletableFuture<Object> next = holdfast.call(A, "hello");

        assertThat(next).isNotDone();
        holdfast.time.advance(Duration.ofSeconds(30));

        assertThat(next).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void estimatedTokensArePutRightByTheRealUse() {
        holdfast = limited(limits ->
                limits.withPacing(limits.pacing().withTokensPerMinute(60_000).withBurst(SECOND)));
        holdfast.callWith(A, CallOptions.none().withTokens(1_000), attempt -> {
            attempt.usage(0, 4_000);
            return CompletableFuture.completedFuture("hello");
        });
        holdfast.call(A, CallOptions.none().withTokens(1_000), "hello");
        holdfast.run();

        assertThat(holdfast.started)
                .extracting(VirtualHoldfast.Started::at)
                .containsExactly(Duration.ZERO, Duration.ofSeconds(4));
        holdfast.assertAllReturned();
    }

    @Test
    void retryThatWaitsInTheQueueIsPaidForOnce() {
        holdfast = slots(1);
        CompletableFuture<Object> retried = holdfast.call(A, fault(Category.SERVER_ERROR), "hello");
        call(A);
        holdfast.time.advance(SECOND.multipliedBy(2));
        assertThat(holdfast.tokens(A)).isBetween(485.0, 487.0);
        assertThat(retried).isNotDone();

        completeAll();

        assertThat(retried).isCompletedWithValue("hello");
        assertThat(holdfast.tokens(A)).isGreaterThan(499);
        holdfast.assertAllReturned();
    }

    @Test
    void fullTargetOfATierIsNotQueuedForWhereAnotherOneOfItsTierIsFree() {
        holdfast = slots(2);
        call(Targets.named("a/one"));
        call(Targets.named("b/two"));
        holdfast.time.advance(Duration.ofSeconds(1));
        stages.get(0).complete("fast");
        holdfast.time.advance(Duration.ofSeconds(50));
        stages.get(1).complete("slow");
        call(Targets.named("a/one"));
        call(Targets.named("a/one"));
        call(Targets.named("b/two"));

        call(Targets.tiers(Tier.named("a/one", "b/two")));

        assertThat(holdfast.route()).endsWith("b/two").hasSize(6);
        assertThat(holdfast.events(CallEvent.AdmissionQueued.class)).isEmpty();
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void fullTargetThatIsATierOfItsOwnIsQueuedForFirst() {
        holdfast = slots(1);
        call(Targets.named("a/one"));

        call(Targets.tiers(Tier.named("a/one"), Tier.named("b/two", "c/three")));

        assertThat(holdfast.route()).containsExactly("a/one");
        assertThat(holdfast.events(CallEvent.AdmissionQueued.class)).hasSize(1);
        holdfast.time.advance(Duration.ofSeconds(1));
        assertThat(holdfast.route()).as("after a while a free one is taken").hasSize(2);
        completeAll();
        holdfast.assertAllReturned();
    }

    @Test
    void infoShowsSlotsQueueLatencyAndFailures() {
        holdfast = slots(1);
        call(A);
        call(A);
        holdfast.call(Targets.named("b/two"), CallOptions.none().withMaxAttempts(1), fault(Category.OVERLOADED));

        var a = holdfast.engine.info(Target.of("a/one"));
        var b = holdfast.engine.info(Target.of("b/two"));

        assertThat(a.admission().limit()).isEqualTo(1);
        assertThat(a.admission().queued()).isEqualTo(1);
        assertThat(a.inFlight()).isEqualTo(1);
        assertThat(b.failures()).containsExactlyEntriesOf(java.util.Map.of(Category.OVERLOADED, 1L));
        assertThat(b.attempts()).isEqualTo(1);
        assertThat(b.total().p50()).isNull();
        completeAll();
        holdfast.assertAllReturned();
    }
}

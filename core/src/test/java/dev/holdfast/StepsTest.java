// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.error;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallRejectedException.Obstacle;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.AdmissionConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a call goes first and where after a failure, when targets are full, paused or rejecting; no clock is at zero. */
class StepsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Targets A = Targets.named("a/one");
    private static final Targets B = Targets.named("b/two");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Targets ABC = Targets.named("a/one", "b/two", "c/three");
    private static final Target ONE = ABC.order().get(0);

    private final List<CompletableFuture<Object>> stages = new ArrayList<>();
    private VirtualHoldfast holdfast = engine(limits -> limits);

    private static VirtualHoldfast engine(UnaryOperator<LimitConfig> change) {
        VirtualHoldfast made = new VirtualHoldfast(
                config -> config.withBackoff(Backoff.fixed(SECOND)).withLimits(change.apply(config.limits())));
        made.time.advance(SECOND.multipliedBy(100));
        return made;
    }

    private static LimitConfig oneSlot(LimitConfig limits) {
        return limits.withConcurrency(limits.concurrency().withFixed(1));
    }

    /** One request a second, and three at once. */
    private static LimitConfig oneSlotNoQueueAndAPace(LimitConfig limits) {
        return oneSlot(limits)
                .withAdmission(new AdmissionConfig(0))
                .withPacing(new PacerConfig(60, 0, SECOND.multipliedBy(3), true));
    }

    @AfterEach
    void everythingIsBack() {
        holdfast.assertAllReturned();
    }

    private CompletableFuture<Object> call(Targets targets) {
        return call(targets, CallOptions.none());
    }

    private CompletableFuture<Object> call(Targets targets, CallOptions options) {
        return holdfast.callWith(targets, options, attempt -> {
            stages.add(new CompletableFuture<>());
            return stages.get(stages.size() - 1);
        });
    }

    private void fail(int stage, Category category) {
        stages.get(stage).completeExceptionally(fault(category));
    }

    private void complete(int stage) {
        stages.get(stage).complete("hello");
    }

    private void pause(Targets targets, Duration length) {
        long nowNanos = holdfast.time.nanos();
        holdfast.state(targets).domain().pause(nowNanos + length.toNanos(), nowNanos);
    }

    @Test
    void pauseOfUpToWaitHereIsWaitedForAndALongerOneIsNot() {
        pause(A, SECOND);
        call(AB);
        assertThat(stages).isEmpty();
        holdfast.time.advance(SECOND);
        assertThat(holdfast.route()).containsExactly("a/one");
        complete(0);

        pause(A, SECOND.plusNanos(1));
        call(AB);
        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        complete(1);
    }

    @Test
    void endOfAPauseIsNotWaitedForWhereTheCircuitRejectsAnyway() {
        pause(A, SECOND.dividedBy(2));
        holdfast.engine.forceOpen(ONE);

        call(AB);

        assertThat(holdfast.route()).containsExactly("b/two");
        complete(0);
    }

    @Test
    void targetThatIsPassedOverBecauseItIsFullKeepsItsPace() {
        holdfast = engine(StepsTest::oneSlotNoQueueAndAPace);
        call(A);

        call(AB);

        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        complete(0);
        complete(1);
        for (int i = 2; i < 4; i++) {
            call(A);
            assertThat(stages).as("of three at once two are left").hasSize(i + 1);
            complete(i);
        }
    }

    @Test
    void callThatFindsNoRoomAnywhereIsRejectedAndTakesNoPace() {
        holdfast = engine(StepsTest::oneSlotNoQueueAndAPace);
        call(A);

        CallRejectedException rejected = (CallRejectedException) error(call(A));

        assertThat(rejected.obstacle()).isEqualTo(Obstacle.QUEUE);
        assertThat(rejected.category()).isEqualTo(Category.OVERLOADED);
        assertThat(rejected.retryAfter()).isNull();
        complete(0);
        for (int i = 1; i < 3; i++) {
            call(A);
            assertThat(stages).as("of three at once two are left").hasSize(i + 1);
            complete(i);
        }
    }

    @Test
    void failoverPrefersATargetThatHasAFreeSlot() {
        holdfast = engine(StepsTest::oneSlot);
        call(B);
        call(ABC);

        fail(1, Category.SERVER_ERROR);

        assertThat(holdfast.route()).containsExactly("b/two", "a/one", "c/three");
        complete(0);
        complete(2);
    }

    @Test
    void failoverQueuesWhereEveryOtherTargetIsFull() {
        holdfast = engine(StepsTest::oneSlot);
        call(B);
        call(AB);
        fail(1, Category.SERVER_ERROR);
        assertThat(stages).hasSize(2);

        complete(0);

        assertThat(holdfast.route()).containsExactly("b/two", "a/one", "b/two");
        assertThat(holdfast.started.get(2).number()).isEqualTo(2);
        complete(2);
    }

    @Test
    void failedCallTellsWhenItsTargetIsBack() {
        CompletableFuture<Object> call = call(A, CallOptions.none().withMaxAttempts(1));
        fail(0, Category.SERVER_ERROR);

        assertThat(callError(call).retryAfter()).isEqualTo(SECOND);
    }

    @Test
    void statedWaitIsWhatAFailedCallTells() {
        CompletableFuture<Object> call = call(A, CallOptions.none().withMaxAttempts(1));
        stages.get(0).completeExceptionally(fault(Category.OVERLOADED, SECOND.multipliedBy(7)));

        assertThat(callError(call).retryAfter()).isEqualTo(SECOND.multipliedBy(7));
    }

    @Test
    void failedCallTellsOfNoWaitWhereAnotherTargetIsFree() {
        CompletableFuture<Object> call = call(AB, CallOptions.none().withMaxAttempts(1));
        fail(0, Category.SERVER_ERROR);

        assertThat(callError(call).retryAfter()).isNull();
    }

    @Test
    void targetThatIsPointlessForACallIsNoPlaceToComeBackTo() {
        CompletableFuture<Object> call = call(AB, CallOptions.none().withMaxAttempts(2));
        fail(0, Category.NOT_FOUND);
        holdfast.time.advance(SECOND);
        fail(1, Category.SERVER_ERROR);

        assertThat(callError(call).retryAfter()).as("of the second").isEqualTo(SECOND);
    }

    @Test
    void callThatOpenedTheCircuitTellsWhenItHalfOpens() {
        CompletableFuture<Object> last = null;
        for (int i = 0; i < 5; i++) {
            last = call(A, CallOptions.none().withMaxAttempts(1));
            fail(i, Category.SERVER_ERROR);
        }

        assertThat(callError(last).retryAfter()).isEqualTo(SECOND.multipliedBy(2));
    }

    @Test
    void closedEngineStaysClosedWhoeverListens() {
        Runnable remove = holdfast.engine.addListener(event -> {});
        holdfast.engine.drain();
        holdfast.events.clear();

        remove.run();
        CompletableFuture<Object> call = call(A);

        assertThat(error(call)).hasMessage("this Holdfast is closed");
        assertThat(holdfast.events).as("told to those who still listen").hasSize(3);
    }

    @Test
    void engineWithoutListenersIsClosedToo() {
        Holdfast silent = Holdfast.builder()
                .time(holdfast.time, holdfast.time)
                .executor(holdfast.time)
                .build();
        silent.drain();

        CompletableFuture<String> call = silent.call(A, attempt -> CompletableFuture.completedFuture("unused"));

        assertThat(error(call)).hasMessage("this Holdfast is closed");
    }
}

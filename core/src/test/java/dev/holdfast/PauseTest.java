// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PauseTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final CallOptions ONCE = CallOptions.none().withMaxAttempts(1);

    private final VirtualHoldfast holdfast = new VirtualHoldfast(VirtualHoldfast::withoutRamp);

    @Test
    void pauseLongerThanWaitHereIsPassedOver() {
        pause(Duration.ofSeconds(30));

        assertThat(holdfast.call(AB, "hello")).isCompletedWithValue("hello");

        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        holdfast.assertAllReturned();
    }

    @Test
    void shortPauseIsWaitedForAlthoughAnotherTargetIsFree() {
        pause(Duration.ofMillis(800));

        CompletableFuture<Object> call = holdfast.call(AB, "hello");
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.route()).containsExactly("a/one", "a/one");
        assertThat(holdfast.started.get(1).at()).isEqualTo(Duration.ofMillis(800));
        holdfast.assertAllReturned();
    }

    @Test
    void longPauseIsWaitedForWhenNothingElseIsLeft() {
        pause(Duration.ofSeconds(30));

        CompletableFuture<Object> call = holdfast.call(A, "hello");
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.started.get(1).at()).isEqualTo(Duration.ofSeconds(30));
        assertThat(holdfast.events(CallEvent.PauseAwaited.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void pauseBeyondMaxWaitRejectsAtOnceWithItsEnd() {
        pause(Duration.ofMinutes(6));

        CallException rejected = callError(holdfast.call(A, "unused"));

        assertThat(rejected.category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(rejected.retryAfter()).isEqualTo(Duration.ofMinutes(6));
        assertThat(rejected).hasMessage("a/one is paused at its provider's request; come back in 6 min");
        holdfast.assertAllReturned();
    }

    @Test
    void shorterHintDoesNotShortenAPause() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        holdfast.call(A, ONCE, slow);
        pause(Duration.ofSeconds(30));

        slow.completeExceptionally(fault(Category.RATE_LIMIT, Duration.ofSeconds(2)));

        assertThat(holdfast.engine.info(A.order().get(0)).pausedFor()).isEqualTo(Duration.ofSeconds(30));
        holdfast.assertAllReturned();
    }

    @Test
    void hintOfZeroPausesNothingAndTellsNothing() {
        holdfast.call(A, ONCE, fault(Category.RATE_LIMIT, Duration.ZERO));
        holdfast.time.advance(Duration.ofMillis(1));

        assertThat(holdfast.call(A, "hello")).isCompletedWithValue("hello");

        assertThat(holdfast.events(TargetEvent.class)).isEmpty();
        holdfast.assertAllReturned();
    }

    @Test
    void manyCallsToldOfOneLimitTellOfOnePause() {
        CompletableFuture<?>[] slow = new CompletableFuture<?>[100];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = new CompletableFuture<>();
            holdfast.call(A, ONCE, slow[i]);
        }

        for (CompletableFuture<?> one : slow) {
            one.completeExceptionally(fault(Category.RATE_LIMIT, Duration.ofSeconds(20)));
            holdfast.time.advance(Duration.ofMillis(5));
        }

        assertThat(holdfast.events(TargetEvent.DomainPaused.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void pauseReachesTargetsOfTheSameQuotaDomainOnly() {
        Target one = Target.builder("a/one").quota("team").build();
        Target two = Target.builder("a/two").quota("team").build();
        holdfast.call(Targets.of(one), ONCE, fault(Category.RATE_LIMIT, Duration.ofSeconds(30)));

        holdfast.call(Targets.of(two, Target.of("a/three")), "hello");

        assertThat(holdfast.route()).containsExactly("a/one", "a/three");
        holdfast.assertAllReturned();
    }

    @Test
    void limitOfOnePassedThroughCallerPausesNobodyElse() {
        Targets through = Targets.of(Target.builder("a/one").passThrough(true).build());
        holdfast.call(through, ONCE, fault(Category.RATE_LIMIT, Duration.ofSeconds(30)));

        assertThat(holdfast.call(through, "hello")).isCompletedWithValue("hello");

        holdfast.assertAllReturned();
    }

    @Test
    void pauseThatBeginsDuringABackoffIsHonouredWithoutCostingAnAttempt() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        holdfast.call(A, ONCE, slow);
        CompletableFuture<Object> call =
                holdfast.call(A, CallOptions.none().withMaxAttempts(2), fault(Category.SERVER_ERROR), "hello");

        slow.completeExceptionally(fault(Category.RATE_LIMIT, Duration.ofSeconds(20)));
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.started.get(2).at()).isEqualTo(Duration.ofSeconds(20));
        holdfast.assertAllReturned();
    }

    @Test
    void resetEndsThePause() {
        pause(Duration.ofSeconds(30));
        CompletableFuture<Object> call = holdfast.call(A, "hello");

        holdfast.engine.reset(A.order().get(0));
        holdfast.time.advance(Duration.ZERO);

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.events(TargetEvent.DomainResumed.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    private void pause(Duration hint) {
        holdfast.call(A, ONCE, fault(Category.RATE_LIMIT, hint));
    }
}

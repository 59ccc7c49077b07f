// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.StopReason;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final Targets A = Targets.named("a/one");

    private final VirtualHoldfast holdfast =
            new VirtualHoldfast(c -> c.withBudget(BudgetConfig.defaults().withRefillPerSecond(0)));

    @Test
    void retryCostsFourteenAndFiveWhereTheTargetIsThrottledOrOverloaded() {
        holdfast.call(A, fault(Category.SERVER_ERROR), new CompletableFuture<>());
        assertThat(holdfast.tokens(A)).isEqualTo(486);
        holdfast.call(A, fault(Category.OVERLOADED), new CompletableFuture<>());
        assertThat(holdfast.tokens(A)).isEqualTo(481);
        CompletableFuture<Object> last = holdfast.call(A, fault(Category.RATE_LIMIT), new CompletableFuture<>());
        assertThat(holdfast.tokens(A)).isEqualTo(476);

        last.cancel(true);

        assertThat(holdfast.tokens(A)).isEqualTo(481);
    }

    @Test
    void successReturnsOneAndThatOfARetryWhatItCostAndAThird() {
        holdfast.call(A, fault(Category.SERVER_ERROR), fault(Category.SERVER_ERROR), fault(Category.SERVER_ERROR));
        holdfast.time.advance(Duration.ofMinutes(1));
        assertThat(holdfast.tokens(A)).isEqualTo(472);

        holdfast.call(A, "hello");
        assertThat(holdfast.tokens(A)).isEqualTo(473);
        holdfast.call(A, fault(Category.SERVER_ERROR), "hello");
        holdfast.time.advance(Duration.ofMinutes(1));

        assertThat(holdfast.tokens(A)).isEqualTo(477);
        holdfast.assertAllReturned();
    }

    @Test
    void emptyBudgetStopsTheRetryAndSaysSo() {
        VirtualHoldfast small = new VirtualHoldfast(
                c -> c.withBudget(BudgetConfig.defaults().withCapacity(14).withRefillPerSecond(0)));
        small.call(A, fault(Category.SERVER_ERROR), new CompletableFuture<>());

        CompletableFuture<Object> call = small.call(A, fault(Category.SERVER_ERROR), "unused");

        assertThat(callError(call)).hasMessageContaining("stopped: budget_empty");
        assertThat(small.events(TargetEvent.BudgetExhausted.class)).hasSize(1);
        assertThat(small.events(CallEvent.RetriesExhausted.class).get(0).reason())
                .isEqualTo(StopReason.BUDGET_EMPTY);
    }

    @Test
    void lostRequestWithSideEffectsIsNotRepeated() {
        CallOptions once = CallOptions.none().withSideEffects(true);

        CompletableFuture<Object> lost = holdfast.call(A, once, fault(Category.NETWORK), "unused");
        CompletableFuture<Object> refused = holdfast.call(A, once, fault(Category.SERVER_ERROR), "hello");
        holdfast.run();

        assertThat(callError(lost)).hasMessageContaining("stopped: side_effects");
        assertThat(callError(lost).report().attempts().get(0).maybeBilled()).isTrue();
        assertThat(refused).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void hintBeyondTheLongestWaitStopsAtOnceAndReachesTheCaller() {
        CompletableFuture<Object> call =
                holdfast.call(A, fault(Category.SERVER_ERROR, Duration.ofSeconds(301)), "unused");

        assertThat(callError(call)).hasMessageContaining("stopped: wait_too_long");
        assertThat(callError(call).retryAfter()).isEqualTo(Duration.ofSeconds(301));
        holdfast.assertAllReturned();
    }

    @Test
    void hintOfExactlyTheLongestWaitIsWaitedFor() {
        for (int seed = 0; seed < 20; seed++) {
            VirtualHoldfast own = new VirtualHoldfast(seed, c -> c);
            CompletableFuture<Object> call = own.call(A, fault(Category.SERVER_ERROR, Duration.ofMinutes(5)), "hello");
            own.run();

            assertThat(call).isCompletedWithValue("hello");
            own.assertAllReturned();
        }
    }

    @Test
    void unknownFailureGetsOneRetry() {
        CompletableFuture<Object> call = holdfast.call(A, fault(Category.UNKNOWN), fault(Category.UNKNOWN), "unused");
        holdfast.run();

        assertThat(callError(call).category()).isEqualTo(Category.UNKNOWN);
        assertThat(holdfast.started).hasSize(2);
        holdfast.assertAllReturned();
    }

    @Test
    void circuitForcedClosedLetsEverythingThrough() {
        VirtualHoldfast own = new VirtualHoldfast(c -> c.withMaxAttempts(1));
        own.engine.forceClosed(A.order().get(0));
        for (int i = 0; i < 50; i++) {
            own.call(A, fault(Category.SERVER_ERROR));
        }

        assertThat(own.call(A, "hello")).isCompletedWithValue("hello");
        assertThat(own.engine.info(A.order().get(0)).circuit().forced()).isTrue();
        own.assertAllReturned();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallRejectedException.Obstacle;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A credential that cannot work is a condition beside the circuit. */
class CredentialBlockTest {
    private static final Target ONE = key("a/one", "key1");
    private static final Target TWO = key("a/two", "key1");
    private static final Target OTHER = key("a/one", "key2");

    private final VirtualHoldfast holdfast = new VirtualHoldfast();

    @Test
    void badKeyBlocksEveryTargetOfThatKeyAndNoOther() {
        callError(holdfast.call(Targets.of(ONE), fault(Category.AUTH)));

        CallRejectedException same = (CallRejectedException) callError(holdfast.call(Targets.of(TWO), "unused"));
        CompletableFuture<Object> other = holdfast.call(Targets.of(OTHER), "hello");

        assertThat(same.obstacle()).isEqualTo(Obstacle.BLOCK);
        assertThat(same.category()).isEqualTo(Category.AUTH);
        assertThat(same).hasMessage("the credential of a/two is blocked (made up auth); come back in 1 min");
        assertThat(other).isCompletedWithValue("hello");
        assertThat(holdfast.state(Targets.of(ONE)).circuit().info(0).failures()).isZero();
        assertThat(holdfast.events(TargetEvent.TargetBlocked.class)).hasSize(2 - 1);
        holdfast.assertAllReturned();
    }

    @Test
    void passedThroughKeyBlocksNothing() {
        Targets through = Targets.of(Target.builder("a/one").passThrough(true).build());
        for (int i = 0; i < 20; i++) {
            assertThat(callError(holdfast.call(through, fault(Category.AUTH))).category())
                    .isEqualTo(Category.AUTH);
        }

        assertThat(holdfast.call(through, "hello")).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void permissionAndNotFoundBlockNothing() {
        holdfast.call(Targets.of(ONE), fault(Category.PERMISSION));
        holdfast.call(Targets.of(ONE), fault(Category.NOT_FOUND));
        holdfast.call(Targets.of(ONE), fault(Category.REQUEST_TOO_LARGE));

        assertThat(holdfast.call(Targets.of(ONE), "hello")).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void blockEndsAtTheStatedTimeForEverybody() {
        holdfast.call(Targets.of(ONE), fault(Category.QUOTA_EXHAUSTED, Duration.ofHours(2)));
        holdfast.time.advance(Duration.ofHours(2).minusNanos(1));
        assertThat(callError(holdfast.call(Targets.of(ONE), "unused")).retryAfter())
                .isEqualTo(Duration.ofNanos(1));

        holdfast.time.advance(Duration.ofNanos(1));
        CompletableFuture<Object> slow = holdfast.call(Targets.of(ONE), new CompletableFuture<>());

        assertThat(holdfast.call(Targets.of(TWO), "hello")).isCompletedWithValue("hello");
        slow.cancel(true);
        holdfast.assertAllReturned();
    }

    @Test
    void oneLiveCallTriesAfterAMinuteThenTwoThenFourThenFive() {
        holdfast.call(Targets.of(ONE), fault(Category.AUTH));
        List<Duration> trials = new ArrayList<>();

        for (int second = 0; second < 60 * 20; second++) {
            holdfast.time.advance(Duration.ofSeconds(1));
            int before = holdfast.started.size();
            holdfast.call(Targets.of(ONE), fault(Category.AUTH));
            if (holdfast.started.size() > before) {
                trials.add(holdfast.started.get(before).at());
            }
        }

        assertThat(trials)
                .containsExactly(
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(7),
                        Duration.ofMinutes(12),
                        Duration.ofMinutes(17));
        holdfast.assertAllReturned();
    }

    @Test
    void onlyOneCallTriesAtATimeAndItsPlaceComesBackOnEveryPath() {
        holdfast.call(Targets.of(ONE), fault(Category.AUTH));
        holdfast.time.advance(Duration.ofMinutes(1));

        CompletableFuture<Object> cancelled = holdfast.call(Targets.of(ONE), new CompletableFuture<>());
        assertThat(callError(holdfast.call(Targets.of(TWO), "unused")).category())
                .isEqualTo(Category.AUTH);
        cancelled.cancel(true);
        CompletableFuture<Object> failed =
                holdfast.call(Targets.of(ONE), CallOptions.none().withMaxAttempts(1), fault(Category.SERVER_ERROR));
        CompletableFuture<Object> rejectedByCircuit = rejectedByCircuit();
        CompletableFuture<Object> good = holdfast.call(Targets.of(ONE), "hello");

        assertThat(callError(failed).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(callError(rejectedByCircuit)).hasMessageContaining("held open by hand");
        assertThat(good).isCompletedWithValue("hello");
        assertThat(holdfast.call(Targets.of(TWO), "hello")).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    private CompletableFuture<Object> rejectedByCircuit() {
        holdfast.engine.forceOpen(TWO);
        CompletableFuture<Object> call = holdfast.call(Targets.of(TWO), "unused");
        holdfast.engine.reset(TWO);
        holdfast.call(Targets.of(ONE), fault(Category.AUTH));
        holdfast.time.advance(Duration.ofMinutes(1));
        return call;
    }

    @Test
    void blockedCallsGoToTheNextTarget() {
        holdfast.call(Targets.of(ONE), fault(Category.AUTH));

        assertThat(holdfast.call(Targets.of(ONE, OTHER), "hello")).isCompletedWithValue("hello");

        assertThat(holdfast.started.get(1).target()).isEqualTo(OTHER);
        holdfast.assertAllReturned();
    }

    @Test
    void resetForgetsTheBlock() {
        holdfast.call(Targets.of(ONE), fault(Category.AUTH));

        holdfast.engine.reset(TWO);

        assertThat(holdfast.call(Targets.of(ONE), "hello")).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    private static Target key(String name, String credential) {
        return Target.builder(name).credential(credential).build();
    }
}

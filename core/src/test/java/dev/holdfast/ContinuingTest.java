// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.EventListener;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An engine that goes on where another stops, while calls of both run. */
class ContinuingTest {
    private static final Target ONE = Target.builder("a/one").credential("key").build();
    private static final Targets A = Targets.of(ONE);

    private final VirtualHoldfast old = new VirtualHoldfast(VirtualHoldfast::withoutRamp);
    private final List<HoldfastEvent> told = new ArrayList<>();

    private Holdfast next(ResilienceConfig config) {
        EventListener listener = told::add;
        return Holdfast.builder()
                .config(config)
                .time(old.time, old.time)
                .executor(old.time)
                .random(old.time)
                .listener(listener)
                .closeTimeout(Duration.ZERO)
                .continuing(old.engine)
                .build();
    }

    private ResilienceConfig retriedMore() {
        return old.engine.config().withMaxAttempts(7);
    }

    private ResilienceConfig otherCircuit() {
        return old.engine.config().withCircuit(CircuitConfig.defaults().withFailureThreshold(9));
    }

    private CompletableFuture<String> call(Holdfast engine, CompletableFuture<String> answer) {
        return engine.call(A, attempt -> answer);
    }

    @Test
    void anOpenCircuitStaysOpenWhereTheCircuitsAreTheSame() {
        old.engine.forceOpen(ONE);

        Holdfast same = next(retriedMore());
        CallException rejected = callError(call(same, new CompletableFuture<>()));
        Holdfast other = next(otherCircuit());

        assertThat(rejected).isInstanceOf(CallRejectedException.class);
        assertThat(call(other, CompletableFuture.completedFuture("hello"))).isCompletedWithValue("hello");
    }

    @Test
    void blocksStayWhateverChanges() {
        callError(old.call(A, fault(Category.AUTH)));

        Holdfast other = next(otherCircuit());

        CallException rejected = callError(call(other, new CompletableFuture<>()));
        assertThat(rejected.category()).isEqualTo(Category.AUTH);
        other.reset(ONE);
        assertThat(old.call(A, "free for both")).isCompletedWithValue("free for both");
    }

    @Test
    void pausesStayWhateverChanges() {
        callError(
                old.call(A, CallOptions.none().withMaxAttempts(1), fault(Category.RATE_LIMIT, Duration.ofMinutes(20))));
        PacerConfig slower = PacerConfig.defaults().withRequestsPerMinute(60_000);
        LimitConfig limits = old.engine.config().limits().withPacing(slower);

        for (ResilienceConfig config :
                List.of(otherCircuit(), old.engine.config().withLimits(limits))) {
            CallException rejected = callError(call(next(config), new CompletableFuture<>()));

            assertThat(rejected).isInstanceOfSatisfying(CallRejectedException.class, e -> assertThat(e.obstacle())
                    .isEqualTo(CallRejectedException.Obstacle.PAUSE));
        }
    }

    @Test
    void theNewEngineHearsOfSharedTargetsWhoeverCallsThem() {
        Holdfast same = next(retriedMore());
        old.events.clear();

        old.engine.forceOpen(ONE);
        call(same, CompletableFuture.completedFuture("unused")).exceptionally(error -> "");
        old.run();

        assertThat(told).anyMatch(TargetEvent.class::isInstance);
        assertThat(old.events).noneMatch(TargetEvent.class::isInstance);
        assertThat(same.info(ONE)).isNotNull();
    }

    @Test
    void theOldEngineIsDrainedWhenItsOwnCallsHaveEndedWhateverTheNewOneDoes() {
        CompletableFuture<String> early = new CompletableFuture<>();
        CompletableFuture<String> late = new CompletableFuture<>();
        CompletableFuture<String> before = call(old.engine, early);
        Holdfast same = next(retriedMore());
        CompletableFuture<String> after = call(same, late);

        CompletableFuture<Void> drained = old.engine.drain();

        assertThat(drained).isNotDone();
        early.complete("early");
        assertThat(before).isCompletedWithValue("early");
        assertThat(drained).isCompleted();
        assertThat(after).isNotDone();
        late.complete("late");
        assertThat(after).isCompletedWithValue("late");
        old.run();
        Conservation.assertAllReturned(same);
    }

    @Test
    void closingTheOldEngineEndsNoCallOfTheNewOne() {
        Holdfast same =
                next(retriedMore().withBackoff(old.engine.config().retry().backoff()));
        CompletableFuture<String> running = call(same, new CompletableFuture<>());
        CompletableFuture<String> waiting =
                same.call(A, attempt -> CompletableFuture.failedFuture(fault(Category.SERVER_ERROR)));
        old.engine.drain();

        old.engine.shutdown.endAll();

        assertThat(running).isNotDone();
        assertThat(waiting).isNotDone();
        running.cancel(true);
        waiting.cancel(true);
        old.run();
        Conservation.assertAllReturned(same);
    }

    @Test
    void aTrialOfABlockedCredentialCountsForBoth() {
        callError(old.call(A, fault(Category.AUTH)));
        Holdfast other = next(otherCircuit());
        old.time.advance(Duration.ofSeconds(61));

        assertThat(call(other, CompletableFuture.completedFuture("works"))).isCompletedWithValue("works");

        assertThat(old.call(A, "again")).isCompletedWithValue("again");
        assertThat(old.engine.info(ONE).circuit().state()).isEqualTo(CircuitState.CLOSED);
    }
}

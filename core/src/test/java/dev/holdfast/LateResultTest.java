// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls often outlast a break, so results that come too late are the normal case. */
class LateResultTest {
    private static final Targets A = Targets.named("a/one");

    private final VirtualHoldfast holdfast =
            new VirtualHoldfast(c -> VirtualHoldfast.withoutRamp(c).withMaxAttempts(1));

    @Test
    void lateResultCannotCloseTheCircuit() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        CompletableFuture<Object> early = holdfast.call(A, slow);
        openTheCircuit();

        slow.complete("late");

        assertThat(early).isCompletedWithValue("late");
        assertThat(circuit().state()).isEqualTo(CircuitState.OPEN);
        holdfast.assertAllReturned();
    }

    @Test
    void lateFailureCannotLengthenTheBreak() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        holdfast.call(A, slow);
        openTheCircuit();
        holdfast.time.advance(Duration.ofMillis(1_500));

        slow.completeExceptionally(fault(Category.SERVER_ERROR));

        assertThat(circuit().retryIn()).isEqualTo(Duration.ofMillis(500));
        assertThat(circuit().generation()).isEqualTo(1);
        holdfast.assertAllReturned();
    }

    @Test
    void lateFailuresCannotOpenACircuitThatHasClosedAgain() {
        List<CompletableFuture<Object>> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Object> one = new CompletableFuture<>();
            slow.add(one);
            holdfast.call(A, one);
        }
        openTheCircuit();
        holdfast.time.advance(Duration.ofSeconds(60));
        holdfast.call(A, "back");

        slow.forEach(one -> one.completeExceptionally(fault(Category.SERVER_ERROR)));

        assertThat(circuit().state()).isEqualTo(CircuitState.CLOSED);
        assertThat(circuit().failures()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void lateResultCannotCompleteACallThatHasTimedOut() {
        CompletableFuture<Object> deaf = new CompletableFuture<>();
        CompletableFuture<Object> call = holdfast.engine.call(
                A,
                CallOptions.none().withTimeouts(TimeoutConfig.defaults().withAttempt(Duration.ofSeconds(1))),
                attempt -> new Deaf<>(deaf));
        holdfast.time.advance(Duration.ofSeconds(1));

        deaf.complete("late");

        assertThat(callError(call).category()).isEqualTo(Category.TIMEOUT);
        assertThat(circuit().failures()).isEqualTo(1);
        assertThat(circuit().attempts()).isEqualTo(1);
        assertThat(holdfast.events(CallEvent.CallEnded.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void lostPermitsDoNotLockAHalfOpenCircuit() {
        openTheCircuit();
        holdfast.time.advance(Duration.ofSeconds(60));
        TimeoutConfig short10 = TimeoutConfig.defaults().withAttempt(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            // Nobody gives these back: what is lost here is a bug elsewhere, and must not lock the target out.
            assertThat(holdfast.state(A).circuit().tryAcquire(holdfast.time.nanos(), 11_000_000_000L))
                    .isNotNull();
        }

        CallException rejected = callError(holdfast.call(A, CallOptions.none().withTimeouts(short10), "unused"));
        holdfast.time.advance(Duration.ofSeconds(11));
        CompletableFuture<Object> probe = holdfast.call(A, "back");

        assertThat(rejected.retryAfter()).isEqualTo(Duration.ofSeconds(11));
        assertThat(probe).isCompletedWithValue("back");
        assertThat(circuit().state()).isEqualTo(CircuitState.CLOSED);
        holdfast.assertAllReturned();
    }

    @Test
    void rejectionOfAnOpenCircuitWhoseProbePlacesAreStillHeldTellsWhenOneIsFree() {
        openTheCircuit();
        holdfast.time.advance(Duration.ofSeconds(60));
        List<CompletableFuture<Object>> probes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Object> probe = new CompletableFuture<>();
            probes.add(probe);
            holdfast.call(A, probe);
        }
        holdfast.state(A).circuit().forceOpen(holdfast.time.nanos());
        holdfast.state(A).circuit().reset(holdfast.time.nanos());
        openTheCircuit();
        holdfast.time.advance(Duration.ofSeconds(60));

        CallException rejected = callError(holdfast.call(A, "unused"));

        assertThat(rejected.retryAfter()).isEqualTo(Duration.ofSeconds(600 + 1 - 60));
        probes.forEach(probe -> probe.complete("late"));
        holdfast.assertAllReturned();
    }

    private void openTheCircuit() {
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, fault(Category.SERVER_ERROR));
        }
        assertThat(circuit().state()).isEqualTo(CircuitState.OPEN);
    }

    private CircuitInfo circuit() {
        return holdfast.state(A).circuit().info(holdfast.time.nanos());
    }

    /** A stage that cannot be cancelled. */
    private static final class Deaf<T> extends CompletableFuture<T> {
        Deaf(CompletableFuture<T> source) {
            source.whenComplete((value, error) -> complete(value));
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return false;
        }
    }

    @Test
    void aHandleThatIsAskedForTooLateArmsNothing() {
        List<Attempt> attempts = new ArrayList<>();
        CompletableFuture<Object> call = holdfast.callWith(A, CallOptions.none(), attempt -> {
            attempts.add(attempt);
            return CompletableFuture.completedFuture("done");
        });

        OngoingAttempt late = attempts.get(0).goesOn();
        late.bytesArrived();

        assertThat(call).isCompletedWithValue("done");
        assertThat(late.isOver()).isTrue();
        holdfast.assertAllReturned();
    }
}

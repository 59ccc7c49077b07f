// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");

    @Test
    void successAtOnceNeedsOneAttempt() {
        VirtualHoldfast holdfast = new VirtualHoldfast();

        CompletableFuture<Object> call = holdfast.call(A, "hello");

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.started).hasSize(1);
        assertThat(holdfast.events(CallEvent.CallStarted.class)).hasSize(1);
        assertThat(holdfast.events(CallEvent.CallEnded.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void transientFailureIsRetriedAfterBackoff() {
        VirtualHoldfast holdfast = new VirtualHoldfast(
                c -> c.withBackoff(Backoff.exponential(Duration.ofSeconds(1), 2, Duration.ofMinutes(1))
                        .withJitter(dev.holdfast.retry.Jitter.NONE)));

        CompletableFuture<Object> call =
                holdfast.call(A, fault(Category.SERVER_ERROR), fault(Category.SERVER_ERROR), "hello");
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.started)
                .extracting(VirtualHoldfast.Started::at)
                .containsExactly(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3));
        holdfast.assertAllReturned();
    }

    @Test
    void hintIsNeverShortened() {
        VirtualHoldfast holdfast = new VirtualHoldfast();

        CompletableFuture<Object> call = holdfast.call(A, fault(Category.RATE_LIMIT, Duration.ofSeconds(20)), "hello");
        holdfast.run();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.started.get(1).at()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
        holdfast.assertAllReturned();
    }

    @Test
    void hopelessFailureStopsAtOnce() {
        VirtualHoldfast holdfast = new VirtualHoldfast();

        CompletableFuture<Object> call = holdfast.call(AB, fault(Category.INVALID_REQUEST));

        assertThat(callError(call).category()).isEqualTo(Category.INVALID_REQUEST);
        assertThat(callError(call).scope()).isEqualTo(RetryScope.NEVER);
        assertThat(holdfast.started).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void failureGoesToTheNextTargetAtOnce() {
        VirtualHoldfast holdfast = new VirtualHoldfast();

        CompletableFuture<Object> call = holdfast.call(AB, fault(Category.SERVER_ERROR), "hello");

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.started).extracting(s -> s.target().name()).containsExactly("a/one", "b/two");
        assertThat(holdfast.events(CallEvent.FailedOver.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void attemptThatNeverEndsIsTimedOut() {
        VirtualHoldfast holdfast = new VirtualHoldfast(
                c -> c.withMaxAttempts(1).withTimeouts(TimeoutConfig.defaults().withAttempt(Duration.ofSeconds(5))));
        CompletableFuture<Object> hanging = new CompletableFuture<>();

        CompletableFuture<Object> call = holdfast.call(A, hanging);
        holdfast.time.advance(Duration.ofSeconds(5));

        assertThat(callError(call).category()).isEqualTo(Category.TIMEOUT);
        holdfast.assertAllReturned();
    }

    @Test
    void cancellingGivesEverythingBackAndRecordsNothing() {
        VirtualHoldfast holdfast = new VirtualHoldfast();

        CompletableFuture<Object> call = holdfast.call(A, new CompletableFuture<>());
        call.cancel(true);

        holdfast.assertAllReturned();
        assertThat(holdfast.engine.targets().get(0).circuit().attempts()).isZero();
    }

    @Test
    void fiveFailuresInARowOpenTheCircuitAndAProbeClosesIt() {
        VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withMaxAttempts(1).withCircuit(CircuitConfig.defaults()));
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, fault(Category.SERVER_ERROR));
        }

        CallException rejected = callError(holdfast.call(A, "unused"));
        holdfast.time.advance(Duration.ofSeconds(2));
        CompletableFuture<Object> probe = holdfast.call(A, "back");

        assertThat(rejected).isInstanceOf(CallRejectedException.class);
        assertThat(rejected.retryAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(probe).isCompletedWithValue("back");
        assertThat(holdfast.engine.targets().get(0).circuit().state()).isEqualTo(CircuitState.CLOSED);
        holdfast.assertAllReturned();
    }

    @Test
    void reportHasTheAttemptsInTheOrderOfTheirEnds() {
        VirtualHoldfast holdfast = new VirtualHoldfast();

        CompletableFuture<Object> call =
                holdfast.call(A, fault(Category.SERVER_ERROR), fault(Category.TIMEOUT), fault(Category.NETWORK));
        holdfast.run();

        assertThat(callError(call).report().attempts())
                .extracting(AttemptReport::number)
                .containsExactly(1, 2, 3);
        holdfast.assertAllReturned();
    }

    @Test
    void callThatACircuitRejectsTellsTheLastFailureThereAndReportsNoAttempt() {
        VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withMaxAttempts(1));
        CompletableFuture<Object> call = holdfast.call(A, fault(Category.SERVER_ERROR));
        while (!(callError(call) instanceof CallRejectedException)) {
            call = holdfast.call(A, fault(Category.SERVER_ERROR));
        }

        assertThat(callError(call))
                .hasMessageStartingWith("the circuit of a/one rejects calls"
                        + " (last failure: server_error, made up server_error); come back in ");
        assertThat(callError(call).report().attempts()).isEmpty();
        assertThat(callError(call).report().callId()).isNotEmpty();
        holdfast.assertAllReturned();
    }

    @Test
    void blockingCallRetriesOnItsOwnThread() {
        ResilienceConfig config = ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(5)));
        Thread caller = Thread.currentThread();
        int[] runs = {0};
        try (RealHoldfast real = new RealHoldfast(builder -> builder.config(config))) {
            String answer = real.engine.blocking().call(A, attempt -> {
                assertThat(Thread.currentThread()).isSameAs(caller);
                if (runs[0]++ < 2) {
                    throw fault(Category.SERVER_ERROR);
                }
                return "hello";
            });

            assertThat(answer).isEqualTo("hello");
            assertThat(runs[0]).isEqualTo(3);
            real.awaitAllReturned();
        }
    }
}

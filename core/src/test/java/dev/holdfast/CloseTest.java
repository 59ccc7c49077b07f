// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.error;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CloseTest {
    private static final Targets A = Targets.named("a/one");

    private final VirtualHoldfast holdfast =
            new VirtualHoldfast(1, VirtualHoldfast::withoutRamp, builder -> builder.closeTimeout(Duration.ZERO));

    @Test
    void drainingEngineRejectsNewCallsAndLetsGoOnWhatRunsAndWaits() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        CompletableFuture<Object> running = holdfast.call(A, slow);
        CompletableFuture<Object> waiting = holdfast.call(A, fault(Category.SERVER_ERROR), "hello");

        CompletableFuture<Void> drained = holdfast.engine.drain();
        CallException rejected = callError(holdfast.call(A, "unused"));

        assertThat(rejected).isInstanceOf(CallRejectedException.class).hasMessage("this Holdfast is closed");
        assertThat(rejected.category()).isEqualTo(Category.CANCELLED);
        holdfast.time.advance(Duration.ofSeconds(5));
        assertThat(waiting).isCompletedWithValue("hello");
        assertThat(drained).isNotDone();
        slow.complete("late");
        assertThat(running).isCompletedWithValue("late");
        assertThat(drained).isCompleted();
        holdfast.assertAllReturned();
    }

    @Test
    void idleEngineIsDrainedAtOnce() {
        holdfast.call(A, "hello");

        assertThat(holdfast.engine.drain()).isCompleted();
        holdfast.assertAllReturned();
    }

    @Test
    void streamThatGoesOnAfterItsCommitKeepsTheEngineFromBeingDrained() {
        OngoingAttempt[] stream = new OngoingAttempt[1];
        holdfast.callWith(A, CallOptions.none(), attempt -> {
            stream[0] = attempt.goesOn();
            return CompletableFuture.completedFuture("first words");
        });

        CompletableFuture<Void> drained = holdfast.engine.drain();

        assertThat(drained).isNotDone();
        stream[0].end();
        assertThat(drained).isCompleted();
        holdfast.assertAllReturned();
    }

    @Test
    void closeEndsWhatIsLeftAfterItsTime() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        CompletableFuture<Object> running = holdfast.callWith(A, CallOptions.none(), attempt -> slow);
        CompletableFuture<Object> waiting = holdfast.call(A, fault(Category.SERVER_ERROR), "unused");
        OngoingAttempt[] stream = new OngoingAttempt[1];
        boolean[] told = {false};
        holdfast.callWith(A, CallOptions.none(), attempt -> {
            stream[0] = attempt.goesOn();
            attempt.onCancel(() -> told[0] = true);
            return CompletableFuture.completedFuture("first words");
        });

        holdfast.engine.close();

        assertThat(error(running)).isInstanceOf(CallRejectedException.class).hasMessage("this Holdfast is closed");
        assertThat(error(waiting)).isInstanceOf(CallRejectedException.class);
        assertThat(slow).isCancelled();
        assertThat(told[0]).isTrue();
        assertThat(stream[0].endedBy().category()).isEqualTo(Category.CANCELLED);
        assertThat(holdfast.engine.drain()).isCompleted();
        holdfast.assertAllReturned();
    }

    /** Real time and a real thread: the caller stands in code that only an interrupt ends. */
    @Test
    @Timeout(120)
    void closeInterruptsABlockingAttempt() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        try (RealHoldfast real = new RealHoldfast(builder -> builder.closeTimeout(Duration.ofMillis(10)))) {
            Thread caller = new Thread(() -> {
                try {
                    real.engine.blocking().call(A, attempt -> {
                        inside.countDown();
                        return new CountDownLatch(1).await(1, TimeUnit.HOURS);
                    });
                } catch (CallException e) {
                    seen.set(e);
                }
            });
            caller.start();
            inside.await();

            real.engine.close();
            caller.join();

            assertThat(seen.get()).isInstanceOf(CallRejectedException.class).hasMessage("this Holdfast is closed");
            real.awaitAllReturned();
        }
    }

    @Test
    void defaultEngineCannotBeClosed() {
        Holdfast shared = HoldfastRuntime.defaultHoldfast();

        shared.close();

        assertThat(shared.drain()).isCompleted();
        assertThat(shared.call(A, attempt -> CompletableFuture.completedFuture("hello")))
                .isCompletedWithValue("hello");
    }
}

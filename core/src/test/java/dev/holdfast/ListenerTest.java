// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code around the engine that misbehaves: listeners, and executors that take no more work. */
class ListenerTest {
    private static final Targets A = Targets.named("a/one");

    @Test
    @Timeout(120)
    void listenerThatBlocksForEverHoldsUpNoDeadlineNoRetryAndNoOtherListener() throws Exception {
        // Real time and the default executor: what is shown is that threads are left.
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(22);
        try (RealHoldfast real = new RealHoldfast(builder -> builder.config(VirtualHoldfast.withoutRamp(
                        ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(2)))))
                .listener(event -> await(never))
                .listener(event -> {
                    if (event instanceof CallEvent.CallEnded) {
                        ends.countDown();
                    }
                }))) {
            List<CompletableFuture<String>> hanging = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                hanging.add(real.engine.call(
                        A, CallOptions.deadline(Duration.ofMillis(30)), attempt -> new CompletableFuture<>()));
            }
            CompletableFuture<String> retried = real.engine.call(
                    Targets.named("b/two"),
                    attempt -> attempt.number() < 3
                            ? CompletableFuture.failedFuture(fault(Category.SERVER_ERROR))
                            : CompletableFuture.completedFuture("hello"));
            CompletableFuture<String> first =
                    real.engine.call(Targets.named("c/three"), attempt -> CompletableFuture.completedFuture("hello"));

            for (CompletableFuture<String> call : hanging) {
                assertThat(call)
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .withCauseInstanceOf(DeadlineExceededException.class);
            }
            assertThat(retried).succeedsWithin(Duration.ofSeconds(30));
            assertThat(first).isCompleted();
            assertThat(ends.await(30, TimeUnit.SECONDS)).isTrue();
            real.awaitAllReturned();
        } finally {
            never.countDown();
        }
    }

    @Test
    void listenerMayRemoveItselfAndTheOthersGoOn() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        List<HoldfastEvent> heard = new ArrayList<>();
        Runnable[] remove = new Runnable[1];
        remove[0] = holdfast.engine.addListener(event -> {
            heard.add(event);
            remove[0].run();
        });
        List<HoldfastEvent> after = new ArrayList<>();
        holdfast.engine.addListener(after::add);

        holdfast.call(A, "hello");

        assertThat(heard).hasSize(1);
        assertThat(after).isEqualTo(holdfast.events);
        holdfast.assertAllReturned();
    }

    @Test
    void listenerThatIsRemovedHearsNothingOfWhatStillWaitsForIt() {
        Deque<Runnable> executor = new ArrayDeque<>();
        VirtualHoldfast holdfast = new VirtualHoldfast(1, c -> c, builder -> builder.executor(executor::add));
        List<HoldfastEvent> heard = new ArrayList<>();
        Runnable remove = holdfast.engine.addListener(heard::add);
        holdfast.call(A, "hello");

        remove.run();
        CompletableFuture<Void> delivered = holdfast.engine.eventsDelivered();
        while (!executor.isEmpty()) {
            executor.remove().run();
        }

        assertThat(heard).isEmpty();
        assertThat(delivered).isCompleted();
        holdfast.assertAllReturned();
    }

    @Test
    void globalListenerHearsEnginesMadeBeforeAndAfterItUntilItIsRemoved() {
        VirtualHoldfast before = new VirtualHoldfast();
        List<HoldfastEvent> heard = new ArrayList<>();
        Runnable remove = HoldfastRuntime.addListener(event -> {
            // Other engines of this process may tell too.
            if (event instanceof CallEvent.CallStarted started
                    && started.targets().equals(A.order())) {
                heard.add(event);
            }
        });
        try {
            VirtualHoldfast after = new VirtualHoldfast();

            before.call(A, "hello");
            after.call(A, "hello");

            assertThat(heard).hasSize(2);
        } finally {
            remove.run();
        }
        before.call(A, "hello");
        assertThat(heard).hasSize(2);
        before.assertAllReturned();
    }

    @Test
    void sameListenerTwiceHearsAllTwice() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        List<HoldfastEvent> heard = new ArrayList<>();
        Runnable remove = holdfast.engine.addListener(heard::add);
        holdfast.engine.addListener(heard::add);

        holdfast.call(A, "hello");
        assertThat(heard).hasSize(2 * holdfast.events.size());
        heard.clear();
        remove.run();
        holdfast.events.clear();
        holdfast.call(A, "hello");

        assertThat(heard).isEqualTo(holdfast.events);
    }

    @Test
    @Timeout(120)
    void executorThatTakesNoMoreWorkCannotHangACall() {
        try (RealHoldfast real = new RealHoldfast(builder -> builder.executor(task -> {
                    throw new RejectedExecutionException("shut down");
                })
                .config(ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(2)))))) {
            CompletableFuture<Object> late = new CompletableFuture<>();
            CompletableFuture<Object> retried = real.engine.call(
                    A, attempt -> attempt.number() == 1 ? late : CompletableFuture.completedFuture("hello"));
            CompletableFuture<Object> hanging = real.engine.call(
                    A, CallOptions.deadline(Duration.ofMillis(20)), attempt -> new CompletableFuture<>());

            late.completeExceptionally(fault(Category.SERVER_ERROR));

            assertThat(retried).succeedsWithin(Duration.ofSeconds(30));
            assertThat(hanging).failsWithin(Duration.ofSeconds(30));
            real.awaitAllReturned();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Targets;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The caller may leave at any point: everything comes back and nothing is held against a target. */
class CancellationTest {
    private static final Targets A = Targets.named("a/one");
    private static final CallOptions NONE = CallOptions.none();

    private final VirtualHoldfast holdfast = new VirtualHoldfast();

    @Test
    void onlyTheFirstEndOfACallCounts() {
        CompletableFuture<Object> completed = holdfast.call(A, new CompletableFuture<>());
        CompletableFuture<Object> failed = holdfast.call(A, new CompletableFuture<>());
        CompletableFuture<Object> cancelled = holdfast.call(A, new CompletableFuture<>());

        assertThat(completed.complete("mine")).isTrue();
        assertThat(failed.completeExceptionally(new IllegalStateException("mine")))
                .isTrue();
        assertThat(cancelled.cancel(true)).isTrue();

        assertThat(completed.complete("again")).isFalse();
        assertThat(failed.completeExceptionally(new IllegalStateException("again")))
                .isFalse();
        assertThat(completed.cancel(true)).isFalse();
        assertThat(completed).isCompletedWithValue("mine");
        assertThat(failed).isCompletedExceptionally();
        holdfast.assertAllReturned();
    }

    @Test
    void cancelActionThatComesTooLateRunsAtOnceAndOnlyAfterACancellation() {
        List<String> ran = new ArrayList<>();
        Attempt[] attempts = new Attempt[2];
        CompletableFuture<Object> left = holdfast.callWith(A, CallOptions.none(), attempt -> {
            attempts[0] = attempt;
            return new CompletableFuture<>();
        });
        holdfast.callWith(A, CallOptions.none(), attempt -> {
            attempts[1] = attempt;
            return CompletableFuture.completedFuture("hello");
        });

        left.cancel(true);
        attempts[0].onCancel(() -> ran.add("left"));
        attempts[1].onCancel(() -> ran.add("ended well"));

        assertThat(ran).containsExactly("left");
        holdfast.assertAllReturned();
    }

    @Test
    void timeoutOfAnAttemptNamesItsPhaseAndHasNoStack() {
        AttemptTimeoutException timeout =
                new AttemptTimeoutException(AttemptTimeoutException.Phase.DEADLINE, 1_000_000_000L);

        assertThat(timeout.phase()).isEqualTo(AttemptTimeoutException.Phase.DEADLINE);
        assertThat(timeout.getStackTrace()).isEmpty();
        assertThat(timeout.fillInStackTrace()).isSameAs(timeout);
    }

    @Test
    void listenersObserversAndAClosePayAttentionEachForThemselves() {
        Attention attention = new Attention();
        assertThat(attention.isPaid()).isFalse();

        attention.observersAre(true);
        assertThat(attention.observers()).isTrue();
        assertThat(attention.listeners()).isFalse();
        attention.observersAre(false);
        attention.listenersAre(true);
        assertThat(attention.observers()).isFalse();
        assertThat(attention.listeners()).isTrue();
        attention.listenersAre(false);
        attention.closes();

        assertThat(attention.listeners()).isFalse();
        assertThat(attention.observers()).isFalse();
        assertThat(attention.close()).isTrue();
        assertThat(attention.isPaid()).isTrue();
    }

    @Test
    void cancelledFromWithinItsOwnFunction() {
        AtomicReference<CompletableFuture<Object>> second = new AtomicReference<>();
        CompletableFuture<Object> inner = new CompletableFuture<>();
        CompletableFuture<Object> call = holdfast.callWith(A, NONE, attempt -> {
            if (attempt.number() == 2) {
                second.get().cancel(true);
                return inner;
            }
            return CompletableFuture.failedFuture(fault(Category.SERVER_ERROR));
        });
        second.set(call);
        holdfast.run();

        assertThat(call).isCancelled();
        assertThat(inner).isCancelled();
        assertThat(holdfast.started).hasSize(2);
        assertNothingRecorded(1);
    }

    @Test
    void cancelledWhileAnAttemptRuns() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        List<String> told = new ArrayList<>();
        CompletableFuture<Object> call = holdfast.callWith(A, NONE, attempt -> {
            attempt.onCancel(() -> told.add("told"));
            return stage;
        });

        call.cancel(true);

        assertThat(stage).isCancelled();
        assertThat(told).containsExactly("told");
        assertThat(holdfast.events(CallEvent.AttemptCancelled.class)).hasSize(1);
        assertThat(holdfast.events(CallEvent.CallEnded.class).get(0).attempts()).isEqualTo(1);
        assertNothingRecorded(0);
    }

    @Test
    void cancelledWhileItWaitsForARetry() {
        CompletableFuture<Object> call = holdfast.call(A, fault(Category.SERVER_ERROR), "unused");
        assertThat(holdfast.tokens(A)).isEqualTo(486);

        call.cancel(true);
        holdfast.run();

        assertThat(holdfast.started).hasSize(1);
        assertThat(holdfast.tokens(A)).isEqualTo(500);
        assertNothingRecorded(1);
    }

    @Test
    void cancelledWhileItWaitsForAPause() {
        holdfast.call(A, NONE.withMaxAttempts(1), fault(Category.RATE_LIMIT, Duration.ofSeconds(30)));

        CompletableFuture<Object> call = holdfast.call(A, "unused");
        assertThat(holdfast.engine.info().waiters()).isEqualTo(1);
        call.cancel(true);
        holdfast.run();

        assertThat(holdfast.started).hasSize(1);
        assertNothingRecorded(0);
    }

    @Test
    void cancelledBetweenTheEndOfItsWaitAndItsNextAttempt() {
        Deque<Runnable> queue = new ArrayDeque<>();
        VirtualHoldfast own = new VirtualHoldfast(1, c -> c, builder -> builder.executor(queue::add));
        CompletableFuture<Object> call = own.call(A, fault(Category.SERVER_ERROR), "unused");
        own.time.advance(Duration.ofSeconds(1));

        call.cancel(true);
        drain(queue);

        assertThat(own.started).hasSize(1);
        assertThat(own.tokens(A)).isEqualTo(500);
        assertThat(own.ends()).containsExactly(Outcome.CANCELLED);
        own.assertAllReturned();
    }

    @Test
    void cancelledByAListenerAtAnyEvent() {
        // The executor runs tasks at once, so that the listener acts in the middle of each step.
        for (Class<?> at : CallEvent.class.getPermittedSubclasses()) {
            AtomicReference<CompletableFuture<Object>> call = new AtomicReference<>();
            Consumer<HoldfastEvent> leave = event -> {
                if (at.isInstance(event) && call.get() != null) {
                    call.get().cancel(true);
                }
            };
            VirtualHoldfast own = new VirtualHoldfast(
                    1, c -> c, builder -> builder.executor(Runnable::run).listener(leave::accept));
            CompletableFuture<Object> first = new CompletableFuture<>();
            CompletableFuture<Object> second = new CompletableFuture<>();
            call.set(own.call(Targets.named("a/one", "b/two"), first, second, "three"));

            first.completeExceptionally(fault(Category.SERVER_ERROR));
            second.completeExceptionally(fault(Category.SERVER_ERROR));
            own.run();

            assertThat(call.get()).isDone();
            own.assertAllReturned();
        }
    }

    @Test
    void timeoutOnTheReturnedFutureEndsTheCall() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CompletableFuture<Object> call = holdfast.callWith(A, NONE, attempt -> stage);

        call.completeExceptionally(new TimeoutException("the caller's own"));

        assertThat(stage).isCancelled();
        assertNothingRecorded(0);
    }

    @Test
    @Timeout(120)
    void orTimeoutEndsTheCallInRealTime() throws Exception {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        try (RealHoldfast real = new RealHoldfast()) {
            CompletableFuture<Object> call = real.engine.call(A, attempt -> stage);

            call.orTimeout(20, TimeUnit.MILLISECONDS);

            assertThat(call).failsWithin(Duration.ofSeconds(30)).withThrowableThat();
            real.awaitAllReturned();
            assertThat(stage).isCancelled();
        }
    }

    @Test
    void completedFromOutsideKeepsThatValue() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CompletableFuture<Object> call = holdfast.callWith(A, NONE, attempt -> stage);

        call.complete("mine");

        assertThat(call).isCompletedWithValue("mine");
        assertThat(stage).isCancelled();
        assertNothingRecorded(0);
    }

    @Test
    void completingADependentLeavesTheCallAlone() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CompletableFuture<Object> call = holdfast.call(A, stage);

        call.thenApply(value -> value).cancel(true);
        stage.complete("hello");

        assertThat(call).isCompletedWithValue("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void dependentsThatBlockDoNotHoldUpWhatIsGivenBack() {
        CompletableFuture<Object> call = holdfast.call(A, new CompletableFuture<>());
        EngineInfo[] seen = new EngineInfo[1];
        call.whenComplete((value, error) -> seen[0] = holdfast.engine.info());

        call.cancel(true);

        assertThat(seen[0]).isEqualTo(new EngineInfo(0, 0, 0, 0));
        holdfast.assertAllReturned();
    }

    @Test
    void cancelAfterTheEndChangesNothing() {
        CompletableFuture<Object> call = holdfast.call(A, "hello");

        assertThat(call.cancel(true)).isFalse();

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.ends()).containsExactly(Outcome.SUCCESS);
        holdfast.assertAllReturned();
    }

    @Test
    void streamWhoseCallerLeftInTheMomentOfItsCommitIsCancelled() {
        AtomicReference<CompletableFuture<Object>> call = new AtomicReference<>();
        VirtualHoldfast own = new VirtualHoldfast(
                1, c -> c, builder -> builder.executor(Runnable::run).listener(event -> {
                    if (event instanceof CallEvent.AttemptCommitted) {
                        call.get().cancel(true);
                    }
                }));
        CompletableFuture<Object> stage = new CompletableFuture<>();
        AtomicReference<OngoingAttempt> stream = new AtomicReference<>();
        List<String> told = new ArrayList<>();
        call.set(own.callWith(A, NONE, attempt -> {
            stream.set(attempt.goesOn());
            attempt.onCancel(() -> told.add("told"));
            return stage;
        }));

        stage.complete("stream");

        assertThat(call.get()).isCancelled();
        assertThat(told).containsExactly("told");
        assertThat(stream.get().isOver()).isTrue();
        own.assertAllReturned();
    }

    @Test
    void finishedCallsDoNotHoldTheClosureOfTheirUser() throws InterruptedException {
        CompletableFuture<Object> done = new CompletableFuture<>();
        CompletableFuture<Object> cancelled = new CompletableFuture<>();
        WeakReference<Object> big = startTwoCalls(done, cancelled);

        done.complete("hello");

        for (int i = 0; i < 50 && big.get() != null; i++) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(big.get() == null).isTrue();
        assertThat(kept).allMatch(CompletableFuture::isDone);
        holdfast.assertAllReturned();
    }

    private final List<CompletableFuture<Object>> kept = new ArrayList<>();

    private WeakReference<Object> startTwoCalls(CompletableFuture<Object> one, CompletableFuture<Object> two) {
        byte[] big = new byte[1 << 20];
        kept.add(holdfast.callWith(A, NONE, attempt -> big.length > 0 ? one : null));
        kept.add(holdfast.callWith(A, NONE, attempt -> big.length > 0 ? two : null));
        kept.get(1).cancel(true);
        return new WeakReference<>(big);
    }

    private static void drain(Deque<Runnable> queue) {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }

    private void assertNothingRecorded(int failures) {
        assertThat(holdfast.state(A).circuit().info(holdfast.time.nanos()).failures())
                .isEqualTo(failures);
        assertThat(holdfast.ends()).last().isEqualTo(Outcome.CANCELLED);
        holdfast.assertAllReturned();
    }
}

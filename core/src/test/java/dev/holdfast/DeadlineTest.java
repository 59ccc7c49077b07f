// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Targets;
import dev.holdfast.time.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");

    private final VirtualHoldfast holdfast = new VirtualHoldfast();

    @Test
    void deadlineEndsTheCallWhileAnAttemptRuns() {
        CompletableFuture<Object> call =
                holdfast.call(A, CallOptions.deadline(Duration.ofSeconds(5)), new CompletableFuture<>());

        holdfast.time.advance(Duration.ofMillis(4999));
        assertThat(call).isNotDone();
        holdfast.time.advance(Duration.ofMillis(1));

        assertThat(callError(call)).isInstanceOf(DeadlineExceededException.class);
        assertThat(callError(call)).hasMessage("the call's deadline passed after 5 s, 1 attempt");
        assertThat(callError(call).report().attempts()).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void impatientCallerIsNoEvidenceAgainstTheTarget() {
        for (int i = 0; i < 10; i++) {
            holdfast.call(A, CallOptions.deadline(Duration.ofSeconds(5)), new CompletableFuture<>());
        }

        holdfast.time.advance(Duration.ofSeconds(5));

        assertThat(holdfast.state(A).circuit().info(holdfast.time.nanos()).attempts())
                .isZero();
        assertThat(holdfast.events(CallEvent.AttemptFailed.class))
                .hasSize(10)
                .allMatch(event -> event.outcome() == Outcome.IGNORED);
        holdfast.assertAllReturned();
    }

    @Test
    void attemptThatRanAsLongAsItsOwnTimeoutCountsAlthoughTheDeadlineCutIt() {
        TimeoutConfig five = TimeoutConfig.defaults().withAttempt(Duration.ofSeconds(5));
        holdfast.call(A, CallOptions.deadline(Duration.ofSeconds(5)).withTimeouts(five), new CompletableFuture<>());

        holdfast.time.advance(Duration.ofSeconds(5));

        assertThat(holdfast.state(A).circuit().info(holdfast.time.nanos()).failures())
                .isEqualTo(1);
        holdfast.assertAllReturned();
    }

    @Test
    void noAttemptStartsAfterAnInheritedDeadlineHasPassed() {
        CallContext late = new CallContext("outer", Deadline.in(Duration.ofSeconds(1), holdfast.time));
        holdfast.time.advance(Duration.ofSeconds(2));

        CompletableFuture<Object> call = holdfast.call(A, CallOptions.within(late), "unused");

        assertThat(callError(call)).isInstanceOf(DeadlineExceededException.class);
        assertThat(callError(call).report().callId()).isEqualTo("outer");
        assertThat(holdfast.started).isEmpty();
        holdfast.assertAllReturned();
    }

    @Test
    void noRetryStartsWhenTheExecutorWasTooBusyToStartItInTime() {
        Deque<Runnable> queue = new ArrayDeque<>();
        VirtualHoldfast own = new VirtualHoldfast(1, c -> c, builder -> builder.executor(queue::add));
        CompletableFuture<Object> call =
                own.call(A, CallOptions.deadline(Duration.ofSeconds(5)), fault(Category.SERVER_ERROR), "unused");
        own.time.advance(Duration.ofSeconds(6));

        while (!queue.isEmpty()) {
            queue.remove().run();
        }

        assertThat(own.started).hasSize(1);
        assertThat(callError(call)).hasMessageContaining("stopped: deadline");
        own.assertAllReturned();
    }

    @Test
    void waitThatLeavesNothingUsefulIsNotBegun() {
        CompletableFuture<Object> call = holdfast.call(
                A, CallOptions.deadline(Duration.ofSeconds(5)), fault(Category.SERVER_ERROR, Duration.ofSeconds(5)));

        assertThat(callError(call).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(holdfast.events(CallEvent.RetriesExhausted.class).get(0).reason())
                .isEqualTo(StopReason.DEADLINE);
        holdfast.assertAllReturned();
    }

    @Test
    void shortPauseIsNotWaitedForBeyondTheDeadline() {
        holdfast.call(A, CallOptions.none().withMaxAttempts(1), fault(Category.RATE_LIMIT, Duration.ofMillis(900)));

        CompletableFuture<Object> call = holdfast.call(A, CallOptions.deadline(Duration.ofMillis(500)), "unused");

        assertThat(callError(call)).isInstanceOf(CallRejectedException.class);
        assertThat(callError(call).retryAfter()).isEqualTo(Duration.ofMillis(900));
        holdfast.assertAllReturned();
    }

    @Test
    void failoverDoesNotWaitForAPauseBeyondTheDeadline() {
        holdfast.call(
                Targets.named("b/two"),
                CallOptions.none().withMaxAttempts(1),
                fault(Category.RATE_LIMIT, Duration.ofMillis(900)));

        CompletableFuture<Object> call =
                holdfast.call(AB, CallOptions.deadline(Duration.ofMillis(500)), fault(Category.NOT_FOUND), "unused");
        holdfast.run();

        assertThat(callError(call).category()).isEqualTo(Category.NOT_FOUND);
        assertThat(holdfast.route()).containsExactly("b/two", "a/one");
        holdfast.assertAllReturned();
    }

    @Test
    void attemptIsToldTheTimeThatIsLeft() {
        holdfast.callWith(A, CallOptions.deadline(Duration.ofSeconds(5)), attempt -> {
            assertThat(attempt.timeLeft()).isEqualTo(Duration.ofSeconds(5));
            assertThat(attempt.timeouts().connect()).isEqualTo(Duration.ofSeconds(5));
            assertThat(attempt.context().deadline().left()).isEqualTo(Duration.ofSeconds(5));
            return CompletableFuture.completedFuture("hello");
        });

        assertThat(holdfast.ends()).containsExactly(Outcome.SUCCESS);
        holdfast.assertAllReturned();
    }

    @Test
    void exceededDeadlineTellsWhatWasTriedBefore() {
        VirtualHoldfast own = new VirtualHoldfast();
        own.time.advance(Duration.ofSeconds(100));
        CompletableFuture<Object> first = new CompletableFuture<>();
        CompletableFuture<Object> call = own.call(
                Targets.named("a/one", "b/two"),
                CallOptions.deadline(Duration.ofSeconds(3)),
                first,
                new CompletableFuture<>());
        own.time.advance(Duration.ofSeconds(1));
        VirtualHoldfast.Fault fault = VirtualHoldfast.fault(Category.SERVER_ERROR);
        first.completeExceptionally(fault);

        own.time.advance(Duration.ofSeconds(2));

        DeadlineExceededException error = (DeadlineExceededException) VirtualHoldfast.error(call);
        assertThat(error).hasMessage("the call's deadline passed after 3 s, 2 attempts");
        assertThat(error.getSuppressed()).extracting(Throwable::getCause).containsExactly(fault);
        assertThat(error.report().elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(error.report().attempts())
                .extracting(AttemptReport::elapsed)
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        own.assertAllReturned();
    }
}

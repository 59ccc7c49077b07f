// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.error;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.AdmissionConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a wait when something else has happened by its end: to its target, to its slot, to its deadline. */
class WaitsTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets B = Targets.named("b/two");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Targets ABC = Targets.named("a/one", "b/two", "c/three");
    private static final Target ONE = ABC.order().get(0);
    private static final Target TWO = ABC.order().get(1);
    private static final long SECOND = 1_000_000_000L;

    private final List<CompletableFuture<Object>> stages = new ArrayList<>();
    private VirtualHoldfast holdfast = engine(limits -> limits);

    private static VirtualHoldfast engine(UnaryOperator<LimitConfig> change) {
        return new VirtualHoldfast(config ->
                config.withBackoff(Backoff.fixed(Duration.ofSeconds(1))).withLimits(change.apply(config.limits())));
    }

    private static LimitConfig slots(LimitConfig limits, int count) {
        return limits.withConcurrency(limits.concurrency().withFixed(count));
    }

    /** One request a second, and so many at once. */
    private static LimitConfig paced(LimitConfig limits, int atOnce) {
        return limits.withPacing(new PacerConfig(60, 0, Duration.ofSeconds(atOnce), true));
    }

    @AfterEach
    void everythingIsBack() {
        holdfast.assertAllReturned();
    }

    private CompletableFuture<Object> call(Targets targets) {
        return call(targets, CallOptions.none());
    }

    private CompletableFuture<Object> call(Targets targets, CallOptions options) {
        return holdfast.callWith(targets, options, attempt -> {
            stages.add(new CompletableFuture<>());
            return stages.get(stages.size() - 1);
        });
    }

    private void fail(int stage) {
        stages.get(stage).completeExceptionally(fault(Category.SERVER_ERROR));
    }

    private void complete(int stage) {
        stages.get(stage).complete("hello");
    }

    private void at(double seconds) {
        holdfast.time.advanceTo((long) (seconds * SECOND));
    }

    private List<Double> startedAt() {
        return holdfast.started.stream()
                .map(start -> start.at().toNanos() / (double) SECOND)
                .toList();
    }

    @Test
    void retryWhosePaceIsTakenAtItsMomentWaitsForTheNext() {
        holdfast = engine(limits -> paced(limits, 1));
        call(A);
        fail(0);
        at(0.5);
        call(A);

        at(5);

        assertThat(startedAt()).containsExactly(0.0, 1.0, 2.0);
        assertThat(holdfast.started.get(2).number()).isEqualTo(2);
        complete(1);
        complete(2);
        assertThat(holdfast.tokens(A)).isEqualTo(500);
    }

    @Test
    void retryWhoseNextPaceIsTooLateForItsDeadlineGivesBackWhatItHad() {
        holdfast = engine(limits -> paced(limits, 1));
        CompletableFuture<Object> call = call(A, CallOptions.deadline(Duration.ofMillis(2_050)));
        fail(0);
        at(0.5);
        call(A);
        at(1);

        assertThat(callError(call).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(holdfast.tokens(A)).as("it did not come").isEqualTo(500);
        call(A);
        at(2);
        assertThat(startedAt()).as("its moment is another's").containsExactly(0.0, 1.0, 2.0);
        complete(1);
        complete(2);
    }

    @Test
    void retryThatFindsNeitherASlotNorRoomInTheQueueGivesBackWhatItHad() {
        holdfast = engine(limits -> paced(slots(limits, 2), 5).withAdmission(new AdmissionConfig(0)));
        CompletableFuture<Object> call = call(A);
        fail(0);
        at(0.5);
        call(A);
        call(A);
        at(1);

        assertThat(callError(call).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(holdfast.tokens(A)).isEqualTo(500);
        complete(1);
        complete(2);
        for (int i = 3; i < 6; i++) {
            call(A);
            assertThat(stages)
                    .as("of five at once two are left and one has grown")
                    .hasSize(i + 1);
            complete(i);
        }
        call(A);
        assertThat(stages).hasSize(6);
        at(2);
        complete(6);
    }

    @Test
    void retryWaitsForItsTurnNoLongerThanMaxWait() {
        holdfast = new VirtualHoldfast(config -> config.withRetry(config.retry()
                        .withBackoff(Backoff.fixed(Duration.ofSeconds(1)))
                        .withMaxWait(Duration.ofSeconds(5)))
                .withLimits(slots(config.limits(), 1)));
        CompletableFuture<Object> call = call(A);
        fail(0);
        at(0.5);
        call(A);

        at(5.999);
        assertThat(call).isNotDone();
        at(6);

        assertThat(callError(call)).hasMessageContaining("stopped: wait_too_long");
        assertThat(holdfast.events(CallEvent.RetriesExhausted.class))
                .singleElement()
                .satisfies(told -> assertThat(told.reason()).isEqualTo(StopReason.WAIT_TOO_LONG));
        assertThat(holdfast.tokens(A)).isEqualTo(500);
        complete(1);
    }

    @Test
    void retryThatWaitsForItsTurnKeepsItsPlaceBeyondWaitHere() {
        holdfast = engine(limits -> slots(limits, 1));
        call(AB);
        fail(0);
        fail(1);
        at(0.5);
        call(A);
        call(B);
        at(5);
        assertThat(stages).hasSize(4);

        complete(2);

        assertThat(holdfast.route()).containsExactly("a/one", "b/two", "a/one", "b/two", "a/one");
        complete(3);
        complete(4);
    }

    @Test
    void queueIsNotJoinedWhereTheDeadlineLeavesNothingUseful() {
        holdfast = engine(limits -> slots(limits, 1));
        call(A);

        CompletableFuture<Object> tooLate = call(A, CallOptions.deadline(Duration.ofMillis(100)));
        CompletableFuture<Object> justInTime = call(A, CallOptions.deadline(Duration.ofMillis(101)));

        assertThat(error(tooLate)).isInstanceOf(CallRejectedException.class);
        assertThat(justInTime).isNotDone();
        complete(0);
        complete(1);
        assertThat(justInTime).isCompleted();
    }

    @Test
    void retryThatIsOverdueWhenItsTurnOnTheExecutorComesGivesItsTokensBack() {
        Deque<Runnable> executor = new ArrayDeque<>();
        holdfast = new VirtualHoldfast(
                1,
                config -> config.withBackoff(Backoff.fixed(Duration.ofSeconds(1))),
                builder -> builder.executor(executor::add));
        CompletableFuture<Object> call = call(A, CallOptions.deadline(Duration.ofSeconds(2)));
        fail(0);
        run(executor);
        assertThat(holdfast.tokens(A)).isEqualTo(486);
        at(2);

        run(executor);

        assertThat(callError(call).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(stages).hasSize(1);
        assertThat(holdfast.tokens(A)).isEqualTo(486 + 14);
    }

    private static void run(Deque<Runnable> executor) {
        while (!executor.isEmpty()) {
            executor.remove().run();
        }
    }

    @Test
    void callThatWaitsForItsPaceGoesElsewhereWhenTheCircuitOpens() {
        holdfast = engine(limits -> paced(limits, 1));
        call(A);
        call(AB);
        assertThat(holdfast.engine.info(ONE).pacer().waiting()).isEqualTo(1);
        at(0.5);

        holdfast.engine.forceOpen(ONE);

        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        assertThat(holdfast.started.get(1).number()).isEqualTo(1);
        assertThat(holdfast.engine.info(ONE).pacer().waiting()).isZero();
        complete(0);
        complete(1);
    }

    @Test
    void nobodyWaitsForThePaceOfATargetThatRejects() {
        holdfast = engine(limits -> paced(limits, 1));
        call(A);
        complete(0);
        holdfast.engine.forceOpen(ONE);

        CompletableFuture<Object> rejected = call(A);

        assertThat(error(rejected)).hasMessage("the circuit of a/one is held open by hand");
        assertThat(holdfast.engine.info(ONE).pacer().waiting()).isZero();
    }

    @Test
    void callThatIsWokenThoughNothingStandsInItsWayWaitsOn() {
        holdfast = engine(limits -> paced(limits, 1));
        call(A);
        call(A);
        at(0.5);

        holdfast.engine.reset(ONE);
        holdfast.engine.reset(ONE);

        assertThat(stages).hasSize(1);
        at(1);
        assertThat(startedAt()).containsExactly(0.0, 1.0);
        complete(0);
        complete(1);
    }

    @Test
    void callWhosePaceHasComeQueuesWhereTheSlotsAreTaken() {
        holdfast = engine(limits -> paced(slots(limits, 1), 1));
        call(A);
        call(A);
        at(1.5);
        assertThat(stages).hasSize(1);
        assertThat(holdfast.events(CallEvent.AdmissionQueued.class)).hasSize(1);

        complete(0);

        assertThat(startedAt()).containsExactly(0.0, 1.5);
        complete(1);
    }

    @Test
    void retryThatIsWokenEarlyWaitsOnAndIsToldAndPaidForOnce() {
        call(A);
        fail(0);
        at(0.3);

        holdfast.engine.reset(ONE);

        assertThat(stages).hasSize(1);
        assertThat(holdfast.tokens(A)).isBetween(486.0, 486.1);
        at(1);
        assertThat(startedAt()).containsExactly(0.0, 1.0);
        assertThat(holdfast.events(CallEvent.RetryScheduled.class)).hasSize(1);
        complete(1);
    }

    @Test
    void whoLeavesAQueueAfterAWhileDoesNotGoToATargetThatIsPaused() {
        holdfast = engine(limits -> slots(limits, 1));
        call(A);
        call(ABC);
        holdfast.state(B).domain().pause(60 * SECOND, 0);
        at(0.5);
        assertThat(stages).hasSize(1);

        at(1);

        assertThat(holdfast.route()).containsExactly("a/one", "c/three");
        complete(0);
        complete(1);
    }

    @Test
    void whoLeavesAQueueForATargetThatHasNoPaceForHimComesBack() {
        holdfast = engine(limits -> paced(slots(limits, 10), 20));
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(call(B));
            complete(i);
        }
        for (int i = 0; i < 10; i++) {
            calls.add(call(A));
        }
        call(AB);
        assertThat(stages).hasSize(30);

        at(0.5);
        call(B);
        call(B);
        call(B);
        assertThat(holdfast.engine.info(TWO).pacer().waiting()).isEqualTo(3);
        at(1.0);
        assertThat(holdfast.engine.info(TWO).pacer().waiting())
                .as("one of three has started, and he has left nothing behind")
                .isEqualTo(2);
        assertThat(holdfast.route()).hasSize(31).endsWith("b/two");
        complete(20);

        assertThat(holdfast.route()).hasSize(32).endsWith("a/one");
        at(10);
        for (int i = 21; i < stages.size(); i++) {
            complete(i);
        }
    }

    /** One after the other, each as long. */
    private void answers(int count, double seconds) {
        for (int i = 0; i < count; i++) {
            call(A);
            holdfast.time.advance(Duration.ofMillis((long) (seconds * 1_000)));
            complete(stages.size() - 1);
        }
    }

    /** A call that has 10 s waits for the only slot, whose attempt is the 21st, and gives up at this moment. */
    private void assertQueueIsLeftAfter(double seconds) {
        double start = now();
        call(A);
        CompletableFuture<Object> late = call(A, CallOptions.deadline(Duration.ofSeconds(10)));

        at(start + seconds - 0.1);
        assertThat(late).isNotDone();
        at(start + seconds);

        assertThat(error(late)).isInstanceOf(DeadlineExceededException.class);
        complete(20);
    }

    private double now() {
        return holdfast.time.nanos() / (double) SECOND;
    }

    @Test
    void queueIsLeftWhenTheDeadlineLeavesLessThanAnswersTakeHere() {
        holdfast = engine(limits -> slots(limits, 1));
        answers(20, 4);
        assertQueueIsLeftAfter(6);
        assertThat(stages).hasSize(21);
    }

    @Test
    void noCallIsAskedToLeaveTheQueueBeforeHalfOfItsTime() {
        holdfast = engine(limits -> slots(limits, 1));
        answers(20, 60);
        double start = now();
        call(A);
        CompletableFuture<Object> hasty = call(A, CallOptions.deadline(Duration.ofSeconds(10)));

        at(start + 4.9);
        complete(20);

        assertThat(stages).as("half of its time is left").hasSize(22);
        complete(21);
        assertThat(hasty).isCompletedWithValue("hello");
    }

    @Test
    void slotThatComesTooLateGoesToTheNextInLine() {
        for (boolean another : new boolean[] {false, true}) {
            holdfast = engine(limits -> slots(limits, 1));
            stages.clear();
            answers(19, 4);
            double start = now();
            call(A);
            CompletableFuture<Object> late = call(A, CallOptions.deadline(Duration.ofSeconds(10)));
            CompletableFuture<Object> next = another ? call(A) : new CompletableFuture<>();

            at(start + 7);
            complete(19); // the sample that makes the usual time known

            assertThat(stages).hasSize(21);
            complete(20);
            if (another) {
                assertThat(error(late)).isInstanceOf(DeadlineExceededException.class);
                assertThat(next).isCompletedWithValue("hello");
            } else {
                assertThat(late).as("nobody else wants the slot").isCompletedWithValue("hello");
            }
            holdfast.assertAllReturned();
        }
    }

    @Test
    void attemptsThatTheirDeadlinesCutTellThatAnswersTakeLonger() {
        holdfast = engine(limits -> slots(limits, 1));
        for (int i = 0; i < 20; i++) {
            call(A, CallOptions.deadline(Duration.ofSeconds(1)));
            holdfast.time.advance(Duration.ofSeconds(1));
        }
        assertQueueIsLeftAfter(8);
    }
}

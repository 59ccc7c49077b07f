// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HedgeTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualHoldfast holdfast = hedged(HedgeConfig.after(SECOND));

    /** The stage of each attempt, by number from 0. */
    private final List<CompletableFuture<Object>> stages = new ArrayList<>();

    private final List<Attempt> attempts = new ArrayList<>();

    private static VirtualHoldfast hedged(HedgeConfig hedge) {
        return new VirtualHoldfast(config -> config.withHedge(hedge));
    }

    private CompletableFuture<Object> call(Targets targets, CallOptions options) {
        return call(holdfast, targets, options);
    }

    private CompletableFuture<Object> call(VirtualHoldfast on, Targets targets, CallOptions options) {
        return on.callWith(targets, options, attempt -> {
            attempts.add(attempt);
            CompletableFuture<Object> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
    }

    @Test
    void slowAttemptGetsCompanyOnTheNextTargetAndTheFirstToCommitWins() {
        CompletableFuture<Object> call = call(AB, CallOptions.none());
        holdfast.time.advance(SECOND);

        stages.get(1).complete("hedge");

        assertThat(call).isCompletedWithValue("hedge");
        assertThat(stages.get(0)).isCancelled();
        assertThat(holdfast.route()).containsExactly("a/one", "b/two");
        assertThat(holdfast.events(CallEvent.HedgeStarted.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.slow().name()).isEqualTo("a/one");
                    assertThat(event.target().name()).isEqualTo("b/two");
                    assertThat(event.attempt()).isEqualTo(2);
                    assertThat(event.after()).isEqualTo(SECOND);
                });
        assertThat(holdfast.events(CallEvent.HedgeWon.class)).hasSize(1);
        assertThat(holdfast.events(CallEvent.AttemptCancelled.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void attemptThatIsFasterThanTheDelayIsNotHedged() {
        CompletableFuture<Object> call = call(AB, CallOptions.none());
        holdfast.time.advance(SECOND.minusNanos(1));
        stages.get(0).complete("hello");
        holdfast.time.advance(SECOND);

        assertThat(call).isCompletedWithValue("hello");
        assertThat(stages).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void slowOneMayWinAfterAllAndTheHedgeIsCancelledWithoutAFailure() {
        CompletableFuture<Object> call = call(AB, CallOptions.none());
        holdfast.time.advance(SECOND.multipliedBy(2));

        stages.get(0).complete("slow");

        assertThat(call).isCompletedWithValue("slow");
        assertThat(stages.get(1)).isCancelled();
        assertThat(holdfast.events(CallEvent.HedgeWon.class)).isEmpty();
        assertThat(holdfast.state(Targets.named("b/two")).failures()).isEmpty();
        assertThat(holdfast.state(Targets.named("b/two")).circuit().info(0).failures())
                .isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void withoutAnotherTargetTheHedgeGoesToTheSameOne() {
        call(A, CallOptions.none());
        holdfast.time.advance(SECOND);

        assertThat(holdfast.route()).containsExactly("a/one", "a/one");
        stages.get(1).complete("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void ifOneOfTwoFailsTheOtherGoesOnAndNothingIsRepeated() {
        CompletableFuture<Object> call = call(AB, CallOptions.none().withMaxAttempts(2));
        holdfast.time.advance(SECOND);

        stages.get(0).completeExceptionally(fault(Category.SERVER_ERROR));
        assertThat(call).isNotDone();
        holdfast.time.advance(SECOND.multipliedBy(60));
        assertThat(stages).hasSize(2);
        stages.get(1).complete("hello");

        assertThat(call).isCompletedWithValue("hello");
        assertThat(holdfast.events(CallEvent.AttemptFailed.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void hedgeThatFailsLeavesTheSlowOneAlone() {
        CompletableFuture<Object> call = call(AB, CallOptions.none());
        holdfast.time.advance(SECOND);

        stages.get(1).completeExceptionally(fault(Category.OVERLOADED));
        stages.get(0).complete("slow");

        assertThat(call).isCompletedWithValue("slow");
        holdfast.assertAllReturned();
    }

    @Test
    void whenBothFailTheCallGoesOnWithWhatItHasLearnedFromBoth() {
        CompletableFuture<Object> call = call(AB, CallOptions.none().withMaxAttempts(3));
        holdfast.time.advance(SECOND);

        stages.get(0).completeExceptionally(fault(Category.AUTH, RetryScope.OTHER_TARGET));
        stages.get(1).completeExceptionally(fault(Category.SERVER_ERROR));
        holdfast.time.advance(SECOND.multipliedBy(3));

        assertThat(holdfast.route()).as("a is excluded").containsExactly("a/one", "b/two", "b/two");
        stages.get(2).completeExceptionally(fault(Category.SERVER_ERROR));
        assertThat(callError(call).report().attempts())
                .extracting(AttemptReport::number)
                .containsExactly(1, 2, 3);
        holdfast.assertAllReturned();
    }

    @Test
    void reportSaysWhichAttemptsWereHedges() {
        CompletableFuture<Object> call = call(AB, CallOptions.none().withMaxAttempts(3));
        holdfast.time.advance(SECOND);
        stages.get(1).completeExceptionally(fault(Category.INVALID_REQUEST, RetryScope.OTHER_TARGET));
        stages.get(0).completeExceptionally(fault(Category.SERVER_ERROR));
        holdfast.time.advance(SECOND.multipliedBy(3));
        stages.get(2).completeExceptionally(fault(Category.SERVER_ERROR));

        assertThat(callError(call).report().attempts())
                .extracting(AttemptReport::number, AttemptReport::hedge)
                .containsExactly(tuple(1, false), tuple(2, true), tuple(3, false));
        holdfast.assertAllReturned();
    }

    @Test
    void hedgeCountsAsAnAttempt() {
        CompletableFuture<Object> call = call(AB, CallOptions.none().withMaxAttempts(2));
        holdfast.time.advance(SECOND);
        stages.get(0).completeExceptionally(fault(Category.SERVER_ERROR));
        stages.get(1).completeExceptionally(fault(Category.SERVER_ERROR));
        holdfast.run();

        assertThat(call).isCompletedExceptionally();
        assertThat(stages).hasSize(2);
        holdfast.assertAllReturned();
    }

    @Test
    void noAttemptLeftNoHedge() {
        call(AB, CallOptions.none().withMaxAttempts(1));
        holdfast.time.advance(SECOND.multipliedBy(5));

        assertThat(stages).hasSize(1);
        stages.get(0).complete("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void callWithSideEffectsIsNeverHedged() {
        call(AB, CallOptions.none().withSideEffects(true));
        holdfast.time.advance(SECOND.multipliedBy(5));

        assertThat(stages).hasSize(1);
        stages.get(0).complete("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void probeIsNotHedged() {
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, CallOptions.none().withMaxAttempts(1), fault(Category.SERVER_ERROR));
        }
        holdfast.time.advance(SECOND.multipliedBy(60));
        holdfast.started.clear();
        call(AB, CallOptions.none());
        holdfast.time.advance(SECOND.multipliedBy(5));

        assertThat(holdfast.route()).containsExactly("a/one");
        stages.get(0).complete("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void hedgeNeverGoesToATargetThatIsNotClosed() {
        Targets b = Targets.named("b/two");
        holdfast.engine.forceOpen(b.order().get(0));
        call(AB, CallOptions.none());
        holdfast.time.advance(SECOND);

        assertThat(holdfast.route()).as("the same target is what is left").containsExactly("a/one", "a/one");
        stages.get(0).complete("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void hedgeIsPaidForAndEarnsItBackWhenItWins() {
        Targets b = Targets.named("b/two");
        call(AB, CallOptions.none());
        holdfast.time.advance(SECOND);
        assertThat(holdfast.tokens(b)).isEqualTo(500 - 14);

        stages.get(1).complete("hello");

        assertThat(holdfast.tokens(b)).isEqualTo(500);
        holdfast.assertAllReturned();
    }

    @Test
    void callerWhoLeavesEndsBoth() {
        CompletableFuture<Object> call = call(AB, CallOptions.none());
        holdfast.time.advance(SECOND);

        call.cancel(true);

        assertThat(stages).allMatch(CompletableFuture::isCancelled);
        assertThat(holdfast.ends()).containsExactly(Outcome.CANCELLED);
        assertThat(holdfast.events(CallEvent.AttemptCancelled.class)).hasSize(2);
        holdfast.assertAllReturned();
    }

    @Test
    void deadlineEndsBoth() {
        CompletableFuture<Object> call = call(AB, CallOptions.deadline(SECOND.multipliedBy(3)));
        holdfast.time.advance(SECOND.multipliedBy(3));

        assertThat(callError(call)).isInstanceOf(DeadlineExceededException.class);
        assertThat(stages).hasSize(2).allMatch(CompletableFuture::isCancelled);
        holdfast.assertAllReturned();
    }

    @Test
    void streamIsHedgedUntilItsFirstContentAndNeverAfter() {
        CompletableFuture<Object> call = holdfast.callWith(AB, CallOptions.none(), attempt -> {
            attempts.add(attempt);
            attempt.goesOn();
            CompletableFuture<Object> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
        holdfast.time.advance(SECOND);
        stages.get(1).complete("first words");
        holdfast.time.advance(SECOND.multipliedBy(5));

        assertThat(call).isCompletedWithValue("first words");
        assertThat(stages).hasSize(2);
        assertThat(stages.get(0)).isCancelled();
        assertThat(holdfast.engine.info().inFlight()).as("the winner goes on").isEqualTo(1);
        attempts.get(1).goesOn().end();
        holdfast.assertAllReturned();
    }

    @Test
    void quantileOfTheTargetDecidesOnceItIsKnown() {
        VirtualHoldfast learning = hedged(HedgeConfig.atQuantile(0.95));
        for (int i = 1; i <= 100; i++) {
            int took = i;
            CompletableFuture<Object> stage = new CompletableFuture<>();
            learning.callWith(A, CallOptions.none().withSideEffects(true), attempt -> stage);
            learning.time.advance(Duration.ofMillis(10L * took));
            stage.complete("hello");
        }
        learning.started.clear();
        call(learning, A, CallOptions.none());

        learning.time.advance(Duration.ofMillis(940));
        assertThat(learning.started).hasSize(1);
        learning.time.advance(Duration.ofMillis(30));
        assertThat(learning.started).hasSize(2);

        stages.get(0).complete("hello");
        learning.assertAllReturned();
    }

    @Test
    void loserIsACensoredSampleSoThatSlownessIsNotForgotten() {
        for (int i = 0; i < 40; i++) {
            call(AB, CallOptions.none());
            holdfast.time.advance(SECOND);
            stages.get(stages.size() - 1).complete("hedge");
        }

        long p50 = holdfast.state(A).total().quantileNanos(0.5);

        assertThat(p50).as("all are known to have taken longer than this").isGreaterThanOrEqualTo(SECOND.toNanos());
        holdfast.assertAllReturned();
    }

    @Test
    void hedgeThatCannotHaveASlotIsNotStarted() {
        VirtualHoldfast narrow = new VirtualHoldfast(config -> config.withHedge(HedgeConfig.after(SECOND))
                .withLimits(config.limits()
                        .withConcurrency(config.limits().concurrency().withFixed(1))));
        CompletableFuture<Object> call = call(narrow, A, CallOptions.none());
        narrow.time.advance(SECOND.multipliedBy(5));

        assertThat(stages).hasSize(1);
        stages.get(0).complete("hello");
        assertThat(call).isCompletedWithValue("hello");
        assertThat(narrow.tokens(A)).isEqualTo(500);
        narrow.assertAllReturned();
    }

    @Test
    void hedgeNeedsSomethingUsefulOfTheDeadline() {
        call(AB, CallOptions.deadline(SECOND.plusMillis(100)));
        call(AB, CallOptions.deadline(SECOND.plusMillis(101)));

        holdfast.time.advance(SECOND);

        assertThat(holdfast.events(CallEvent.HedgeStarted.class)).hasSize(1);
        stages.forEach(stage -> stage.complete("hello"));
        holdfast.assertAllReturned();
    }

    @Test
    void hedgeThatTheBudgetDoesNotAllowIsTold() {
        VirtualHoldfast poor = new VirtualHoldfast(config -> config.withHedge(HedgeConfig.after(SECOND))
                .withBudget(BudgetConfig.defaults().withCapacity(14).withRefillPerSecond(0)));
        poor.state(AB).budget().tryWithdraw(10, 0);
        call(poor, Targets.named("a/one"), CallOptions.none());

        poor.time.advance(SECOND);

        assertThat(poor.events(CallEvent.HedgeStarted.class)).isEmpty();
        assertThat(poor.events(TargetEvent.BudgetExhausted.class))
                .containsExactly(new TargetEvent.BudgetExhausted(AB.order().get(0), 4, 14));
        stages.get(0).complete("hello");
        poor.assertAllReturned();
    }

    @Test
    void limitThatOneOfTwoWasToldHoldsForAll() {
        call(AB, CallOptions.none());
        holdfast.time.advance(SECOND);

        stages.get(0).completeExceptionally(fault(Category.RATE_LIMIT, SECOND.multipliedBy(20)));

        assertThat(holdfast.events(TargetEvent.DomainPaused.class)).hasSize(1);
        stages.get(1).complete("hello");
        holdfast.assertAllReturned();
    }

    @Test
    void reportTellsHowLongTheLoserHadRun() {
        holdfast.time.advance(SECOND.multipliedBy(7));
        CompletableFuture<CallResult<Object>> call = holdfast.engine.callWithReport(AB, CallOptions.none(), attempt -> {
            stages.add(new CompletableFuture<>());
            return stages.get(stages.size() - 1);
        });
        holdfast.time.advance(SECOND);
        holdfast.time.advance(SECOND.multipliedBy(2));
        stages.get(1).complete("hello");

        assertThat(call.join().report().attempts())
                .extracting(AttemptReport::number, AttemptReport::outcome, AttemptReport::elapsed, AttemptReport::hedge)
                .containsExactly(
                        tuple(1, Outcome.CANCELLED, SECOND.multipliedBy(3), false),
                        tuple(2, Outcome.SUCCESS, SECOND.multipliedBy(2), true));
        holdfast.assertAllReturned();
    }

    @Test
    void callerWhoLeavesARaceIsToldOnceAndBothAttemptsToo() {
        CompletableFuture<Object> call = call(AB, CallOptions.none());
        holdfast.time.advance(SECOND);

        call.cancel(true);

        assertThat(holdfast.events(CallEvent.AttemptCancelled.class))
                .extracting(cancelled -> cancelled.target().name())
                .containsExactly("a/one", "b/two");
        assertThat(holdfast.events(CallEvent.CallEnded.class)).singleElement().satisfies(ended -> assertThat(
                        ended.target())
                .isEqualTo(AB.order().get(1)));
        holdfast.assertAllReturned();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.limit.ConcurrencyConfig;
import dev.holdfast.limit.Dimension;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.LatencyInfo;
import dev.holdfast.target.Target;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What one target remembers of its attempts, and whom it tells. */
class TargetStateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LEASE = 60 * SECOND;

    private final LimitConfig limits = LimitConfig.defaults()
            .withConcurrency(ConcurrencyConfig.defaults().withAdaptive(true))
            .withPacing(PacerConfig.defaults().withTokensPerMinute(60));
    private final TargetState state = state(limits);

    private static TargetState state(LimitConfig limits) {
        TargetRegistry registry = new TargetRegistry(
                CircuitConfig.defaults(), BudgetConfig.defaults(), limits, new SplittableRandom(1), new Silent());
        return registry.state(
                Target.builder("a/one").credential("key").quota("shared").build(), 0);
    }

    private static Failure failure(Category category) {
        return Failure.of(category, "rule", "words of " + category);
    }

    @Test
    void failuresAreCountedByCategoryAndThoseThatNeverHappenedAreLeftOut() {
        state.failed(failure(Category.SERVER_ERROR), SECOND, 0);
        state.failed(failure(Category.SERVER_ERROR), SECOND, 0);
        state.failed(failure(Category.AUTH), SECOND, 0);

        assertThat(state.failures()).isEqualTo(Map.of(Category.SERVER_ERROR, 2L, Category.AUTH, 1L));
    }

    @Test
    void onlyThrottlingAndOverloadLowerTheLimit() {
        for (int i = 0; i < 10; i++) {
            state.admission().tryEnter(0);
        }
        state.failed(failure(Category.SERVER_ERROR), SECOND, 0);
        assertThat(state.admission().limit()).isEqualTo(10);

        state.failed(failure(Category.OVERLOADED), SECOND, 0);
        assertThat(state.admission().limit()).isEqualTo(7);
        for (int i = 0; i < 8; i++) {
            state.failed(failure(Category.RATE_LIMIT), SECOND, 0);
        }

        assertThat(state.admission().limit()).isEqualTo(4);
        assertThat(state.inFlight()).isEqualTo(10);
    }

    @Test
    void attemptThatTimedOutIsKnownToHaveTakenLonger() {
        for (int i = 0; i < LatencyEstimate.ENOUGH; i++) {
            state.failed(failure(Category.NETWORK), SECOND, i * SECOND);
        }
        assertThat(state.total().samples()).as("of failures nothing is known").isZero();

        for (int i = 0; i < LatencyEstimate.ENOUGH; i++) {
            state.failed(failure(Category.TIMEOUT), SECOND, i * SECOND);
        }

        assertThat(state.total().samples()).isEqualTo(LatencyEstimate.ENOUGH);
        assertThat(state.total().quantileNanos(0.5)).isEqualTo(Nanos.NEVER);
    }

    @Test
    void faultOfARequestMakesTheTargetNoWorseAChoice() {
        state.failed(failure(Category.INVALID_REQUEST), SECOND, 0);
        assertThat(state.total().known()).isFalse();

        state.failed(failure(Category.SERVER_ERROR), SECOND, 0);

        assertThat(state.total().known()).isTrue();
    }

    @Test
    void streamsAndPlainCallsAreTimedApart() {
        state.latency(true).record(SECOND, 0);

        assertThat(state.firstContent().samples()).isEqualTo(1);
        assertThat(state.latency(false)).isSameAs(state.total());
        assertThat(state.total().samples()).isZero();
        for (int i = 1; i < LatencyEstimate.ENOUGH; i++) {
            assertThat(LatencyInfo.of(state.firstContent())).isEqualTo(new LatencyInfo(null, null, i));
            state.latency(true).record(2 * SECOND, i * SECOND);
        }
        assertThat(LatencyInfo.of(state.firstContent()))
                .isEqualTo(new LatencyInfo(Duration.ofSeconds(2), Duration.ofSeconds(2), LatencyEstimate.ENOUGH));
    }

    @Test
    void sameWordsAreHeldOnce() {
        Failure first = failure(Category.SERVER_ERROR);
        assertThat(state.inKnownWords(first)).isSameAs(first);
        state.failed(first, SECOND, 0);
        Failure again = Failure.of(Category.SERVER_ERROR, "rule", new String(first.message()));
        Failure other = failure(Category.TIMEOUT);

        assertThat(state.inKnownWords(again).message()).isSameAs(first.message());
        assertThat(state.inKnownWords(other)).isSameAs(other);
        assertThat(state.lastFailure()).isEqualTo(first);
    }

    @Test
    void targetIsAtRestWhileNeitherBlockNorPauseNorCircuitStandInTheWay() {
        assertThat(state.permitAtRest(5)).isNotNull();
        state.domain().pause(10, 5);
        assertThat(state.permitAtRest(9)).isNull();
        assertThat(state.permitAtRest(10)).isNotNull();

        state.circuit().forceOpen(10);
        assertThat(state.permitAtRest(10)).isNull();
        state.circuit().reset(10);
        assertThat(state.permitAtRest(10)).isNotNull();

        state.credential().ended(state.credential().acquire(10, LEASE), false, failure(Category.AUTH), state, 10);
        assertThat(state.permitAtRest(10)).isNull();
        assertThat(state.returnAtNanos(10)).isEqualTo(10 + 60 * SECOND);
    }

    @Test
    void reservationComesBackToTheBucketOfTheDomain() {
        state.reserve(1, 0);
        long startNanos = state.reserve(1, 0);
        assertThat(startNanos).isEqualTo(SECOND);

        state.unreserve(1, startNanos, 0);

        assertThat(state.reserve(1, 0)).isEqualTo(SECOND);
    }

    @Test
    void targetWhoseCircuitHasClosedStartsFromItsProbes() {
        TargetState plain = state(LimitConfig.defaults());
        while (plain.circuit().state() == CircuitState.CLOSED) {
            plain.circuit().failure(plain.circuit().tryAcquire(0, LEASE), failure(Category.SERVER_ERROR), 1, 0);
        }
        long later = 10 * 60 * SECOND;
        assertThat(plain.admission().limit()).isEqualTo(10);

        while (plain.circuit().state() != CircuitState.CLOSED) {
            plain.circuit().success(plain.circuit().tryAcquire(later, LEASE), 1, later);
        }
        assertThat(plain.admission().limit()).isEqualTo(CircuitConfig.defaults().halfOpenMaxCalls());
        plain.circuit().success(plain.circuit().tryAcquire(later, LEASE), 1, later);

        assertThat(plain.succeeded()).isEqualTo(1);
    }

    @Test
    void circuitThatIsClosedByHandStartsNoRamp() {
        state.circuit().forceOpen(0);

        state.circuit().forceClosed(0);

        assertThat(state.admission().limit()).isEqualTo(10);
    }

    @Test
    void thoseWhoWaitedForAPauseLeaveOneByOneUnlessARateIsKnown() {
        TargetState unpaced = state(LimitConfig.defaults());
        unpaced.domain().pause(SECOND, 0);
        assertThat(unpaced.domain().pausedUntilNanos(SECOND - 1)).isEqualTo(SECOND);
        assertThat(unpaced.admission().limit()).isEqualTo(10);
        unpaced.domain().pausedUntilNanos(SECOND);
        assertThat(unpaced.admission().limit()).isEqualTo(1);

        state.domain().pause(SECOND, 0);
        state.domain().pausedUntilNanos(SECOND);

        assertThat(state.admission().limit()).isEqualTo(10);
    }

    @Test
    void learnedRateToo() {
        TargetState learning = state(LimitConfig.defaults());
        learning.domain().pacer().learn(Dimension.REQUESTS, 60, 0, Duration.ofSeconds(60), 0);
        learning.domain().pause(SECOND, 0);

        learning.domain().pausedUntilNanos(SECOND);

        assertThat(learning.admission().limit()).isEqualTo(10);
    }

    @Test
    void choicesAddUpAndFade() {
        Choices choices = new Choices();
        choices.add(0);
        choices.add(0);
        choices.add(0);
        assertThat(choices.recent(0)).isEqualTo(3);

        assertThat(choices.recent(LatencyEstimate.DECAY_NANOS)).isBetween(1.1, 1.11);
    }

    @Test
    void trialThatFailsWithAStatedEndIsBlockedUntilThenAndRemembersItsBeginning() {
        Credential credential = state.credential();
        credential.ended(credential.acquire(0, LEASE), false, failure(Category.AUTH), state, 0);
        long later = 60 * SECOND;
        Failure stated = failure(Category.QUOTA_EXHAUSTED).withHint(Duration.ofHours(1));

        credential.ended(credential.acquire(later, LEASE), false, stated, state, later);

        assertThat(credential.isFree()).isFalse();
        assertThat(credential.info(later).since()).isEqualTo(Duration.ofSeconds(60));
        assertThat(credential.info(later).until()).isEqualTo(Duration.ofHours(1));
        assertThat(credential.usable(later + 3600 * SECOND)).isTrue();
        assertThat(credential.acquire(later + 3600 * SECOND, LEASE)).isSameAs(Pass.FREE);
        assertThat(credential.isFree()).isTrue();
    }
}

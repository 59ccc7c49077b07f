// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import static dev.holdfast.Changes.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetryConfigTest {
    private static final RetryConfig RETRY = RetryConfig.defaults();
    private static final BudgetConfig BUDGET = BudgetConfig.defaults();
    private static final Backoff BACKOFF = Backoff.defaults();
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration BEFORE = Duration.ofNanos(-1);

    @Test
    void eachChangeOfTheRetryChangesThatAlone() {
        assertThat(between(RETRY, RETRY.withMaxAttempts(1))).containsExactly("maxAttempts=1");
        assertThat(between(RETRY, RETRY.withBackoff(BACKOFF.withMultiplier(3)))).hasSize(1);
        assertThat(between(RETRY, RETRY.withWaitHere(Duration.ZERO))).containsExactly("waitHere=PT0S");
        assertThat(between(RETRY, RETRY.withMaxWait(Duration.ZERO))).containsExactly("maxWait=PT0S");
        assertThat(between(RETRY, RETRY.withMinUseful(Duration.ZERO))).containsExactly("minUseful=PT0S");
        assertThat(RETRY.withAttempts(Category.SERVER_ERROR, 1).attemptsPerCategory())
                .isEqualTo(Map.of(Category.UNKNOWN, 2, Category.SERVER_ERROR, 1));
    }

    @Test
    void retryThatCannotBeIsRefusedByName() {
        refused(() -> RETRY.withMaxAttempts(0), "maxAttempts must be at least 1 (1 means no retry): 0");
        refused(() -> RETRY.withWaitHere(BEFORE), "waitHere must not be negative");
        refused(() -> RETRY.withMaxWait(BEFORE), "maxWait must not be negative");
        refused(() -> RETRY.withMinUseful(BEFORE), "minUseful must not be negative");
        refused(() -> RETRY.withAttempts(Category.TIMEOUT, 0), "must be at least 1, but timeout has 0");
    }

    @Test
    void boundsOfCategoriesCannotBeChangedAfterwards() {
        Map<Category, Integer> mine = new HashMap<>(Map.of(Category.UNKNOWN, 2));
        RetryConfig config = new RetryConfig(3, BACKOFF, SECOND, SECOND, SECOND, mine);

        mine.put(Category.UNKNOWN, 9);

        assertThat(config.attemptsPerCategory()).isEqualTo(Map.of(Category.UNKNOWN, 2));
        assertThatThrownBy(() -> config.attemptsPerCategory().put(Category.UNKNOWN, 9))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void eachChangeOfTheBudgetChangesThatAlone() {
        assertThat(between(BUDGET, BudgetConfig.disabled())).containsExactly("enabled=false");
        assertThat(between(BUDGET, BUDGET.withCapacity(14))).containsExactly("capacity=14");
        assertThat(between(BUDGET, BUDGET.withCost(0))).containsExactly("cost=0");
        assertThat(between(BUDGET, BUDGET.withThrottledCost(0))).containsExactly("throttledCost=0");
        assertThat(between(BUDGET, BUDGET.withRefillPerSecond(0))).containsExactly("refillPerSecond=0.0");
    }

    @Test
    void budgetThatCannotBeIsRefusedByName() {
        refused(() -> BUDGET.withCapacity(0), "budget capacity must be at least 1: 0");
        refused(() -> BUDGET.withCost(-1), "budget cost must be from 0 to the capacity 500: -1");
        refused(() -> BUDGET.withCost(501), "budget cost must be from 0 to the capacity 500: 501");
        assertThat(BUDGET.withCost(500).cost()).isEqualTo(500);
        assertThat(BUDGET.withCost(0).cost()).isZero();
        assertThat(BUDGET.withThrottledCost(0).throttledCost()).isZero();
        assertThat(BUDGET.withRefillPerSecond(0).refillPerSecond()).isZero();
        refused(() -> BUDGET.withThrottledCost(-1), "budget throttledCost must be from 0 to the capacity 500: -1");
        refused(() -> BUDGET.withThrottledCost(501), "budget throttledCost must be from 0 to the capacity 500: 501");
        assertThat(BUDGET.withThrottledCost(500).throttledCost()).isEqualTo(500);
        for (double rate : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(() -> BUDGET.withRefillPerSecond(rate), "budget refillPerSecond must be finite and not negative");
        }
    }

    @Test
    void eachChangeOfTheBackoffChangesThatAlone() {
        assertThat(between(BACKOFF, BACKOFF.withJitter(Jitter.EQUAL))).containsExactly("jitter=EQUAL");
        assertThat(between(BACKOFF, BACKOFF.withInitial(Duration.ZERO))).containsExactly("initial=PT0S");
        assertThat(between(BACKOFF, BACKOFF.withMultiplier(1))).containsExactly("multiplier=1.0");
        assertThat(between(BACKOFF, BACKOFF.withCap(Duration.ZERO))).containsExactly("cap=PT0S");
        assertThat(Backoff.fixed(SECOND)).isEqualTo(new Backoff(Backoff.Kind.FIXED, SECOND, 1.0, SECOND, Jitter.NONE));
    }

    @Test
    void backoffThatCannotBeIsRefusedByName() {
        refused(() -> BACKOFF.withInitial(BEFORE), "backoff initial must not be negative");
        refused(() -> BACKOFF.withCap(BEFORE), "backoff cap must not be negative");
        for (double multiplier : new double[] {0.99, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(() -> BACKOFF.withMultiplier(multiplier), "backoff multiplier must be at least 1 and finite");
        }
    }

    @Test
    void retriesCostNothingWhereTheBudgetIsOff() {
        assertThat(new RetryBudget(BudgetConfig.disabled()).cost(true)).isZero();
        assertThat(new RetryBudget(BudgetConfig.disabled()).cost(false)).isZero();
        assertThat(new RetryBudget(BUDGET).cost(true)).isEqualTo(5);
        assertThat(new RetryBudget(BUDGET).cost(false)).isEqualTo(14);
    }

    @Test
    void whatCostsNothingIsAlwaysThere() {
        RetryBudget budget = new RetryBudget(BUDGET);
        budget.tryWithdraw(500, 0);

        assertThat(budget.tryWithdraw(1, 0)).isFalse();
        assertThat(budget.tryWithdraw(0, 0)).isTrue();
    }

    @Test
    void successReturnsOneAndARetrysWhatItCostAndAThird() {
        RetryBudget budget = new RetryBudget(BUDGET.withRefillPerSecond(0));
        budget.tryWithdraw(500, 0);

        budget.success(0, 0);
        assertThat(budget.tokens(0)).isEqualTo(1);
        budget.success(14, 0);
        assertThat(budget.tokens(0)).isEqualTo(19);
        budget.success(5, 0);
        assertThat(budget.tokens(0)).isEqualTo(25);
    }

    @Test
    void whatHasFlownBackMeanwhileIsThereThoughNobodyLooked() {
        RetryBudget budget = new RetryBudget(BUDGET.withRefillPerSecond(2));
        budget.tryWithdraw(500, 0);

        assertThat(budget.tryWithdraw(6, 3_000_000_000L)).isTrue();
        assertThat(budget.tryWithdraw(1, 3_000_000_000L)).isFalse();
    }

    @Test
    void whatFlowsBackBeforeADepositAndAfterItIsNeverMoreThanFitsIn() {
        RetryBudget budget = new RetryBudget(BUDGET.withRefillPerSecond(2));
        budget.tryWithdraw(10, 0);

        budget.deposit(9, 5_000_000_000L);
        budget.tryWithdraw(10, 5_000_000_000L);

        assertThat(budget.tokens(5_000_000_000L)).isEqualTo(490);
    }

    private static void refused(Runnable change, String message) {
        assertThatThrownBy(change::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}

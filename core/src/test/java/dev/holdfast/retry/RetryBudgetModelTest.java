// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.RandomRuns;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetModelTest {
    private record Step(int kind, int amount) {}

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 64, 500})
    void budgetBehavesLikeOneNumber(int capacity) {
        RandomRuns.play(
                capacity,
                300,
                200,
                random -> new Step(random.nextInt(3), random.nextInt(20)),
                steps -> compare(capacity, steps));
    }

    private static void compare(int capacity, List<Step> steps) {
        RetryBudget budget = new RetryBudget(BudgetConfig.defaults().withCapacity(capacity));
        double model = capacity;
        long now = 0;
        for (Step step : steps) {
            if (step.kind() == 0) {
                boolean enough = model >= step.amount();
                assertThat(budget.tryWithdraw(step.amount(), now)).isEqualTo(enough);
                model -= enough ? step.amount() : 0;
            } else if (step.kind() == 1) {
                budget.deposit(step.amount(), now);
                model = Math.min(capacity, model + step.amount());
            } else {
                now += step.amount() * 10_000_000_000L;
                model = Math.min(capacity, model + step.amount());
            }
            assertThat(budget.tokens(now)).isEqualTo(model, within(1e-6));
        }
    }
}

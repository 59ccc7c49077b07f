// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.RandomRuns;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                random -> new Step(random.nextInt(4), random.nextInt(20)),
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
            } else if (step.kind() == 2) {
                budget.success(step.amount(), now);
                model = Math.min(capacity, model + (step.amount() == 0 ? 1 : step.amount() + step.amount() / 3));
            } else {
                now += step.amount() * 10_000_000_000L;
                model = Math.min(capacity, model + step.amount());
            }
            assertThat(budget.tokens(now)).isEqualTo(model, within(1e-6));
        }
    }

    /** The same failures for an hour at ten calls a second, retries at once; what is asked is how many of them are paid for. */
    @ParameterizedTest
    @CsvSource({"0.10, 1.0, 1.0", "0.30, 0.99, 1.0", "0.40, 0.4, 0.8", "0.60, 0.1, 0.4"})
    void retriesThatHelpAreSustainedUpToThreeFailuresInTen(double failures, double atLeast, double atMost) {
        Random random = new Random(7);

        double paid = paid(failures, () -> random.nextDouble() >= failures);

        assertThat(paid).isBetween(atLeast, atMost);
    }

    /** At a target that fails because it is asked too much, what is asked on top of the rest fails. */
    @Test
    void retriesThatDoNotHelpGiveOutAndThenOneIsPaidByFourteenSuccesses() {
        double failures = 0.3;

        double paid = paid(failures, () -> false);

        assertThat(paid * failures).isCloseTo((1 - failures) / 14, within(0.01));
    }

    /** The part of the wanted retries that the budget pays for, of calls that make three attempts at the most. */
    private static double paid(double failures, BooleanSupplier retrySucceeds) {
        RetryBudget budget = new RetryBudget(BudgetConfig.defaults());
        Random random = new Random(42);
        int cost = budget.cost(false);
        int wanted = 0;
        int paid = 0;
        for (long now = 0; now < 3_600_000_000_000L; now += 100_000_000) {
            if (random.nextDouble() >= failures) {
                budget.success(0, now);
                continue;
            }
            for (int retry = 0; retry < 2; retry++) {
                wanted++;
                if (!budget.tryWithdraw(cost, now)) {
                    break;
                }
                paid++;
                if (retrySucceeds.getAsBoolean()) {
                    budget.success(cost, now);
                    break;
                }
            }
        }
        return (double) paid / wanted;
    }
}

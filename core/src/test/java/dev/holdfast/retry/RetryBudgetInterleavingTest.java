// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import dev.holdfast.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetInterleavingTest {
    /** The checker makes the objects that it plays with, so what they are made of stands here. */
    private static volatile int capacity;

    /** Three tokens a second flow back; seconds differ from thread to thread as clocks do. */
    @Param(name = "amount", gen = IntGen.class, conf = "0:3")
    public static class Budget {
        private final RetryBudget budget = new RetryBudget(new BudgetConfig(true, capacity, 1, 1, 3));

        @Operation
        public boolean withdraw(@Param(name = "amount") int amount) {
            return budget.tryWithdraw(amount, 0);
        }

        @Operation
        public void deposit(@Param(name = "amount") int amount) {
            budget.deposit(amount, 0);
        }

        @Operation
        public void success(@Param(name = "amount") int paid) {
            budget.success(paid, 0);
        }

        @Operation
        public double tokens() {
            return budget.tokens(0);
        }

        @Operation
        public double tokensLater() {
            return budget.tokens(1_000_000_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void budgetIsSpentAndFilledAsIfOneAfterTheOther(int size) {
        capacity = size;

        Interleavings.check(Budget.class);
    }
}

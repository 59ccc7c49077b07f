// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Targets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers that were told the same wait must not all come back at its end, and none before it. */
class HintJitterTest {
    private static final long SEED = 20_261_125;
    private static final int CALLS = Math.max(500, RandomRuns.part(2_000));
    private static final double MILLI = 1_000_000;
    private static final Targets ONE = Targets.named("a/one");

    /** A tenth of the hint, at most a second, and never beyond the longest wait of 300 s; a longer backoff is the base. */
    @ParameterizedTest
    @CsvSource({
        "200,0,200,220",
        "2000,0,2000,2200",
        "10000,0,10000,11000",
        "60000,0,60000,61000",
        "299500,0,299500,300000",
        "2000,5000,5000,5200"
    })
    void waitIsUniformFromTheHintToATenthMore(long hint, long backoff, long low, long high) {
        Spread waits = waits(Duration.ofMillis(hint), Duration.ofMillis(backoff));

        waits.assertUniform(low * MILLI, high * MILLI);
    }

    @Test
    void hintOfTheLongestWaitIsKeptExactly() {
        Spread waits = waits(Duration.ofMinutes(5), Duration.ZERO);

        assertThat(waits.distinct()).isOne();
        assertThat(waits.min()).isEqualTo(Duration.ofMinutes(5).toNanos());
    }

    private static Spread waits(Duration hint, Duration backoff) {
        VirtualHoldfast holdfast = new VirtualHoldfast(SEED, config -> config.withBackoff(Backoff.fixed(backoff))
                .withBudget(BudgetConfig.disabled())
                .withCircuit(CircuitConfig.disabled()));
        Spread waits = Spread.draw(SEED, CALLS, () -> {
            long before = holdfast.time.nanos();
            holdfast.call(ONE, fault(Category.SERVER_ERROR, hint), "x");
            holdfast.run();
            return holdfast.started.get(holdfast.started.size() - 1).at().toNanos() - before;
        });
        holdfast.assertAllReturned();
        return waits;
    }
}

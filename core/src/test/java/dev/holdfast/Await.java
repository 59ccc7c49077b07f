// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** For tests that need real time: waits, with patience, for what another thread brings about. */
public final class Await {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private Await() {}

    /** Fails where the condition does not hold within half a minute. */
    public static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < PATIENCE_NANOS) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}

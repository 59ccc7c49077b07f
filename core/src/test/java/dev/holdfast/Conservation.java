// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** The check that ends each test of the engine: everything that was taken has come back. */
public final class Conservation {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private Conservation() {}

    /** All slots, probe places, waiters and timers are back. The engine must have its timer for itself. */
    public static void assertAllReturned(Holdfast holdfast) {
        assertThat(holdfast.info()).isEqualTo(new EngineInfo(0, 0, 0, 0));
    }

    /** As {@link #assertAllReturned}, for real time: what was just cancelled may still be on its way back. */
    public static void awaitAllReturned(Holdfast holdfast) {
        long start = System.nanoTime();
        while (!holdfast.info().equals(new EngineInfo(0, 0, 0, 0)) && System.nanoTime() - start < PATIENCE_NANOS) {
            Thread.onSpinWait();
        }
        assertAllReturned(holdfast);
    }
}

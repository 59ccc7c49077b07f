// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.time.Duration;
import java.util.Objects;

/**
 * How fast the number of attempts at one target may grow. Immutable.
 *
 * @param enabled default true
 * @param floor attempts at once that any target gets without having shown anything; at least 1, default 10
 * @param peakWindow how long a peak counts as recent: a target starts at the floor or at twice its recent peak; positive,
 *     default 60 s
 */
public record RampConfig(boolean enabled, int floor, Duration peakWindow) {
    public RampConfig {
        Objects.requireNonNull(peakWindow, "peakWindow");
        if (floor < 1) {
            throw new IllegalArgumentException("ramp floor must be at least 1: " + floor);
        }
        if (peakWindow.isNegative() || peakWindow.isZero()) {
            throw new IllegalArgumentException("ramp peakWindow must be positive: " + peakWindow);
        }
    }

    public static RampConfig defaults() {
        return new RampConfig(true, 10, Duration.ofSeconds(60));
    }

    public static RampConfig disabled() {
        return defaults().withEnabled(false);
    }

    public RampConfig withEnabled(boolean newEnabled) {
        return new RampConfig(newEnabled, floor, peakWindow);
    }

    public RampConfig withFloor(int newFloor) {
        return new RampConfig(enabled, newFloor, peakWindow);
    }

    public RampConfig withPeakWindow(Duration newWindow) {
        return new RampConfig(enabled, floor, newWindow);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The rule under an admission: what each outcome and each half of a window make of the limit, and whether it says so. */
class RampTest {
    private static final long HALF = 30_000_000_000L;

    private final Ramp ramp = new Ramp(RampConfig.defaults().withPeakWindow(Duration.ofSeconds(60)));

    @Test
    void commitsAfterARefusalGrowNothingUntilTheFloorIsThrough() {
        ramp.overloaded(10);

        for (int commit = 0; commit < 10; commit++) {
            assertThat(ramp.committed()).isFalse();
        }
        assertThat(ramp.committed()).isTrue();

        assertThat(ramp.limit()).isEqualTo(11);
    }

    @Test
    void limitThatIsNoneGrowsNoFurther() {
        ramp.restart(Admission.NO_LIMIT, 0, 0);

        assertThat(ramp.committed()).isFalse();

        assertThat(ramp.limit()).isEqualTo(Admission.NO_LIMIT);
    }

    @Test
    void refusalSaysWhetherTheLimitHasFallen() {
        assertThat(ramp.overloaded(10)).as("at the floor").isFalse();
        ramp.restart(12, 0, 0);

        assertThat(ramp.overloaded(12)).isTrue();
        assertThat(ramp.limit()).isEqualTo(11);
        assertThat(new Ramp(RampConfig.disabled()).overloaded(12)).isFalse();
    }

    @Test
    void peakOfAHalfCountsUntilTheNextHalfHasPassedWhole() {
        ramp.roll(0, 0, false, 0);
        ramp.roll(20, 1, false, 2 * HALF - 1);
        assertThat(ramp.limit()).isEqualTo(40);

        ramp.roll(20, 1, false, 4 * HALF - 1);

        assertThat(ramp.limit()).as("nobody has entered for a half").isEqualTo(10);
    }
}

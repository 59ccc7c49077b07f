// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rule under an admission: what each outcome makes of the limit, and whether it says so. */
class AdaptiveLimitTest {
    private final AdaptiveLimit limit =
            new AdaptiveLimit(ConcurrencyConfig.defaults().withAdaptive(true));

    @Test
    void beforeTheFirstThrottlingThereIsNothingToGrow() {
        assertThat(limit.committed(true)).isFalse();

        assertThat(limit.active()).isFalse();
        assertThat(limit.limit()).isEqualTo(Admission.NO_LIMIT);
    }

    @Test
    void throttlingChangesNothingWhereItIsSwitchedOff() {
        AdaptiveLimit off = new AdaptiveLimit(ConcurrencyConfig.defaults());

        assertThat(off.overloaded(10)).isFalse();

        assertThat(off.active()).isFalse();
    }

    @Test
    void onlyTheLastCommitOfARoundGrowsIt() {
        assertThat(limit.overloaded(10)).isTrue();
        assertThat(limit.limit()).isEqualTo(7);

        for (int commit = 1; commit < 7; commit++) {
            assertThat(limit.committed(true)).as("commit %d", commit).isFalse();
        }
        assertThat(limit.committed(true)).isTrue();

        assertThat(limit.limit()).isEqualTo(8);
    }

    @Test
    void commitsThatDoNotBindEndARoundOfThrottlingAndGrowNothing() {
        limit.overloaded(10);
        for (int commit = 0; commit < 6; commit++) {
            assertThat(limit.committed(false)).isFalse();
        }

        assertThat(limit.overloaded(7)).as("the seventh outcome since the cut").isFalse();
        assertThat(limit.limit()).isEqualTo(7);
        assertThat(limit.overloaded(7)).isTrue();

        assertThat(limit.limit()).isEqualTo(4);
    }
}

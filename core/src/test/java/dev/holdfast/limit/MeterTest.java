// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeterTest {
    /** One unit a second, of which ten may come at once. */
    private static final Known LIMIT = Known.configured(60, Duration.ofSeconds(10));

    private static final long UNIT_NANOS = 1_000_000_000L;

    private final Meter meter = new Meter();

    @Test
    void whatOthersHaveFollowedOnIsNotPutBack() {
        long first = meter.take(LIMIT, 3, 0);
        long second = meter.take(LIMIT, 2, 0);

        assertThat(meter.putBack(LIMIT, 3, first)).isFalse();
        assertThat(meter.fullAtNanos()).isEqualTo(5 * UNIT_NANOS);
        assertThat(meter.putBack(LIMIT, 2, second)).isTrue();
        assertThat(meter.fullAtNanos()).isEqualTo(3 * UNIT_NANOS);
    }

    @Test
    void numberIsSetOnlyWhereItIsTheExpectedOne() {
        assertThat(meter.set(1, 5)).isFalse();
        assertThat(meter.fullAtNanos()).isZero();

        assertThat(meter.set(0, 5)).isTrue();

        assertThat(meter.fullAtNanos()).isEqualTo(5);
    }

    @Test
    void whatCostsNothingChangesNothing() {
        assertThat(meter.take(LIMIT, 0, 7)).isZero();
        meter.shareOut();
        assertThat(meter.take(LIMIT, 0, 7)).isZero();
        meter.correct(0, 7);

        assertThat(meter.fullAtNanos()).isZero();
    }

    @Test
    void takenAloneTheNumberAfterItIsTold() {
        meter.shareOut();

        long after = meter.take(LIMIT, 3, 0);

        assertThat(after).isEqualTo(3 * UNIT_NANOS).isEqualTo(meter.fullAtNanos());
        assertThat(meter.putBack(LIMIT, 3, after)).isTrue();
    }
}

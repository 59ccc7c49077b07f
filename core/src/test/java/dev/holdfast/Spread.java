// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/** Many waits that chance has spread, looked at as a distribution. */
public record Spread(long seed, long[] nanos) {
    private static final int MANY = RandomRuns.part(20_000);

    /** Draws 20,000 waits, whose chance comes from this seed; fewer where runs are played in part. */
    public static Spread draw(long seed, LongSupplier wait) {
        return draw(seed, MANY, wait);
    }

    public static Spread draw(long seed, int count, LongSupplier wait) {
        return new Spread(
                seed, LongStream.range(0, count).map(i -> wait.getAsLong()).toArray());
    }

    /** Uniform between these, both ends included: minimum, maximum, mean, and nearly all different. */
    public void assertUniform(double lowNanos, double highNanos) {
        double span = highNanos - lowNanos;
        double edge = span * 10 / nanos.length;
        assertThat((double) min()).as("least, seed %d", seed).isBetween(lowNanos, lowNanos + edge);
        assertThat((double) max()).as("most, seed %d", seed).isBetween(highNanos - edge, highNanos);
        assertMean(lowNanos + span / 2, span * 3 / Math.sqrt(nanos.length));
        assertThat(distinct()).as("distinct, seed %d", seed).isGreaterThan(nanos.length * 199L / 200);
    }

    public void assertMean(double meanNanos, double toleranceNanos) {
        assertThat(LongStream.of(nanos).average().orElseThrow())
                .as("mean, seed %d", seed)
                .isBetween(meanNanos - toleranceNanos, meanNanos + toleranceNanos);
    }

    public long min() {
        return LongStream.of(nanos).min().orElseThrow();
    }

    public long max() {
        return LongStream.of(nanos).max().orElseThrow();
    }

    public long distinct() {
        return LongStream.of(nanos).distinct().count();
    }
}

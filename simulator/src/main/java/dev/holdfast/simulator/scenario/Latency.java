// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** A distribution of times until the first content. Samples are never negative and never above {@link #MOST}. */
public sealed interface Latency {
    Duration MOST = Duration.ofHours(1);

    /** Always the same. */
    record Fixed(Duration value) implements Latency {}

    /** Every value between the two alike. */
    record Uniform(Duration min, Duration max) implements Latency {}

    /** Memoryless, of that mean. */
    record Exponential(Duration mean) implements Latency {}

    /** The bell curve, cut off at 0. */
    record Normal(Duration mean, Duration deviation) implements Latency {}

    /** The usual shape of real latencies: half below {@code median}, one in a hundred above {@code p99}. */
    record LogNormal(Duration median, Duration p99) implements Latency {}

    /** One sample, in nanoseconds. Draws once, whatever the distribution. */
    default long sampleNanos(RandomGenerator random) {
        return (long) Math.max(0, Math.min(MOST.toNanos(), rawNanos(random)));
    }

    private double rawNanos(RandomGenerator random) {
        if (this instanceof Fixed fixed) {
            return fixed.value().toNanos();
        }
        if (this instanceof Uniform uniform) {
            long min = uniform.min().toNanos();
            return min + random.nextDouble() * (uniform.max().toNanos() - min);
        }
        if (this instanceof Exponential exponential) {
            return random.nextExponential() * exponential.mean().toNanos();
        }
        if (this instanceof Normal normal) {
            return normal.mean().toNanos()
                    + random.nextGaussian() * normal.deviation().toNanos();
        }
        LogNormal logNormal = (LogNormal) this;
        // 2.3263 standard deviations lie between the median and the 99th percentile of a normal distribution
        double sigma =
                Math.log((double) logNormal.p99().toNanos() / logNormal.median().toNanos()) / 2.3263;
        return logNormal.median().toNanos() * Math.exp(sigma * random.nextGaussian());
    }
}

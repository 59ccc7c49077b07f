// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.ScenarioResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mean over neighbours, as wide as a few dozen calls need, so that what is drawn is the engine and not the dice. With many
 * calls in each bucket nothing is changed.
 */
final class Smoothing {
    private static final double CALLS = 40;
    private static final int MOST_OF_ALL = 20;
    private static final int FEW_BUCKETS = 20;

    private final Duration bucket;
    private final int radius;
    private final int length;

    Smoothing(ScenarioResult scenario) {
        int buckets = scenario.offered().size();
        double calls = scenario.offered().stream().mapToLong(Long::longValue).sum();
        double wanted = calls == 0 ? 1 : Math.ceil(CALLS * buckets / calls);
        this.bucket = scenario.bucket();
        this.radius = (int) Math.min(buckets / MOST_OF_ALL, Math.floor(wanted / 2));
        // The last bucket holds all that ended after it too, which is no rate.
        this.length = buckets > FEW_BUCKETS ? buckets - 1 : buckets;
    }

    /** For a caption; empty where nothing is changed. */
    String words() {
        return radius == 0 ? "" : ", mean over " + Figures.duration(bucket.multipliedBy(2L * radius + 1));
    }

    /** The mean around each bucket. */
    List<Double> mean(List<Double> values) {
        List<Double> means = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            double sum = 0;
            int from = Math.max(0, Math.min(i, length - 1) - radius);
            int to = Math.min(Math.min(values.size(), length), i + radius + 1);
            for (int j = from; j < to; j++) {
                sum += values.get(j);
            }
            means.add(sum / Math.max(1, to - from));
        }
        return means;
    }

    /** The mean around each bucket, of those that have a value, by how many calls it speaks for. */
    List<@Nullable Double> mean(List<@Nullable Double> values, List<Long> calls) {
        List<@Nullable Double> means = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            double sum = 0;
            double weight = 0;
            for (int j = Math.max(0, i - radius); j < Math.min(values.size(), i + radius + 1); j++) {
                Double value = values.get(j);
                if (value != null) {
                    sum += value * Math.max(1, calls.get(j));
                    weight += Math.max(1, calls.get(j));
                }
            }
            means.add(weight == 0 ? null : Double.valueOf(sum / weight));
        }
        return means;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

/**
 * Who calls when: an open loop, so that callers do not slow down because the servers do. Immutable by convention: the arrays
 * are not to be written to.
 *
 * @param startNanos of each call since the start of the storm, ascending
 * @param poison whether the call is malformed
 */
public record Arrivals(long[] startNanos, boolean[] poison) {
    private static final double NANOS = 1e9;

    /** Poisson arrivals; the same for the same seed. When calls come and which are malformed have chances of their own. */
    public static Arrivals of(Storm storm, long seed) {
        SplittableRandom root = new SplittableRandom(seed);
        SplittableRandom gaps = root.split();
        SplittableRandom kinds = root.split();
        double end = storm.duration().toNanos() / NANOS;
        double[] last = {0};
        double[] starts = DoubleStream.generate(() -> last[0] += gaps.nextExponential() / storm.callsPerSecond())
                .takeWhile(start -> start < end)
                .toArray();
        long[] startNanos = new long[starts.length];
        boolean[] poison = new boolean[starts.length];
        for (int i = 0; i < starts.length; i++) {
            startNanos[i] = (long) (starts[i] * NANOS);
            poison[i] = kinds.nextDouble() < storm.poison();
        }
        return new Arrivals(startNanos, poison);
    }

    /** How many calls. */
    public int size() {
        return startNanos.length;
    }

    /** How many calls start in each bucket of the storm. */
    public long[] perBucket(Storm storm) {
        long[] offered = new long[storm.buckets()];
        for (long start : startNanos) {
            offered[storm.bucketOf(start)]++;
        }
        return offered;
    }

    /** The first call that starts at that moment or later; {@link #size()} where none does. */
    public int firstFrom(long atNanos) {
        int low = 0;
        int high = startNanos.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (startNanos[middle] < atNanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

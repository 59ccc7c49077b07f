// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** What was measured: for each benchmark on each JDK with each number of threads, one entry for each fork. */
final class Measurements {
    private final Map<Key, List<Fork>> forks = new HashMap<>();
    private final Map<Integer, Waiting> waiting = new HashMap<>();

    /** One benchmark in one setting; the threads are those of the system, or virtual ones. */
    record Key(String benchmark, int jdk, int threads, boolean virtual) {
        Key(String benchmark, int jdk, int threads) {
            this(benchmark, jdk, threads, false);
        }
    }

    /** One JVM: average of its iterations, its best iteration, bytes allocated for each operation. */
    record Fork(double averageNanos, double bestNanos, double bytes) {}

    /** What each of a million waiting retries held, and how many timers were left after their cancellation. */
    record Waiting(long bytes, long timersLeft) {}

    void add(int jdk, Waiting retries) {
        waiting.put(jdk, retries);
    }

    Waiting waiting(int jdk) {
        Waiting known = waiting.get(jdk);
        if (known == null) {
            throw new IllegalStateException("waiting retries not measured on JDK " + jdk);
        }
        return known;
    }

    void add(Key key, Fork fork) {
        forks.computeIfAbsent(key, ignored -> new ArrayList<>()).add(fork);
    }

    boolean has(Key key) {
        return forks.containsKey(key);
    }

    /** The median of the forks' averages. */
    double nanos(Key key) {
        return median(key, Fork::averageNanos);
    }

    /** The best iteration of all forks: the machine's other work is least in it. */
    double bestNanos(Key key) {
        return of(key).stream().mapToDouble(Fork::bestNanos).min().orElseThrow();
    }

    /** The median of the forks' bytes for each operation. */
    double bytes(Key key) {
        return median(key, Fork::bytes);
    }

    /** All benchmarks, by name. */
    TreeSet<String> benchmarks() {
        TreeSet<String> names = new TreeSet<>();
        forks.keySet().forEach(key -> names.add(key.benchmark()));
        return names;
    }

    private double median(Key key, ToDoubleFunction<Fork> what) {
        double[] sorted = of(key).stream().mapToDouble(what).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private List<Fork> of(Key key) {
        List<Fork> known = forks.get(key);
        if (known == null) {
            throw new IllegalStateException("not measured: " + key);
        }
        return known;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.bench.Measurements.Key;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is to be reached, and what was: a number, its limit, and how it is written.
 *
 * @param what in words
 * @param limit that must not be exceeded
 * @param format of number and limit
 * @param measure yields the number on one JDK
 * @param cause why it is missed where it is, from a profile; null where nothing is known to say
 */
record Reach(
        String what,
        double limit,
        String format,
        Measure measure,
        @Nullable Cause cause) {
    Reach(String what, double limit, String format, Measure measure) {
        this(what, limit, format, measure, null);
    }

    /** Takes the number from what was measured on one JDK. */
    interface Measure {
        double on(int jdk, Measurements measured);
    }

    static List<Reach> all() {
        return List.of(
                ratio("asynchronous call, 1 thread: time beside resilience4j", 0.5, "AsyncBenchmark", "resilience4j", 1)
                        .because(Cause.ASYNC),
                ratio(
                                "asynchronous call, 2 threads on one target: time beside resilience4j",
                                0.25,
                                "AsyncBenchmark",
                                "resilience4j",
                                2)
                        .because(Cause.TWO_THREADS),
                fullStack("asynchronous call with a pacer on top, 1 thread: time beside resilience4j", 0.5, 1)
                        .because(Cause.ASYNC),
                fullStack(
                                "asynchronous call with a pacer on top, 2 threads on one target: time beside resilience4j",
                                0.25,
                                2)
                        .because(Cause.TWO_THREADS),
                ratio("asynchronous call, 1 thread: time beside Failsafe", 0.1, "AsyncBenchmark", "failsafe", 1),
                bytes("asynchronous call: allocated", 120, "AsyncBenchmark.holdfast"),
                bytes("asynchronous call with a pacer on top: allocated", 120, "FullStackBenchmark.async"),
                ratio("blocking call, 1 thread: time beside resilience4j", 0.8, "BlockingBenchmark", "resilience4j", 1)
                        .because(Cause.BLOCKING),
                ratio("blocking call, 1 thread: time beside Failsafe", 0.4, "BlockingBenchmark", "failsafe", 1)
                        .because(Cause.BLOCKING),
                nanos("an open circuit's \"no\", the clock aside", 20, "RejectionBenchmark.noHoldfast"),
                bytes("an open circuit's \"no\": allocated", 0, "RejectionBenchmark.noHoldfast"),
                nanos("rejected call with its exception", 300, "RejectionBenchmark.callHoldfast"),
                bytes("rejected call with its exception: allocated", 400, "RejectionBenchmark.callHoldfast"),
                nanos("insert and cancel among 1,000,000 waiting timers", 300, "TimerBenchmark.insertAndCancel"),
                new Reach(
                        "1,000,000 waiting retries: each holds", 250, "%.0f B", (jdk, measured) -> measured.waiting(jdk)
                                .bytes()),
                new Reach("timers left after cancelling them all", 0, "%.0f", (jdk, measured) -> measured.waiting(jdk)
                        .timersLeft()),
                new Reach(
                        "classify a typical error response, the slowest of those below",
                        5000,
                        "%.0f ns",
                        Reach::slowestClassification),
                nanos("a step of a graph, without checkpoints", 20_000, "GraphBenchmark.holdfast"));
    }

    private static Reach ratio(String what, double limit, String benchmark, String peer, int threads) {
        return new Reach(
                what,
                limit,
                "%.2f",
                (jdk, measured) -> measured.nanos(new Key(benchmark + ".holdfast", jdk, threads))
                        / measured.nanos(new Key(benchmark + '.' + peer, jdk, threads)));
    }

    private static Reach fullStack(String what, double limit, int threads) {
        return new Reach(
                what,
                limit,
                "%.2f",
                (jdk, measured) -> measured.nanos(new Key("FullStackBenchmark.async", jdk, threads))
                        / measured.nanos(new Key("AsyncBenchmark.resilience4j", jdk, threads)));
    }

    private static Reach nanos(String what, double limit, String benchmark) {
        return new Reach(what, limit, "%.0f ns", (jdk, measured) -> measured.nanos(new Key(benchmark, jdk, 1)));
    }

    private static Reach bytes(String what, double limit, String benchmark) {
        // Less than half a byte is what the harness itself allocates over the whole run.
        return new Reach(
                what, limit, "%.0f B", (jdk, measured) -> Math.rint(measured.bytes(new Key(benchmark, jdk, 1))));
    }

    private static double slowestClassification(int jdk, Measurements measured) {
        return measured.benchmarks().stream()
                .filter(name -> name.startsWith("ClassificationBenchmark."))
                .map(name -> measured.nanos(new Key(name, jdk, 1)))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private Reach because(Cause why) {
        return new Reach(what, limit, format, measure, why);
    }

    boolean isMissed(int jdk, Measurements measured) {
        return measure.on(jdk, measured) > limit;
    }

    String limitText() {
        return String.format(Locale.ROOT, format, limit);
    }

    String text(int jdk, Measurements measured) {
        double number = measure.on(jdk, measured);
        return String.format(Locale.ROOT, format, number) + (isMissed(jdk, measured) ? ", **missed**" : ", met");
    }
}

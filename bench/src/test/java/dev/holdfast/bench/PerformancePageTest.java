// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bench.Measurements.Fork;
import dev.holdfast.bench.Measurements.Key;
import dev.holdfast.bench.Measurements.Waiting;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerformancePageTest {
    private static final Machine MACHINE = new Machine("some processor", 2, "some system", 0.5);
    private static final List<String> ONE_THREAD = List.of(
            "AsyncBenchmark.failsafe",
            "RejectionBenchmark.noHoldfast",
            "RejectionBenchmark.callHoldfast",
            "TimerBenchmark.insertAndCancel",
            "BlockingBenchmark.holdfast",
            "BlockingBenchmark.resilience4j",
            "BlockingBenchmark.failsafe",
            "ClassificationBenchmark.classify OVERLOADED");

    private final Measurements measured = new Measurements();

    @Test
    void saysWhatWasMetAndWhatWasMissed() {
        ONE_THREAD.forEach(name -> measured.add(new Key(name, 17, 1), new Fork(1000, 900, 0)));
        for (int threads = 1; threads <= 2; threads++) {
            measured.add(new Key("AsyncBenchmark.holdfast", 17, threads), new Fork(90, 80, 121));
            measured.add(new Key("AsyncBenchmark.resilience4j", 17, threads), new Fork(200, 190, 256));
        }
        measured.add(17, new Waiting(251, 0));

        String page = new PerformancePage(
                        MACHINE, MACHINE, List.of(new Jdk(17, "17.0.1", Path.of("java"))), measured, false, 1)
                .text();

        assertThat(page)
                .contains("asynchronous call, 1 thread: time beside resilience4j | 0.50 | 0.45, met |")
                .contains("2 threads on one target: time beside resilience4j | 0.25 | 0.45, **missed** |")
                .contains("asynchronous call: allocated | 120 B | 121 B, **missed** |")
                .contains("1,000,000 waiting retries: each holds | 250 B | 251 B, **missed** |")
                .contains("timers left after cancelling them all | 0 | 0, met |")
                .contains("| Async holdfast | 2 | 90.0 (80.0) | 121 |");
    }

    @Test
    void takesTheMedianOfTheForksAndTheBestIterationOfAll() {
        Key key = new Key("some", 17, 1);
        measured.add(key, new Fork(300, 250, 10));
        measured.add(key, new Fork(100, 90, 30));
        measured.add(key, new Fork(120, 80, 20));

        assertThat(measured.nanos(key)).isEqualTo(120);
        assertThat(measured.bestNanos(key)).isEqualTo(80);
        assertThat(measured.bytes(key)).isEqualTo(20);
    }
}

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
            "ClassificationBenchmark.classify OVERLOADED",
            "GraphBenchmark.holdfast");

    private static final Jdk JDK_17 = new Jdk(17, "17.0.1", Path.of("java"));
    private static final Jdk JDK_25 = new Jdk(25, "25.0.1", Path.of("java"));

    private final Measurements measured = new Measurements();

    @Test
    void saysWhatWasMetAndWhatWasMissed() {
        measureAll(17);

        String page = page(false, JDK_17);

        assertThat(page)
                .contains("asynchronous call, 1 thread: time beside resilience4j | 0.50 | 0.45, met |")
                .contains("2 threads on one target: time beside resilience4j | 0.25 | 0.45, **missed** |")
                .contains("call with a pacer on top, 1 thread: time beside resilience4j | 0.50 | 0.55, **missed** |")
                .contains("asynchronous call: allocated | 120 B | 121 B, **missed** |")
                .contains("1,000,000 waiting retries: each holds | 250 B | 251 B, **missed** |")
                .contains("timers left after cancelling them all | 0 | 0, met |")
                .contains("a step of a graph, without checkpoints | 20000 ns | 1000 ns, met |")
                .contains("| Async holdfast | 2 | 90.0 (80.0) | 121 |");
    }

    @Test
    void saysWhyARowWasMissedAndOnlyThen() {
        measureAll(17);

        String page = page(false, JDK_17);

        // Missed: two threads, with and without a pacer, and one thread with a pacer. Met: one thread without.
        assertThat(page)
                .contains(
                        "\n**asynchronous call, 2 threads on one target: time beside resilience4j; asynchronous call with a"
                                + " pacer on top, 2 threads on one target: time beside resilience4j.** Threads write no word")
                .contains(
                        "\n**asynchronous call with a pacer on top, 1 thread: time beside resilience4j.** One reading")
                .containsOnlyOnce("## Why a row was missed");
        assertThat(page.indexOf("## Why a row was missed"))
                .isBetween(page.indexOf("## What was to be reached"), page.indexOf("## All numbers"));
    }

    @Test
    void saysNothingOfCausesWhereAllWasMet() {
        measureAll(17);
        for (int threads = 1; threads <= 2; threads++) {
            for (int fork = 0; fork < 3; fork++) {
                measured.add(new Key("AsyncBenchmark.holdfast", 17, threads), new Fork(40, 40, 96));
                measured.add(new Key("FullStackBenchmark.async", 17, threads), new Fork(40, 40, 96));
            }
        }
        for (int fork = 0; fork < 3; fork++) {
            measured.add(new Key("BlockingBenchmark.holdfast", 17, 1), new Fork(300, 300, 0));
        }

        assertThat(page(false, JDK_17)).doesNotContain("## Why a row was missed");
    }

    @Test
    void rowsOfManyThreadsTellSystemAndVirtualThreadsApart() {
        measureAll(17);
        measureAll(25);
        for (int jdk : new int[] {17, 25}) {
            measured.add(new Key("AsyncBenchmark.holdfast", jdk, 8), new Fork(300, 200, 120));
        }
        measured.add(new Key("AsyncBenchmark.holdfast", 25, 8, true), new Fork(400, 350, 120));

        String page = page(false, JDK_17, JDK_25);

        assertThat(page)
                .contains("| Async holdfast | 8 | 300.0 (200.0) | 120 | 300.0 (200.0) | 120 |")
                .contains("| Async holdfast | 8 virtual | – | – | 400.0 (350.0) | 120 |")
                .doesNotContain("| Async resilience4j | 8 |");
    }

    @Test
    void pageOfASmokeRunForbidsQuoting() {
        measureAll(17);

        assertThat(page(true, JDK_17)).contains("none of these numbers may be quoted");
        assertThat(page(false, JDK_17)).doesNotContain("quoted");
    }

    private String page(boolean smoke, Jdk... jdks) {
        return new PerformancePage(MACHINE, MACHINE, List.of(jdks), measured, smoke, 1).text();
    }

    private void measureAll(int jdk) {
        ONE_THREAD.forEach(name -> measured.add(new Key(name, jdk, 1), new Fork(1000, 900, 0)));
        for (int threads = 1; threads <= 2; threads++) {
            measured.add(new Key("AsyncBenchmark.holdfast", jdk, threads), new Fork(90, 80, 121));
            measured.add(new Key("AsyncBenchmark.resilience4j", jdk, threads), new Fork(200, 190, 256));
            measured.add(new Key("FullStackBenchmark.async", jdk, threads), new Fork(110, 100, 120));
        }
        measured.add(jdk, new Waiting(251, 0));
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

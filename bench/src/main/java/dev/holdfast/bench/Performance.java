// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.bench.Measurements.Fork;
import dev.holdfast.bench.Measurements.Key;
import dev.holdfast.bench.Measurements.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures everything on every JDK and writes the page about it. Arguments: {@code --short} for shorter iterations, {@code
 * --smoke} to see within a minute, on the running JDK, that everything still runs (those numbers prove nothing), and the file
 * to write.
 *
 * <p>A round runs each benchmark once on each JDK, in a JVM of its own, peers next to each other; rounds follow each other,
 * so that a disturbance of the machine meets all of them and not one.
 */
public final class Performance {
    /** Those that threads share a target in; without guarding nothing is shared. */
    private static final String SHARED = "(Async|Blocking|FullStack|Limit)Benchmark\\.(?!raw).*";

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
    private static final int MANY_THREADS = 8;

    private final Scale scale;
    private final Measurements measured = new Measurements();

    private Performance(Scale scale) {
        this.scale = scale;
    }

    /** How much time is spent: rounds, then iterations and their length before and while measuring. */
    private enum Scale {
        SMOKE(1, 1, 10, 1, 10),
        SHORT(3, 3, 300, 4, 250),
        FULL(3, 3, 1000, 5, 1000);

        private final int rounds;
        private final int warmups;
        private final int warmupMillis;
        private final int iterations;
        private final int iterationMillis;

        Scale(int rounds, int warmups, int warmupMillis, int iterations, int iterationMillis) {
            this.rounds = rounds;
            this.warmups = warmups;
            this.warmupMillis = warmupMillis;
            this.iterations = iterations;
            this.iterationMillis = iterationMillis;
        }

        static Scale of(List<String> words) {
            if (words.contains("--smoke")) {
                return SMOKE;
            }
            return words.contains("--short") ? SHORT : FULL;
        }
    }

    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        Path page = words.stream()
                .filter(word -> !word.startsWith("--"))
                .map(Path::of)
                .findFirst()
                .orElse(Path.of("performance.md"));
        new Performance(Scale.of(words)).run(page);
    }

    private void run(Path page) throws IOException, InterruptedException, RunnerException {
        Machine before = Machine.now();
        List<Jdk> jdks = scale == Scale.SMOKE ? List.of(Jdk.running()) : Jdk.find(17, 25);
        int rounds = scale.rounds;
        for (int round = 1; round <= rounds; round++) {
            for (Jdk jdk : jdks) {
                System.out.println("round " + round + " of " + rounds + ", JDK " + jdk.version());
                measure(jdk, ".*", 1, false);
                measure(jdk, SHARED, 2, false);
            }
        }
        for (Jdk jdk : jdks) {
            // More threads than cores: how the system shares them out is most of it, so one round is enough.
            measure(jdk, SHARED, MANY_THREADS, false);
            if (jdk.major() >= FIRST_WITH_VIRTUAL_THREADS) {
                measure(jdk, SHARED, MANY_THREADS, true);
            }
            measured.add(jdk.major(), waitingRetries(jdk));
        }
        String text = new PerformancePage(before, Machine.now(), jdks, measured, scale == Scale.SMOKE, rounds).text();
        Files.writeString(page, text, StandardCharsets.UTF_8);
        System.out.println("written: " + page);
    }

    private void measure(Jdk jdk, String benchmarks, int threads, boolean virtual) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(Performance.class.getPackageName().replace(".", "\\.") + "\\." + benchmarks)
                .jvm(jdk.java().toString())
                .jvmArgs("-Xmx1g")
                .jvmArgsAppend(virtual ? VirtualThreads.jvmArguments(threads) : new String[0])
                // To see whether everything still runs takes no JVM for each; virtual threads are an option of a JVM.
                .forks(scale == Scale.SMOKE && !virtual ? 0 : 1)
                .threads(threads)
                .warmupIterations(scale.warmups)
                .warmupTime(TimeValue.milliseconds(scale.warmupMillis))
                .measurementIterations(scale.iterations)
                .measurementTime(TimeValue.milliseconds(scale.iterationMillis))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        for (RunResult result : new Runner(options.build()).run()) {
            Key key = new Key(name(result), jdk.major(), threads, virtual);
            Fork fork = fork(result);
            measured.add(key, fork);
            System.out.printf(
                    "  %-48s %d %s %12.1f ns %8.0f B%n",
                    key.benchmark(), threads, virtual ? "virtual" : "threads", fork.averageNanos(), fork.bytes());
        }
    }

    /** Class and method, and the parameter's value where there is one. */
    private static String name(RunResult result) {
        String full = result.getParams().getBenchmark();
        String name = full.substring(full.lastIndexOf('.', full.lastIndexOf('.') - 1) + 1);
        for (String parameter : result.getParams().getParamsKeys()) {
            name += ' ' + result.getParams().getParam(parameter);
        }
        return name;
    }

    private static Fork fork(RunResult result) {
        double best = Double.POSITIVE_INFINITY;
        for (IterationResult iteration : result.getAggregatedResult().getIterationResults()) {
            best = Math.min(best, iteration.getPrimaryResult().getScore());
        }
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        if (bytes == null) {
            throw new IllegalStateException(
                    "no allocation rate among " + result.getSecondaryResults().keySet());
        }
        return new Fork(result.getPrimaryResult().getScore(), best, bytes.getScore());
    }

    /** Bytes for each waiting call and timers left after all were cancelled. */
    private static Waiting waitingRetries(Jdk jdk) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        jdk.java().toString(),
                        "-Xmx2g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WaitingRetries.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("the run with waiting retries failed: " + said);
        }
        String[] numbers = said.split(" ");
        return new Waiting(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.scenario.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Some seconds of everything at once, or {@code -Dholdfast.soak=20m}: plain and streamed, both dialects, faults, clients that
 * leave early. What a gateway holds must not grow, and nothing may be left at the end. Real time and sockets.
 */
@Timeout(value = 8, unit = TimeUnit.HOURS)
class GatewaySoakTest {
    private static final int CLIENTS = 16;
    private static final int SAMPLES_AT_LEAST = 12;
    private static final int SECONDS_PER_SAMPLE = 10;
    /** What the JVM, the clients and the test hold when all is over. */
    private static final int DESCRIPTORS_OF_TOOLS = 40;

    private static final long MEBIBYTE = 1 << 20;

    private static final String YAML = """
        targets:
          gpt:    { provider: sim, model: "tokens=12" }
          claude: { provider: sim-anthropic, model: "tokens=12,rate=400" }
          spare:  { provider: sim, model: "tokens=5" }
        models:
          m: { targets: [[gpt, claude], spare] }
        policies:
          standard:
            retry: { max_attempts: 4, backoff: { initial: 2ms, max: 50ms } }
            timeouts: { first_content: 2s, idle: 2s, attempt: 10s }
            circuit: { recovery: 500ms, max_recovery: 1s }
        """;

    /** One per cent of all requests, in six ways. */
    private static final String FAULTS = """
        seed: 11
        errors:
          - { share: 0.003, behaviour: "500" }
          - { share: 0.002, behaviour: "429" }
          - { share: 0.001, behaviour: reset }
          - { share: 0.002, behaviour: "cut,after=3" }
          - { share: 0.001, behaviour: "error-mid,after=2" }
          - { share: 0.001, behaviour: "stall,after=2" }
        """;

    /** What is held at one moment. */
    private record Sample(
            long heapBytes, long threads, long descriptors, long permits, long connections, long exchanges, int ended) {
        @Override
        public String toString() {
            return "%6.1f MiB, %d threads, %d descriptors, %d permits, %d connections upstream, %d exchanges, %d calls"
                    .formatted(
                            heapBytes / (double) MEBIBYTE,
                            threads,
                            descriptors,
                            permits,
                            connections,
                            exchanges,
                            ended);
        }
    }

    /** The clients' own threads, as many as they will ever need: else their pool would grow, not the gateway. */
    private final ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(CLIENTS);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(pool)
            .build();

    @Test
    void nothingGrowsUnderFaultsAndNothingIsLeft() throws Exception {
        Duration time = duration(System.getProperty("holdfast.soak", "15s"));
        List<Sample> samples = new ArrayList<>();
        Map<String, Integer> endings;
        pool.prestartAllCoreThreads();
        long descriptorsBefore = descriptors();
        try (RunningGateway running = RunningGateway.start(YAML)) {
            running.simulator.scenario(Scenario.parse(FAULTS));
            Crowd crowd = new Crowd(CLIENTS, (who, turn) -> ask(running, who, turn));
            long start = System.nanoTime();
            int count = (int) Math.max(SAMPLES_AT_LEAST, time.toSeconds() / SECONDS_PER_SAMPLE);
            CountDownLatch never = new CountDownLatch(1);
            // The first tenth is the warm-up: classes, connections and threads come then, for good.
            for (int i = 1; i <= count; i++) {
                long at = time.toNanos() / 10 + time.toNanos() * 9 / 10 / count * i;
                never.await(start + at - System.nanoTime(), TimeUnit.NANOSECONDS);
                Sample sample = sample(running, crowd.ended());
                samples.add(sample);
                System.out.println("soak: " + sample);
            }
            System.out.println("soak: threads by name " + threadNames());
            endings = crowd.stop();
            running.conserved();
            System.out.println("soak: " + endings);
        } finally {
            pool.shutdownNow();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("holdfast-gateway"));
        RunningGateway.await(
                "descriptors are given back",
                () -> descriptors() <= descriptorsBefore + CLIENTS + DESCRIPTORS_OF_TOOLS);
        assertThat(endings.keySet()).as(endings.toString()).noneMatch(ending -> ending.startsWith("WRONG"));
        assertThat(endings).containsKeys("WHOLE", "WHOLE left");
        flat("heap", samples, Sample::heapBytes, 1.3, 16 * MEBIBYTE);
        flat("threads", samples, Sample::threads, 1.1, 4);
        flat("descriptors", samples, Sample::descriptors, 1.3, 32);
        flat("permits", samples, Sample::permits, 1.5, CLIENTS);
        flat("connections", samples, Sample::connections, 1.3, CLIENTS);
        flat("exchanges", samples, Sample::exchanges, 1.5, CLIENTS);
    }

    private Ending ask(RunningGateway running, int who, int turn) throws Exception {
        String path = who % 2 == 0 ? OPENAI : ANTHROPIC;
        boolean stream = turn % 3 != 0;
        String body = RunningGateway.chat(path, stream);
        if (stream && turn % 7 == 0) {
            HttpResponse<InputStream> response =
                    client.send(running.request(path, body).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                in.read();
            }
            return new Ending(Ending.Kind.WHOLE, "left");
        }
        return Ending.of(client, running.request(path, body).build());
    }

    private static Sample sample(RunningGateway running, int ended) throws Exception {
        running.records.clear(); // the test's own list of calls
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        long permits = running.gateway.live().engines().stream()
                .mapToLong(engine -> engine.info().inFlight())
                .sum();
        return new Sample(
                heap,
                threads(),
                descriptors(),
                permits,
                running.gateway.transport().openConnections(),
                running.gateway.transport().inFlight(),
                ended);
    }

    /** Without the shared pool of the library, which grows to its bound as bursts come and shrinks when they do not. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().matches("holdfast-[0-9]+"))
                .count();
    }

    private static Map<String, Long> threadNames() {
        return Thread.getAllStackTraces().keySet().stream()
                .collect(Collectors.groupingBy(
                        thread -> thread.getName().replaceAll("[0-9]+", "#"), TreeMap::new, Collectors.counting()));
    }

    private static long descriptors() {
        Path all = Path.of("/proc/self/fd");
        if (!Files.isDirectory(all)) {
            return 0; // not Linux: the other figures will do
        }
        try (Stream<Path> open = Files.list(all)) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The median of the last third is not above that of the first, a margin aside. */
    private static void flat(
            String what, List<Sample> samples, ToLongFunction<Sample> value, double factor, long margin) {
        int third = samples.size() / 3;
        long first = median(samples.subList(0, third), value);
        long last = median(samples.subList(samples.size() - third, samples.size()), value);
        System.out.println("soak: " + what + " " + first + " -> " + last);
        assertThat(last)
                .as(what + " of the last third, " + first + " at first")
                .isLessThanOrEqualTo((long) (first * factor) + margin);
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> value) {
        return samples.stream().mapToLong(value).sorted().toArray()[samples.size() / 2];
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
    }
}

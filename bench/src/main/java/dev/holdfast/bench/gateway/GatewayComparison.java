// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures the gateway beside nginx, a bare proxy on the same stack and Portkey, and writes the page about it. All take part
 * at once in one run: each is warmed up, then they take turns, so that a disturbance of the machine meets all of them.
 * Arguments: the checkout, the directory with Portkey's {@code node_modules}, the file to write, and {@code --short} or
 * {@code --smoke} for less time.
 */
public final class GatewayComparison {
    /** Models of the simulator: a stream that begins at once, and one that speaks a word a second. */
    static final String SHORT_STREAM = "tokens=5";

    static final String ENDLESS_STREAM = "tokens=100000,rate=1";

    static final int MANY = 32;
    static final int OPEN_STREAMS = 5000;

    private static final String BODY = "{\"model\":\"default\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + "How does a ship hold fast in a storm that has blown for three days and nights?\"}],\"temperature\":0.2,"
            + "\"max_tokens\":100}";
    private static final String STREAM_BODY =
            "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private final Path root;
    private final Path npm;
    private final Scale scale;
    private final String java =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** How much time is spent; seconds but for rounds and streams. */
    enum Scale {
        SMOKE(1, 2, 1, 50, 100),
        SHORT(5, 12, 3, 300, OPEN_STREAMS),
        FULL(5, 20, 5, 1000, OPEN_STREAMS);

        final int rounds;
        final int warmup;
        final int seconds;
        final int streams;
        final int held;

        Scale(int rounds, int warmup, int seconds, int streams, int held) {
            this.rounds = rounds;
            this.warmup = warmup;
            this.seconds = seconds;
            this.streams = streams;
            this.held = held;
        }
    }

    /** What was measured of one candidate: a value for each round. */
    static final class Measured {
        final List<Double> perSecond = new ArrayList<>();
        final List<Double> cpuMicros = new ArrayList<>();
        final List<Double> p50 = new ArrayList<>();
        final List<Double> p99 = new ArrayList<>();
        final List<Double> aloneP50 = new ArrayList<>();
        final List<Double> aloneP99 = new ArrayList<>();
        long residentMib;
        String bad = "";
    }

    /**
     * Streams, direct and through the gateway.
     *
     * @param firstContent by who was asked: one list a round, each sorted
     * @param held how many streams were open at once; {@code ended} of them ended meanwhile, which none should
     */
    record Streams(Map<String, List<double[]>> firstContent, int held, int ended, long residentMib) {}

    private GatewayComparison(Path root, Path npm, Scale scale) {
        this.root = root;
        this.npm = npm;
        this.scale = scale;
    }

    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        Scale scale = words.contains("--smoke") ? Scale.SMOKE : words.contains("--short") ? Scale.SHORT : Scale.FULL;
        List<Path> paths = words.stream()
                .filter(word -> !word.startsWith("--"))
                .map(Path::of)
                .toList();
        GatewayComparison comparison = new GatewayComparison(paths.get(0), paths.get(1), scale);
        String page = comparison.run();
        Files.writeString(paths.get(2), page, StandardCharsets.UTF_8);
        System.out.println("wrote " + paths.get(2));
    }

    private String run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("gateway-bench");
        try {
            Map<String, Measured> plain = plain(directory);
            Streams streams = streams(directory);
            return new GatewayPage(scale, plain, streams).text();
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted((a, b) -> b.compareTo(a))
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private Map<String, Measured> plain(Path directory) throws IOException, InterruptedException {
        Map<String, Measured> measured = new LinkedHashMap<>();
        Wrk wrk = new Wrk(directory);
        try (Servers servers = new Servers(directory, java)) {
            Candidate upstream = servers.upstream();
            List<Candidate> candidates = List.of(
                    upstream,
                    servers.nginxProxy(upstream),
                    servers.bareProxy(upstream),
                    servers.holdfast(root, upstream.port()),
                    servers.portkey(npm, upstream));
            for (Candidate candidate : candidates) {
                System.out.println("warming up " + candidate.name());
                wrk.run(candidate, BODY, MANY, scale.warmup);
                wrk.run(candidate, BODY, 1, Math.max(1, scale.warmup / 4));
                measured.put(candidate.name(), new Measured());
            }
            for (int round = 1; round <= scale.rounds; round++) {
                for (Candidate candidate : candidates) {
                    round(wrk, candidate, Objects.requireNonNull(measured.get(candidate.name())));
                }
                System.out.println("round " + round + " of " + scale.rounds);
            }
            for (Candidate candidate : candidates) {
                Objects.requireNonNull(measured.get(candidate.name())).residentMib = candidate.residentMib();
            }
        }
        return measured;
    }

    private void round(Wrk wrk, Candidate candidate, Measured measured) throws IOException, InterruptedException {
        double before = candidate.cpuSeconds();
        Wrk.Result many = wrk.run(candidate, BODY, MANY, scale.seconds);
        measured.cpuMicros.add((candidate.cpuSeconds() - before) * 1e6 / Math.max(1, many.requests()));
        measured.perSecond.add(many.perSecond());
        measured.p50.add(many.p50Micros());
        measured.p99.add(many.p99Micros());
        Wrk.Result alone = wrk.run(candidate, BODY, 1, Math.max(1, scale.seconds / 2));
        measured.aloneP50.add(alone.p50Micros());
        measured.aloneP99.add(alone.p99Micros());
        if (!many.bad().isEmpty() || !alone.bad().isEmpty()) {
            measured.bad = many.bad() + alone.bad();
        }
    }

    private Streams streams(Path directory) throws IOException, InterruptedException {
        try (Servers servers = new Servers(directory, java)) {
            Candidate provider = servers.simulator(root);
            Candidate gateway = servers.holdfast(root, provider.port());
            String body = STREAM_BODY.formatted(SHORT_STREAM);
            Map<String, List<double[]>> firstContent = new LinkedHashMap<>();
            List<Candidate> asked = List.of(provider, gateway);
            for (Candidate candidate : asked) {
                firstContent.put(candidate.name(), new ArrayList<>());
                firstContents(candidate, body, 10 * scale.streams);
            }
            for (int round = 1; round <= scale.rounds; round++) {
                for (Candidate candidate : asked) {
                    Objects.requireNonNull(firstContent.get(candidate.name()))
                            .add(firstContents(candidate, body, scale.streams));
                }
            }
            try (StreamLoad load = new StreamLoad()) {
                System.out.println("opening " + scale.held + " streams");
                int held = load.hold(gateway, STREAM_BODY.formatted(ENDLESS_STREAM), scale.held);
                int ended = load.read(TimeUnit.SECONDS.toNanos(Math.max(2, 2 * scale.seconds)));
                return new Streams(firstContent, held, ended, gateway.residentMib());
            }
        }
    }

    private static double[] firstContents(Candidate candidate, String body, int count) throws IOException {
        try (StreamLoad load = new StreamLoad()) {
            return load.firstContentMicros(candidate, body, count);
        }
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}

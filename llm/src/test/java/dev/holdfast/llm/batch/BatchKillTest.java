// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing that is finished is lost or asked for again, wherever a kill falls. With a real process and a real kill, because
 * the question is what the operating system keeps.
 */
@Timeout(150)
class BatchKillTest {
    private static final int LINES = 2000;
    private static final int KILLS = 20;
    private static final int CONCURRENCY = 32;

    @TempDir
    Path temp;

    private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, String> finished = new HashMap<>();
    private final Map<String, Long> requestsWhenFinished = new HashMap<>();

    @Test
    void killedAtTwentyRandomMomentsItLosesNothingAndAsksNothingTwice() throws Exception {
        System.out.println("BatchKillTest seed " + seed + " (-Dholdfast.seed=" + seed + ")");
        Path in = temp.resolve("in.jsonl");
        Path out = temp.resolve("out.jsonl");
        Files.write(
                in,
                IntStream.rangeClosed(1, LINES).mapToObj(BatchKillTest::line).toList());
        try (Simulator simulator = Simulator.start(SimulatorOptions.defaults())) {
            for (int kill = 0; kill < KILLS; kill++) {
                killAfter(random.nextInt(LINES / (KILLS + 2)), start(simulator, in, out));
                note(simulator, out);
            }
            String[] summary = finish(start(simulator, in, out));
            note(simulator, out);

            assertThat(summary).as("finished and failed").startsWith(String.valueOf(LINES), "0");
            assertThat(finished).hasSize(LINES);
            assertThat(simulator.stats().byModel())
                    .as("no line was asked again after it was finished")
                    .containsExactlyInAnyOrderEntriesOf(requestsWhenFinished);
            long again = simulator.stats().requests() - LINES;
            assertThat(again).as("requests made again").isBetween(0L, (long) KILLS * CONCURRENCY);
            assertThat(Long.parseLong(summary[2]))
                    .as("calls in flight at a kill, as the summary counts them")
                    .isBetween(again, (long) KILLS * CONCURRENCY);
            assertThat(temp.toFile().list()).containsExactlyInAnyOrder("in.jsonl", "out.jsonl");
            assertThat(timeless(out)).isEqualTo(timeless(uninterrupted(simulator, in)));
        }
    }

    /** A model of its own for each line, so that the simulator counts by line; answers overtake each other. */
    private static String line(int number) {
        return "{\"id\":\"n" + number + "\",\"prompt\":\"x\",\"model\":\"sim/tokens=3,ttft=" + number * 7919 % 40
                + ",retry-after-ms=" + number + "\"}";
    }

    private Process start(Simulator simulator, Path in, Path out) throws IOException {
        ProcessBuilder child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BatchChild.class.getName(),
                        simulator.baseUri().toString(),
                        in.toString(),
                        out.toString())
                .redirectError(temp.resolveSibling(temp.getFileName() + ".err").toFile());
        child.environment().remove("JAVA_TOOL_OPTIONS");
        return child.start();
    }

    /** SIGKILL after so many signs of life. */
    private static void killAfter(int results, Process child) throws Exception {
        InputStream signs = child.getInputStream();
        for (int i = 0; i <= results; i++) {
            assertThat(signs.read()).as("a sign of life").isEqualTo('.');
        }
        child.destroyForcibly();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private static String[] finish(Process child) throws Exception {
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isZero();
        return said.substring(said.indexOf('\n') + 1).split(" ");
    }

    /** What is finished now: it includes, byte for byte, what was finished before. */
    private void note(Simulator simulator, Path out) throws IOException {
        Map<String, String> now = new HashMap<>();
        for (Path file : List.of(out, out.resolveSibling(out.getFileName() + ".journal"))) {
            String content = Files.exists(file) ? Files.readString(file) : "";
            String ended = content.substring(0, content.lastIndexOf('\n') + 1);
            ended.lines().forEach(line -> now.put(line.substring(0, line.indexOf(',')), line));
        }
        assertThat(now).as("finished at an earlier kill").containsAllEntriesOf(finished);
        Map<String, Long> requests = simulator.stats().byModel();
        for (String id : now.keySet()) {
            if (!finished.containsKey(id)) {
                int number = Integer.parseInt(id.replaceAll("\\D", ""));
                String model = line(number).replaceAll(".*\"model\":\"sim/(.*)\"}", "$1");
                requestsWhenFinished.put(model, requests.get(model));
            }
        }
        finished.putAll(now);
    }

    private Path uninterrupted(Simulator simulator, Path in) throws Exception {
        Path whole = temp.resolve("whole.jsonl");
        try (Holdfast engine = Holdfast.builder().build()) {
            BatchChild.batch(simulator.baseUri().toString(), engine).run(in, whole);
        }
        return whole;
    }

    private static List<String> timeless(Path results) throws IOException {
        return Files.readAllLines(results).stream()
                .map(line -> line.replaceAll("\"elapsed_ms\":\\d+", ""))
                .collect(Collectors.toCollection(ArrayList::new));
    }
}

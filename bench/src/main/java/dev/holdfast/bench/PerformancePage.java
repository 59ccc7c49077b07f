// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.bench.Measurements.Key;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page about speed and memory, written from one run. */
record PerformancePage(
        Machine before, Machine after, List<Jdk> jdks, Measurements measured, boolean smoke, int rounds) {

    /** A part of the page; a new one is a line in {@link #SECTIONS}. */
    private interface Section {
        void append(PerformancePage of, StringBuilder page);
    }

    private static final List<Section> SECTIONS =
            List.of(PerformancePage::setting, PerformancePage::reached, PerformancePage::causes, PerformancePage::all);

    /** How many threads shared a target, and of which kind. */
    private record Threads(int number, boolean virtual) {
        static final List<Threads> ALL =
                List.of(new Threads(1, false), new Threads(2, false), new Threads(8, false), new Threads(8, true));

        Key key(String benchmark, Jdk jdk) {
            return new Key(benchmark, jdk.major(), number, virtual);
        }
    }

    String text() {
        StringBuilder page = new StringBuilder();
        page.append("# Speed and memory\n\n");
        page.append("Written by `bench/run.sh").append(smoke ? " --smoke" : "").append("` on ");
        page.append(LocalDate.now(ZoneOffset.UTC)).append("; no number in its tables is written by hand.\n\n");
        if (smoke) {
            page.append("**A look whether everything still runs: none of these numbers may be quoted.**\n\n");
        }
        SECTIONS.forEach(section -> section.append(this, page));
        return page.toString();
    }

    private void setting(StringBuilder page) {
        page.append("| | |\n|---|---|\n");
        fact(page, "processor", before.processor() + ", " + before.cores() + " cores");
        fact(page, "system", before.system());
        fact(page, "load average before and after", before.loadText() + " and " + after.loadText());
        fact(page, "JDKs", String.join(", ", jdks.stream().map(Jdk::version).toList()));
        fact(page, "peers", System.getProperty("holdfast.peers", "see bench/pom.xml"));
        fact(page, "commit", System.getProperty("holdfast.commit", "not known"));
        fact(page, "forks of each benchmark, in alternation", String.valueOf(rounds));
        page.append("""

                Unless its name says otherwise a call succeeds at once, so all its time is what guarding costs. Holdfast runs
                with its defaults and a deadline: retry, budget, circuit, timeouts and deadline are on, nobody listens to
                events. The peers run retry and circuit breaker with the same policies, set up once as their documentation
                shows. "FullStack" is Holdfast with a pacer that never limits on top; "Failure" is an attempt that fails for a
                reason that nobody retries or counts. All rows come from the same run; compare them with each other, the
                nanoseconds of another machine are others. Bytes are exact.

                """);
    }

    private static void fact(StringBuilder page, String name, String value) {
        page.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    private void reached(StringBuilder page) {
        page.append("## What was to be reached\n\n| what | at most |");
        jdks.forEach(jdk -> page.append(" JDK ").append(jdk.major()).append(" |"));
        page.append("\n|---|---|").append("---|".repeat(jdks.size())).append('\n');
        for (Reach reach : Reach.all()) {
            page.append("| ")
                    .append(reach.what())
                    .append(" | ")
                    .append(reach.limitText())
                    .append(" |");
            for (Jdk jdk : jdks) {
                page.append(' ').append(reach.text(jdk.major(), measured)).append(" |");
            }
            page.append('\n');
        }
        page.append('\n');
    }

    /** Only those of rows that this run missed, each once. */
    private void causes(StringBuilder page) {
        Map<Cause, List<String>> missed = new LinkedHashMap<>();
        for (Reach reach : Reach.all()) {
            Cause cause = reach.cause();
            if (cause != null && jdks.stream().anyMatch(jdk -> reach.isMissed(jdk.major(), measured))) {
                missed.computeIfAbsent(cause, ignored -> new ArrayList<>()).add(reach.what());
            }
        }
        if (!missed.isEmpty()) {
            page.append("## Why a row was missed\n\nWritten by hand, from profiles; kept in `Cause` in `bench/`.\n\n");
            missed.forEach((cause, rows) -> page.append("**")
                    .append(String.join("; ", rows))
                    .append(".** ")
                    .append(cause.words())
                    .append("\n\n"));
        }
    }

    private void all(StringBuilder page) {
        page.append("## All numbers\n\nMedian of the forks' averages, best iteration of all forks in brackets,");
        page.append(" bytes allocated for each operation.\n"
                + "Threads share one target; the time is that of one thread. Eight threads have one fork, and"
                + " virtual ones a\n"
                + "carrier each; where cores are fewer, they wait for each other.\n\n");
        page.append("| benchmark | threads |");
        jdks.forEach(jdk -> page.append(" JDK ").append(jdk.major()).append(", ns | B |"));
        page.append("\n|---|---|").append("---|---|".repeat(jdks.size())).append('\n');
        for (String benchmark : measured.benchmarks()) {
            for (Threads threads : Threads.ALL) {
                if (jdks.stream().anyMatch(jdk -> measured.has(threads.key(benchmark, jdk)))) {
                    row(page, benchmark, threads);
                }
            }
        }
    }

    private void row(StringBuilder page, String benchmark, Threads threads) {
        page.append("| ").append(benchmark.replace("Benchmark.", " ")).append(" | ");
        page.append(threads.number()).append(threads.virtual() ? " virtual |" : " |");
        for (Jdk jdk : jdks) {
            Key key = threads.key(benchmark, jdk);
            if (!measured.has(key)) {
                page.append(" – | – |");
                continue;
            }
            page.append(String.format(
                    Locale.ROOT,
                    " %.1f (%.1f) | %.0f |",
                    measured.nanos(key),
                    measured.bestNanos(key),
                    measured.bytes(key)));
        }
        page.append('\n');
    }
}

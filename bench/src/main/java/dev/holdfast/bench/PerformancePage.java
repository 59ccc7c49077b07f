// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.bench.Measurements.Key;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** The page about speed and memory, written from one run. */
record PerformancePage(
        Machine before, Machine after, List<Jdk> jdks, Measurements measured, boolean quick, int rounds) {

    String text() {
        StringBuilder page = new StringBuilder();
        page.append("# Speed and memory\n\n");
        page.append("Written by `bench/run.sh").append(quick ? " --quick" : "").append("` on ");
        page.append(LocalDate.now(ZoneOffset.UTC)).append("; no number here is written by hand.\n\n");
        if (quick) {
            page.append("**A quick look: one short fork each. It shows the order of things and proves nothing.**\n\n");
        }
        setting(page);
        reached(page);
        all(page);
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

                A call here succeeds at once, so all its time is what guarding costs. Holdfast runs with its defaults and a
                deadline: retry, budget, circuit, timeouts and deadline are on, nobody listens to events. The peers run retry
                and circuit breaker with the same policies, set up once as their documentation shows. All that share a row
                ran in the same run; compare within a row, the nanoseconds of another machine are others. Bytes are exact.

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

    private void all(StringBuilder page) {
        page.append("## All numbers\n\nMedian of the forks' averages, best iteration of all forks in brackets,");
        page.append(
                " bytes allocated for each operation.\nThreads share one target; the time is that of one thread.\n\n");
        page.append("| benchmark | threads |");
        jdks.forEach(jdk -> page.append(" JDK ").append(jdk.major()).append(", ns | B |"));
        page.append("\n|---|---|").append("---|---|".repeat(jdks.size())).append('\n');
        for (String benchmark : measured.benchmarks()) {
            for (int threads = 1; threads <= 2; threads++) {
                if (measured.has(new Key(benchmark, jdks.get(0).major(), threads))) {
                    row(page, benchmark, threads);
                }
            }
        }
    }

    private void row(StringBuilder page, String benchmark, int threads) {
        page.append("| ").append(benchmark.replace("Benchmark.", " ")).append(" | ");
        page.append(threads).append(" |");
        for (Jdk jdk : jdks) {
            Key key = new Key(benchmark, jdk.major(), threads);
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

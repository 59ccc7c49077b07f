// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/streams-conformance.md says is what happens. Over real sockets and in real time. */
@Timeout(120)
class ConformancePageTest {
    private static final Path PAGE =
            Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."), "docs", "streams-conformance.md");

    private static List<ConformancePage.Row> rows;

    @BeforeAll
    static void run() throws Exception {
        Subject.Maker llm = LlmSubject.maker();
        rows = ConformancePage.run(llm);
        if (Boolean.getBoolean("holdfast.docs.rewrite")) {
            Files.writeString(PAGE, ConformancePage.render(Map.of(llm.name(), rows)));
        }
    }

    @Test
    void thePageSaysWhatAFreshRunShowsTimesAside() throws IOException {
        List<String> page = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| S"))
                .map(line -> line.replaceAll(" \\d+ \\|$", ""))
                .toList();

        assertThat(page)
                .as("docs/streams-conformance.md is out of date; rewrite it with -Dholdfast.docs.rewrite=true")
                .containsExactlyElementsOf(
                        rows.stream().map(ConformancePage.Row::stable).toList());
    }

    @Test
    void theTextAroundTheTableIsTheGenerators() throws IOException {
        String generated = ConformancePage.render(Map.of(LlmSubject.maker().name(), rows));

        assertThat(withoutRows(Files.readString(PAGE))).isEqualTo(withoutRows(generated));
    }

    private static String withoutRows(String page) {
        return page.lines().filter(line -> !line.startsWith("| S")).collect(Collectors.joining("\n"));
    }

    @Test
    void anUpstreamRequestEndsWithinAHundredMillisecondsOfTheCallerLeaving() {
        assertThat(row("S18").cancelled()).isTrue();
        assertThat(row("S18").millis()).isLessThan(ConformancePage.AT_ONCE_MILLIS);
    }

    @Test
    void theDeadlineIsKept() {
        assertThat(row("S20").saw()).isEqualTo("timeout");
        assertThat(row("S20").millis()).isBetween(300L, 5000L);
    }

    @Test
    void everyStreamHasAnEnd() {
        assertThat(rows).filteredOn(row -> row.end().equals("none")).isEmpty();
        assertThat(rows)
                .extracting(row -> row.asked().id())
                .contains("S1", "S20")
                .hasSizeGreaterThanOrEqualTo(20);
    }

    private static ConformancePage.Row row(String id) {
        return rows.stream()
                .filter(row -> row.asked().id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}

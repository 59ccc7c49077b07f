// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.conformance.ConformancePage;
import dev.holdfast.llm.foreign.NodeServers;
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

/**
 * What docs/gateway-conformance.md says of this gateway is what happens; the other gateway's side is run and written again
 * with {@code -Dholdfast.docs.rewrite=true}. Over real sockets and in real time.
 */
@Timeout(400)
class GatewayConformanceTest {
    private static final Path PAGE =
            Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."), "docs", "gateway-conformance.md");

    private static List<ConformancePage.Row> rows;

    @BeforeAll
    static void run() throws Exception {
        rows = ConformancePage.run(HoldfastSubject.maker());
        if (Boolean.getBoolean("holdfast.docs.rewrite")) {
            Files.writeString(PAGE, ComparisonPage.render(rows, portkey()));
        }
    }

    private static List<ConformancePage.Row> portkey() throws Exception {
        try (NodeServers.Running server = NodeServers.ofLlm()
                .start(
                        Map.of("NODE_ENV", "production"),
                        "@portkey-ai/gateway/build/start-server.js",
                        "--port=PORT",
                        "--headless")) {
            return ConformancePage.run(PortkeySubject.maker(server));
        }
    }

    @Test
    void thePageSaysOfHoldfastWhatAFreshRunShowsTimesAside() throws IOException {
        List<String> page = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| S") && line.contains("| Holdfast |"))
                .map(ComparisonPage::withoutTime)
                .toList();

        assertThat(page)
                .as("docs/gateway-conformance.md is out of date; rewrite it with -Dholdfast.docs.rewrite=true")
                .containsExactlyElementsOf(rows.stream()
                        .map(row -> ComparisonPage.withoutTime(ComparisonPage.line("Holdfast", row)))
                        .toList());
    }

    @Test
    void theTextAroundTheTableIsTheGenerators() throws IOException {
        String generated = ComparisonPage.render(rows, rows);

        assertThat(withoutRows(Files.readString(PAGE))).isEqualTo(withoutRows(generated));
    }

    private static String withoutRows(String page) {
        return page.lines()
                .filter(line -> !line.startsWith("| S") && !line.startsWith("| | |"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void everyRequestHasAnEndAndNoUnfinishedAnswerLooksWhole() {
        assertThat(rows).filteredOn(row -> row.end().equals("none")).isEmpty();
        for (String broken : List.of("S6", "S7", "S8")) {
            assertThat(row(broken).end()).as(broken).isEqualTo("error");
        }
        assertThat(rows)
                .extracting(row -> row.asked().id())
                .contains("S1", "S20")
                .hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void theUpstreamRequestEndsWhenTheClientLeaves() {
        assertThat(row("S18").cancelled()).isTrue();
    }

    @Test
    void theDeadlineIsKept() {
        assertThat(row("S20").saw()).isEqualTo("504, deadline");
        assertThat(row("S20").millis()).isBetween(300L, 2000L);
    }

    private static ConformancePage.Row row(String id) {
        return rows.stream()
                .filter(row -> row.asked().id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}

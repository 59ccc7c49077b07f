// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.internal.admin.FakeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page and the dashboard speak of metrics and labels that a scrape has, and of all of ours. */
@EnabledIfEnvironmentVariable(
        named = "HOLDFAST_ROOT",
        matches = ".+",
        disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
class ObservabilityPageTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:holdfast|jvm|process)_[a-z0-9_]+\\b");
    private static final Pattern GROUPED = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern MATCHED = Pattern.compile("[{,]\\s*([a-z_]+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{([a-z_]+)}}");

    /** What Prometheus adds. */
    private static final Set<String> ADDED = Set.of("job", "instance");

    /** The labels of each metric that can be asked for. */
    private final Map<String, Set<String>> known = new HashMap<>();

    private String page = "";
    private JsonNode dashboard = JsonMapper.builder().build().createObjectNode();

    @BeforeEach
    void read() throws IOException {
        Path docs = Path.of(System.getenv("HOLDFAST_ROOT")).resolve("docs");
        page = Files.readString(docs.resolve("observability.md"));
        dashboard = JsonMapper.builder().build().readTree(docs.resolve("grafana/holdfast-dashboard.json"));
        scrape().values().stream().flatMap(family -> family.samples.stream()).forEach(sample -> known.computeIfAbsent(
                        sample.name(), name -> new HashSet<>())
                .addAll(sample.labels().keySet()));
    }

    private static Map<String, Exposition.Family> scrape() throws IOException {
        FakeFleet fleet = new FakeFleet(List.of(new VirtualHoldfast().engine), "a/one", "b/two");
        Metrics metrics = new Metrics(fleet);
        new AccessLog(new GatewayConfig.AccessLog(false, null), metrics).close();
        metrics.ended(Records.success("default", Records.bad(1, "a/one", Category.TIMEOUT), Records.good(2, "b/two")));
        metrics.ended(Records.success(
                "default",
                Records.attempt(1, "a/one", Outcome.CANCELLED, null, false),
                Records.attempt(2, "b/two", Outcome.SUCCESS, null, true)));
        FakeResponse response = new FakeResponse();
        new Scrape(metrics, Runnable::run).handle(FakeResponse.request("GET", "/metrics"), response);
        return Exposition.parse(response.text(), false);
    }

    @Test
    void tableListsEachOfOurMetricsWithItsLabels() throws IOException {
        Map<String, Set<String>> listed = new HashMap<>();
        Matcher rows =
                Pattern.compile("(?m)^\\| `(holdfast_[a-z_]+)` \\|([^|]*)\\|").matcher(page);
        while (rows.find()) {
            Set<String> labels =
                    new TreeSet<>(List.of(rows.group(2).replaceAll("[`\\s]", "").split(",")));
            labels.remove("");
            listed.put(rows.group(1), labels);
        }

        Map<String, Set<String>> own = new HashMap<>();
        scrape().forEach((name, family) -> {
            if (name.startsWith("holdfast_")) {
                Set<String> labels = new TreeSet<>();
                family.samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
                labels.remove("le");
                own.put(name, labels);
            }
        });
        assertThat(listed).isEqualTo(own);
    }

    @Test
    void alertsAskForWhatThereIs() {
        Matcher rows = Pattern.compile("(?m)^\\| [^|]+ \\| `((?:\\\\\\||[^`|])+)` \\| \\d+m \\|")
                .matcher(page);
        int count = 0;
        while (rows.find()) {
            count++;
            check(rows.group(1).replace("\\|", "|"), "");
        }
        assertThat(count).isGreaterThanOrEqualTo(8);
    }

    @Test
    void dashboardAsksForWhatThereIs() {
        int count = 0;
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                count++;
                check(target.get("expr").asString(), target.get("legendFormat").asString());
            }
        }
        for (JsonNode variable : dashboard.get("templating").get("list")) {
            if (variable.get("type").asString().equals("query")) {
                Matcher values = Pattern.compile("label_values\\(([a-z_]+), ([a-z_]+)\\)")
                        .matcher(variable.get("definition").asString());
                assertThat(values.matches()).isTrue();
                checkLabel(values.group(2), Set.of(values.group(1)), variable.toString());
            }
        }
        assertThat(count).isGreaterThan(20);
    }

    @Test
    void dashboardShowsEachOfOurMetricsAndLetsTheDataSourceBeChosen() {
        String text = dashboard.toString();

        assertThat(known.keySet().stream().filter(name -> name.startsWith("holdfast_")))
                .allSatisfy(name -> assertThat(text).contains(name.replaceAll("_(bucket|sum|count)$", "")));
        assertThat(dashboard.get("templating").get("list").get(0).get("type").asString())
                .isEqualTo("datasource");
        for (JsonNode panel : dashboard.get("panels")) {
            if (!panel.get("type").asString().equals("row")) {
                assertThat(panel.get("datasource").get("uid").asString()).isEqualTo("${datasource}");
            }
        }
    }

    private void check(String expression, String legend) {
        Set<String> metrics = new TreeSet<>();
        METRIC.matcher(expression).results().forEach(found -> metrics.add(found.group()));
        assertThat(metrics).as(expression).isNotEmpty();
        assertThat(known.keySet()).as(expression).containsAll(metrics);
        Stream<String> grouped = GROUPED.matcher(expression)
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(",\\s*")));
        Stream<String> matched = MATCHED.matcher(expression).results().map(found -> found.group(1));
        Stream<String> named = LEGEND.matcher(legend).results().map(found -> found.group(1));
        Stream.of(grouped, matched, named)
                .flatMap(labels -> labels)
                .forEach(label -> checkLabel(label, metrics, expression));
    }

    private void checkLabel(String label, Set<String> metrics, String where) {
        boolean there = ADDED.contains(label)
                || metrics.stream()
                        .anyMatch(metric -> known.getOrDefault(metric, Set.of()).contains(label));
        assertThat(there).as(label + " in " + where).isTrue();
    }
}

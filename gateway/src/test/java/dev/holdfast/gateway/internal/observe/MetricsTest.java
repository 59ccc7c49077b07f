// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.gateway.internal.admin.FakeResponse;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final VirtualHoldfast holdfast = new VirtualHoldfast();
    private final FakeFleet fleet = new FakeFleet(List.of(holdfast.engine), "a/one", "b/two");
    private final Metrics metrics = new Metrics(fleet);

    private FakeResponse scrape(String accept) {
        FakeResponse response = new FakeResponse();
        new Scrape(metrics, Runnable::run)
                .handle(
                        new Request(
                                "GET",
                                "/metrics",
                                "",
                                new DefaultHttpHeaders().set("accept", accept),
                                new byte[0],
                                InetAddress.getLoopbackAddress()),
                        response);
        return response;
    }

    private Map<String, Exposition.Family> families() {
        return Exposition.parse(scrape("*/*").text(), false);
    }

    private double value(String name, String... labels) {
        Map<String, String> wanted = IntStream.range(0, labels.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> labels[2 * i], i -> labels[2 * i + 1]));
        return families().values().stream()
                .flatMap(family -> family.samples.stream())
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(wanted))
                .mapToDouble(Exposition.Sample::value)
                .findFirst()
                .orElse(Double.NaN);
    }

    @Test
    void metricsHaveTheNamesAndLabelsOfTheDesign() {
        metrics.ended(Records.success(
                "default",
                Records.bad(1, "a/one", Category.OVERLOADED),
                Records.attempt(2, "b/two", Outcome.SUCCESS, null, true)));
        metrics.ended(Records.success("default", Records.bad(1, "a/one", Category.TIMEOUT), Records.good(2, "b/two")));

        Map<String, Exposition.Family> families = families();

        Map<String, List<String>> labels = Map.ofEntries(
                Map.entry("holdfast_calls_total", List.of("model", "outcome")),
                Map.entry("holdfast_attempts_total", List.of("category", "outcome", "target")),
                Map.entry("holdfast_call_duration_seconds", List.of("model")),
                Map.entry("holdfast_first_content_seconds", List.of("target")),
                Map.entry("holdfast_circuit_state", List.of("state", "target")),
                Map.entry("holdfast_paused", List.of("target")),
                Map.entry("holdfast_budget_tokens", List.of("target")),
                Map.entry("holdfast_blocked", List.of("target")),
                Map.entry("holdfast_in_flight", List.of("target")),
                Map.entry("holdfast_tokens_total", List.of("direction", "target")),
                Map.entry("holdfast_failovers_total", List.of("from", "to")),
                Map.entry("holdfast_hedges_total", List.of("result", "target")));
        labels.forEach((name, expected) -> assertThat(families.get(name))
                .as(name)
                .isNotNull()
                .satisfies(family -> assertThat(family.samples).isNotEmpty().allSatisfy(sample -> {
                    List<String> own = sample.labels().keySet().stream()
                            .filter(label -> !label.equals("le"))
                            .toList();
                    assertThat(own).isEqualTo(expected);
                })));
        assertThat(families).containsKeys("jvm_memory_used_bytes", "process_cpu_seconds_total", "jvm_threads_current");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/plain", OPEN_METRICS, "application/vnd.google.protobuf;proto=x"})
    void whatIsScrapedObeysTheFormatThatWasAskedFor(String accept) {
        fleet.add(Target.builder("odd \"name\"\\ with\nall").build());
        metrics.ended(Records.success("mo\"del\n\\", Records.good(1, "odd \"name\"\\ with\nall")));

        FakeResponse response = scrape(accept);

        boolean openMetrics = accept.equals(OPEN_METRICS);
        assertThat(response.header("content-type"))
                .startsWith(openMetrics ? "application/openmetrics-text" : "text/plain");
        Map<String, Exposition.Family> families = Exposition.parse(response.text(), openMetrics);
        assertThat(families.get("holdfast_in_flight").samples)
                .extracting(sample -> sample.labels().get("target"))
                .contains("odd \"name\"\\ with\nall");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# TYPE a counter\na_total 1\n",
                "# HELP a_total x\n# TYPE a_total counter\na_total 1\na_total 2\n",
                "# HELP a x\n# TYPE a gauge\na{b=\"1\",} 1\n",
                "# HELP a x\n# TYPE a gauge\na{b=\"\\x\"} 1\n",
                "# HELP a x\n# TYPE a gauge\na 1",
                "# HELP a x\n# TYPE a gauge\na one\n",
                "# HELP a x\n# TYPE a gauge\na 1\n# HELP b x\n# TYPE b gauge\nb 1\n# TYPE a gauge\na 2\n",
                "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
                "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n"
            })
    void parserThatJudgesRefusesWhatIsWrong(String text) {
        assertThatThrownBy(() -> Exposition.parse(text, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void callsAndAttemptsAreCounted() {
        metrics.ended(Records.success("default", Records.bad(1, "a/one", Category.TIMEOUT), Records.good(2, "b/two")));
        metrics.ended(Records.failure("default", "timeout", Records.bad(1, "a/one", Category.TIMEOUT)));
        metrics.ended(Records.call("default", "refused", "all_targets_unavailable", null));

        assertThat(value("holdfast_calls_total", "model", "default", "outcome", "success"))
                .isEqualTo(1);
        assertThat(value("holdfast_calls_total", "model", "default", "outcome", "failure"))
                .isEqualTo(1);
        assertThat(value("holdfast_calls_total", "model", "default", "outcome", "refused"))
                .isEqualTo(1);
        assertThat(value("holdfast_attempts_total", "target", "a/one", "outcome", "failure", "category", "timeout"))
                .isEqualTo(2);
        assertThat(value("holdfast_attempts_total", "target", "b/two", "outcome", "success", "category", "none"))
                .isEqualTo(1);
        assertThat(value("holdfast_call_duration_seconds_count", "model", "default"))
                .isEqualTo(3);
        assertThat(value("holdfast_call_duration_seconds_sum", "model", "default"))
                .isEqualTo(4.5);
        assertThat(value("holdfast_failovers_total", "from", "a/one", "to", "b/two"))
                .isEqualTo(1);
        assertThat(value("holdfast_tokens_total", "target", "b/two", "direction", "input"))
                .isEqualTo(10);
        assertThat(value("holdfast_tokens_total", "target", "b/two", "direction", "output"))
                .isEqualTo(25);
    }

    @Test
    void firstContentIsTheAnsweringAttemptsOwn() {
        metrics.ended(Records.success("default", Records.bad(1, "a/one", Category.TIMEOUT), Records.good(2, "b/two")));

        // 250 ms from the start of the call, of which 100 ms went to a/one and 20 ms were waited.
        assertThat(value("holdfast_first_content_seconds_sum", "target", "b/two"))
                .isEqualTo(0.13);
        assertThat(value("holdfast_first_content_seconds_count", "target", "a/one"))
                .isZero();
    }

    @Test
    void tokensThatAttemptsDoNotTellAreTheAnsweringTargets() {
        metrics.ended(Records.success("default", Records.attempt(1, "a/one", Outcome.CANCELLED, null, false)));

        assertThat(value("holdfast_tokens_total", "target", "a/one", "direction", "output"))
                .isEqualTo(25);
    }

    @Test
    void hedgesAreCountedByWhatBecameOfThem() {
        assertThat(value("holdfast_hedges_total", "target", "b/two", "result", "won"))
                .as("before the first one")
                .isZero();

        metrics.ended(Records.success(
                "default",
                Records.attempt(1, "a/one", Outcome.CANCELLED, null, false),
                Records.attempt(2, "b/two", Outcome.SUCCESS, null, true)));
        metrics.ended(Records.success(
                "default",
                Records.attempt(2, "b/two", Outcome.CANCELLED, null, true),
                Records.attempt(1, "a/one", Outcome.SUCCESS, null, false)));
        metrics.ended(Records.call(
                "default",
                "cancelled",
                null,
                null,
                Records.attempt(1, "a/one", Outcome.CANCELLED, null, false),
                Records.attempt(2, "b/two", Outcome.CANCELLED, null, true)));

        for (String result : List.of("won", "lost", "cancelled")) {
            assertThat(value("holdfast_hedges_total", "target", "b/two", "result", result))
                    .as(result)
                    .isEqualTo(1);
        }
        assertThat(families()).doesNotContainKey("holdfast_failovers_total");
    }

    @Test
    void gaugesShowWhatTheEnginesSay() {
        Target keyed = Target.builder("c/three").credential("k").build();
        fleet.add(keyed);
        holdfast.engine.forceOpen(Target.of("a/one"));
        holdfast.call(Targets.of(keyed), VirtualHoldfast.fault(Category.AUTH));
        holdfast.call(
                Targets.named("b/two"), VirtualHoldfast.fault(Category.RATE_LIMIT, Duration.ofMinutes(2)), "late");

        assertThat(value("holdfast_circuit_state", "target", "a/one", "state", "open"))
                .isEqualTo(1);
        assertThat(value("holdfast_circuit_state", "target", "a/one", "state", "closed"))
                .isZero();
        assertThat(value("holdfast_circuit_state", "target", "b/two", "state", "closed"))
                .isEqualTo(1);
        assertThat(value("holdfast_blocked", "target", "c/three")).isEqualTo(1);
        assertThat(value("holdfast_blocked", "target", "a/one")).isZero();
        assertThat(value("holdfast_paused", "target", "b/two")).isEqualTo(1);
        assertThat(value("holdfast_in_flight", "target", "b/two")).isZero();
        assertThat(value("holdfast_budget_tokens", "target", "b/two")).isBetween(480.0, 500.0);
        holdfast.run();
        holdfast.assertAllReturned();
    }

    @Test
    void namesThatCallersMakeUpAreCountedAsOthersOnceThereAreTooMany() {
        for (int i = 0; i < 2 * Metrics.MOST; i++) {
            metrics.ended(Records.success("model-" + i, Records.good(1, "made/up-" + i)));
        }

        Map<String, Exposition.Family> families = families();

        assertThat(families.get("holdfast_calls_total").samples).hasSize(4 * (Metrics.MOST + 1));
        assertThat(families.get("holdfast_attempts_total").samples).hasSize(Metrics.MOST + 1);
        assertThat(value("holdfast_calls_total", "model", "other", "outcome", "success"))
                .isEqualTo(Metrics.MOST + 1);
        assertThat(value("holdfast_attempts_total", "target", "a/one", "outcome", "success", "category", "none"))
                .isZero();
    }
}

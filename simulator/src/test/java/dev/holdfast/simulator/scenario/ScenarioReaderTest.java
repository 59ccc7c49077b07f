// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioReaderTest {
    private static final String EVERYTHING = """
            seed: 7
            repeat: 10m
            only: [ok, sim/json]
            capacity: { rate: 50, burst: 60, behaviour: "429,retry-after=1" }
            concurrency: { limit: 20, queue: 100, slowdown: 0.02, behaviour: 529 }
            latency: { distribution: uniform, min: 50ms, max: 1.5s }
            rate: 80
            errors:
              - { share: 0.05, behaviour: 500 }
              - { share: 0.01, behaviour: cut }
            outages: [{ from: 30s, to: 45s, behaviour: refuse }]
            windows:
              - from: 60s
                to: 90s
                capacity: 10
                concurrency: 5
                latency: 2s
                errors: []
            """;

    @Test
    void everyKeyIsRead() {
        Scenario scenario = Scenario.parse(EVERYTHING);

        assertThat(scenario)
                .isEqualTo(new Scenario(
                        7,
                        Duration.ofMinutes(10),
                        Set.of("ok", "json"),
                        new Conditions(
                                new Capacity(50, 60, "429,retry-after=1"),
                                new Concurrency(20, 100, 0.02, "529"),
                                new Latency.Uniform(Duration.ofMillis(50), Duration.ofMillis(1500)),
                                80.0,
                                List.of(new ErrorShare(0.05, "500"), new ErrorShare(0.01, "cut"))),
                        List.of(new Outage(Duration.ofSeconds(30), Duration.ofSeconds(45), "refuse")),
                        List.of(new Window(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(90),
                                new Conditions(
                                        new Capacity(10, 10, "429"),
                                        new Concurrency(5, 1000, 0, "503"),
                                        new Latency.Fixed(Duration.ofSeconds(2)),
                                        null,
                                        List.of())))));
    }

    @Test
    void jsonSaysTheSameAsYamlTabsIncluded() {
        Scenario json = Scenario.parse("{\n\t\"capacity\": {\"rate\": 50},\n\t\"latency\": \"300ms\"\n}");

        assertThat(json).isEqualTo(Scenario.parse("capacity: 50\nlatency: 300ms"));
    }

    @ParameterizedTest
    @CsvSource({"''", "{}", "'# nothing'"})
    void anEmptyScenarioChangesNothing(String text) {
        assertThat(Scenario.parse(text)).isEqualTo(Scenario.none());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'seed: 1;capacty: 5'                        | 2 | capacty              | is not a key here; known: repeat, only
            'capacity: { rat: 5 }'                      | 1 | capacity.rat         | is not a key here
            'capacity: { burst: 5 }'                    | 1 | capacity.rate        | is missing
            'capacity: fast'                            | 1 | capacity.rate        | must be a number
            'capacity: "50"'                            | 1 | capacity.rate        | must be a number
            'capacity: -1'                              | 1 | capacity.rate        | must be a number
            'capacity: [1]'                             | 1 | capacity             | must be a mapping or the value of rate
            'concurrency: 0'                            | 1 | concurrency.limit    | must be a whole number
            'concurrency: 1.5'                          | 1 | concurrency.limit    | must be a whole number
            'latency: 300'                              | 1 | latency.value        | must be a duration
            'latency: { distribution: zipf, mean: 1s }' | 1 | latency.distribution | must be fixed, uniform
            'latency: { distribution: lognormal, median: 2s, p99: 1s }' | 1 | latency.p99 | must not be below median
            'latency: { distribution: uniform, min: 2s, max: 1s }' | 1 | latency.max | must not be below min
            'latency: { distribution: normal, mean: 1s }' | 1 | latency.deviation  | is missing
            'errors: { share: 1 }'                      | 1 | errors               | must be a list
            'errors:;- share: 2;  behaviour: 500'       | 2 | errors[0].share      | must be a number
            'errors:;- { share: 0.6, behaviour: 500 };- { share: 0.6, behaviour: 503 }' | 2 | errors | more than 1
            'errors:;- { share: 0.6, behaviour: flood }' | 2 | errors[0].behaviour | unknown word 'flood'
            'errors:;- { share: 0.6, behaviour: fail=2 }' | 2 | errors[0].behaviour | cannot use fail=N
            'outages:;- { from: 5s, to: 5s }'           | 2 | outages[0].to        | must be after from
            'outages:;- { from: 5s }'                   | 2 | outages[0].to        | is missing
            'windows:;- from: 1s;  to: 2s;  latency: x' | 4 | windows[0].latency.value | must be a duration
            'windows:;- 5'                              | 2 | windows[0]           | must be a mapping
            'seed: 1;seed: 2'                           | 2 | seed                 | is given twice
            'only: ok'                                  | 1 | only                 | must be a list
            'repeat: 2 days'                            | 1 | repeat               | must be a duration
            'rate: 0'                                   | 1 | rate                 | must be a number
            '- 5'                                       | 1 | ''                   | must be a mapping
            """)
    void aProblemNamesItsLineAndKey(String text, int line, String key, String message) {
        ScenarioException wrong =
                catchThrowableOfType(ScenarioException.class, () -> Scenario.parse(text.replace(';', '\n')));

        assertThat(wrong).as(text).isNotNull();
        assertThat(wrong.problems()).as(text).anySatisfy(problem -> {
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.message()).contains(message);
        });
    }

    @Test
    void oneReadingFindsEveryProblem() {
        ScenarioException wrong = catchThrowableOfType(
                ScenarioException.class,
                () -> Scenario.parse("capacity: fast\nconcurrency: 0\nlatency: soon\nspeed: 1"));

        assertThat(wrong.problems()).extracting(ScenarioException.Problem::line).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @ParameterizedTest
    @CsvSource({"'capacity: [1'", "'{\"capacity\": }'", "'a: &x 1'", "'x: *x'", "'{} {}'"})
    void whatIsNeitherYamlNorJsonIsRefused(String text) {
        assertThatThrownBy(() -> Scenario.parse(text)).isInstanceOf(ScenarioException.class);
    }
}

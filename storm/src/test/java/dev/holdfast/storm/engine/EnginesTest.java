// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.storm.measure.CircuitLog;
import dev.holdfast.storm.scenario.Storm;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each engine does before servers that always do the same, over real sockets. */
@Timeout(120)
class EnginesTest {
    /** Waits of seconds pass in a fraction; a request has half a second. */
    private static final double FACTOR = 20;

    private static final Map<String, Integer> AFTER_503 = Map.of(
            "none",
            1,
            "hive",
            4,
            "abstractcore",
            2,
            "resilience4j",
            3,
            "failsafe",
            3,
            "langchain4j",
            3,
            "openai-sdk",
            3,
            "holdfast",
            3);
    private static final Map<String, Integer> AFTER_429 = Map.of(
            "none",
            1,
            "hive",
            4,
            "abstractcore",
            3,
            "resilience4j",
            3,
            "failsafe",
            3,
            "langchain4j",
            3,
            "openai-sdk",
            3,
            "holdfast",
            3);
    private static final Map<String, Integer> AFTER_400 = Map.of(
            "none",
            1,
            "hive",
            4,
            "abstractcore",
            1,
            "resilience4j",
            1,
            "failsafe",
            1,
            "langchain4j",
            1,
            "openai-sdk",
            1,
            "holdfast",
            1);

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final Transport transport = new CallIds(new JdkTransport(pool));
    private Simulator first;
    private Simulator second;

    static List<EngineKind> kinds() {
        return Engines.available();
    }

    @BeforeEach
    void start() throws IOException {
        first = Simulator.start(SimulatorOptions.defaults());
        second = Simulator.start(SimulatorOptions.defaults());
    }

    @AfterEach
    void stop() {
        assertThat(first.stats().open()).isZero();
        transport.close();
        pool.shutdownNow();
        timer.shutdownNow();
        first.close();
        second.close();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void errorsOfTheServerAreTriedAgainAsOftenAsThePolicySays(EngineKind kind) throws Exception {
        try (Engine engine = kind.maker().apply(surroundings(false, 1))) {
            engine.call(new Question("calm", false));
            first.scenario(Scenario.parse("errors: [{ share: 1, behaviour: 503 }]"));

            assertThatThrownBy(() -> engine.call(new Question("storm", false))).isInstanceOf(Exception.class);
        }

        assertThat(first.stats().attemptsPerCall()).containsEntry("calm", 1L).containsEntry("storm", (long)
                AFTER_503.get(kind.name()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void rateLimitsAreTriedAgainAsOftenAsThePolicySays(EngineKind kind) throws Exception {
        try (Engine engine = kind.maker().apply(surroundings(false, 1))) {
            first.scenario(Scenario.parse("errors: [{ share: 1, behaviour: 429 }]"));

            assertThatThrownBy(() -> engine.call(new Question("storm", false))).isInstanceOf(Exception.class);
        }

        assertThat(first.stats().attemptsPerCall()).containsEntry("storm", (long) AFTER_429.get(kind.name()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void malformedRequestsAreTriedAgainAsOftenAsThePolicySays(EngineKind kind) throws Exception {
        try (Engine engine = kind.maker().apply(surroundings(false, 1))) {
            assertThatThrownBy(() -> engine.call(new Question("poison", true))).isInstanceOf(Exception.class);
        }

        assertThat(first.stats().attemptsPerCall()).containsEntry("poison", (long) AFTER_400.get(kind.name()));
        assertThat(first.stats().byStatus()).containsOnlyKeys(400);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void answersAreReadWholeOrAsStreams(EngineKind kind) throws Exception {
        for (boolean streamed : List.of(false, true)) {
            try (Engine engine = kind.maker().apply(surroundings(streamed, 1))) {
                assertThat(engine.call(new Question("calm", false))).isEqualTo(Simulator.textOf(Storm.MODEL));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void thoseWithFailoverAskTheSecondTarget(EngineKind kind) throws Exception {
        boolean failsOver = List.of("resilience4j", "failsafe", "holdfast").contains(kind.name());
        first.scenario(Scenario.parse("errors: [{ share: 1, behaviour: 503 }]"));

        try (Engine engine = kind.maker().apply(surroundings(false, 2))) {
            if (failsOver) {
                assertThat(engine.call(new Question("storm", false))).isEqualTo(Simulator.textOf(Storm.MODEL));
            } else {
                assertThatThrownBy(() -> engine.call(new Question("storm", false)))
                        .isInstanceOf(Exception.class);
            }
        }

        assertThat(second.stats().requests()).isEqualTo(failsOver ? 1 : 0);
    }

    private Surroundings surroundings(boolean streamed, int targets) {
        Pace pace = new Pace(FACTOR);
        HttpTarget a = target("a", first, streamed, pace);
        HttpTarget b = target("b", second, streamed, pace);
        return new Surroundings(
                pace,
                targets == 1 ? List.of(a) : List.of(a, b),
                streamed,
                new CircuitLog(pace::nanos),
                7,
                ResilienceConfig.defaults(),
                transport,
                timer);
    }

    private HttpTarget target(String name, Simulator server, boolean streamed, Pace pace) {
        return new HttpTarget(name, server.baseUri(), streamed, pace.real(Storm.REQUEST_TIMEOUT), transport);
    }
}

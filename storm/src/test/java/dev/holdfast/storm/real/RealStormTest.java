// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.openai.OpenAiCompatibleProvider;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.simulator.virtual.VirtualServer;
import dev.holdfast.storm.StormOptions;
import dev.holdfast.storm.Storms;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets and real time, because that is what is run here. */
@Timeout(300)
class RealStormTest {
    private static final int CLIENTS_OF_THE_REAL_LOAD = 3_000;

    @Test
    void modelledServerGivesTheSameAnswersAsTheSimulatorInTheSameOrder() throws Exception {
        Scenario script = Scenario.parse("""
                seed: 11
                errors:
                  - { share: 0.3, behaviour: 500 }
                  - { share: 0.2, behaviour: "429,retry-after=1" }
                  - { share: 0.1, behaviour: refuse }
                """);
        VirtualTime time = new VirtualTime(1);
        VirtualServer model = new VirtualServer(script, time::nanos, (at, task) -> time.at(at, task)::cancel);
        List<Integer> modelled = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();

        for (int i = 0; i < 60; i++) {
            model.ask("ok", reply -> modelled.add(reply.status()));
        }
        try (Simulator simulator = Simulator.start(SimulatorOptions.defaults().withScenario(script))) {
            LlmProvider provider = OpenAiCompatibleProvider.builder("ok")
                    .preset("sim")
                    .baseUrl(simulator.baseUri() + "/v1")
                    .build();
            for (int i = 0; i < 60; i++) {
                seen.add(status(provider));
            }
        }

        assertThat(seen).isEqualTo(modelled).contains(200, 500, 429, 0);
        assertThat(model.open()).isZero();
    }

    private static int status(LlmProvider provider) {
        try {
            provider.complete("How is the sea today?").join();
            return 200;
        } catch (CompletionException e) {
            return ((ProviderException) e.getCause()).status();
        }
    }

    @Test
    void bothFormsFindTheSameInAnOutage() throws Exception {
        EngineResult real = run(Form.REAL_TIME, "outage", "none")
                .scenarios()
                .get(0)
                .engines()
                .get(0);
        EngineResult virtual = run(Form.VIRTUAL_TIME, "outage", "none")
                .scenarios()
                .get(0)
                .engines()
                .get(0);

        // the virtual outage lasts longer, so that the wait for its end which the oracle has counts for less
        double served = (double) real.succeeded() / real.calls();
        assertThat(served).isCloseTo((double) virtual.succeeded() / virtual.calls(), within(0.1));
        assertThat(real.amplification()).isEqualTo(1);
    }

    @Test
    void everyEngineEndsWithoutThreadsOrOpenRequests() throws Exception {
        StormResult result = run(Form.REAL_TIME, "steady");

        assertThat(result.scenarios().get(0).engines()).allSatisfy(engine -> {
            // how many depends on how busy this machine is: a request has a sixth of a second
            assertThat(engine.succeeded()).as(engine.engine()).isPositive();
            assertThat(engine.succeeded() + engine.failed() + engine.rejected()).isEqualTo(engine.calls());
        });
        assertThat(result.scenarios().get(0).engines())
                .hasSameSizeAs(Storms.standard().engines());
        long start = System.nanoTime();
        while (!ours().isEmpty()
                && System.nanoTime() - start < Duration.ofSeconds(30).toNanos()) {
            Thread.onSpinWait();
        }
        assertThat(ours()).isEmpty();
    }

    private static List<String> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("storm-"))
                .toList();
    }

    @Test
    void unknownNamesAreToldWithThoseThatAreKnown() {
        assertThatThrownBy(() -> run(Form.REAL_TIME, "tempest"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tempest")
                .hasMessageContaining("recovery-herd");
        assertThatThrownBy(() -> run(Form.VIRTUAL_TIME, "outage", "failsafe"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none, hive, abstractcore, holdfast");
    }

    private static StormResult run(Form form, String scenario, String... engines) throws InterruptedException {
        StormOptions options = new StormOptions(
                form,
                List.of(scenario),
                List.of(engines),
                7,
                1,
                CLIENTS_OF_THE_REAL_LOAD,
                ResilienceConfig.defaults(),
                List.of(),
                "");
        return Storms.standard().run(options, (name, engine, step, steps) -> {});
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallException;
import dev.holdfast.Holdfast;
import dev.holdfast.PageSnippets;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import dev.holdfast.retry.Backoff;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The code of docs/first-call.md, run against a real server; the page must show exactly what runs here. */
@Timeout(120)
class FirstCallPageTest {
    private final StringBuilder printed = new StringBuilder();
    private Simulator simulator;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void askingOnce() {
        String address = simulator.baseUri().toString();

        Llm llm = Llm.builder()
                .targets("sim/fail=1", "sim/ok") // failover order
                .baseUrl("sim", address)
                .build();
        LlmResponse response = llm.blocking().complete("Hello");
        print(response.text());
        print(response.report().attempts().size() + " attempts");

        assertThat(printed.toString()).contains("2 attempts");
    }

    @Test
    void beingPatientInYourOwnWay() {
        String address = simulator.baseUri().toString();

        ResilienceConfig config = ResilienceConfig.defaults()
                .withMaxAttempts(5)
                .withDeadline(Duration.ofSeconds(20))
                .withBackoff(Backoff.exponential(Duration.ofMillis(50), 2, Duration.ofSeconds(5)))
                .withTimeouts(TimeoutConfig.defaults().withFirstContent(Duration.ofSeconds(5)));
        Llm llm = Llm.builder()
                .targets("sim/fail=2")
                .baseUrl("sim", address)
                .resilience(config)
                .listener(event -> print(event.getClass().getSimpleName()))
                .build();
        llm.blocking().complete("Hello");

        llm.engine().eventsDelivered().join();
        assertThat(printed.toString()).contains("RetryScheduled", "RetrySucceeded");
    }

    @Test
    void readingAStream() {
        String address = simulator.baseUri().toString();
        Llm llm =
                Llm.builder().targets("sim/cut,after=3").baseUrl("sim", address).build();

        try (EventStream stream = llm.blocking().stream("Hello")) {
            for (StreamEvent event : stream) {
                if (event instanceof StreamEvent.TextDelta delta) {
                    print(delta.text());
                } else if (event instanceof StreamEvent.Error error) {
                    print("cut after: " + error.textSoFar() + " ("
                            + error.failure().category() + ")");
                }
            }
        }

        assertThat(printed.toString()).contains("(stream_interrupted)");
    }

    @Test
    void understandingAFailure() {
        String address = simulator.baseUri().toString();
        Llm llm = Llm.builder().targets("sim/401").baseUrl("sim", address).build();

        try {
            llm.blocking().complete("Hello");
        } catch (CallException e) {
            print(e.category() + ", " + e.scope()); // auth, other_target
            print(Advice.of(e.category(), llm.target()));
        }

        assertThat(printed.toString()).contains("auth, other_target");
    }

    @Test
    void testingWithoutAProvider() {
        MockProvider provider = MockProvider.of(
                MockAnswer.error(Category.RATE_LIMIT, Duration.ofMillis(20)), MockAnswer.text("Hello", " there"));
        Llm llm = Llm.builder()
                .provider(provider)
                .holdfast(Holdfast.builder().build())
                .build();

        assertThat(llm.blocking().complete("Hi").text()).isEqualTo("Hello there");
        assertThat(provider.calls()).isEqualTo(2);
    }

    private void print(String line) {
        synchronized (printed) {
            printed.append(line).append('\n');
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePageRunsHere() throws IOException {
        PageSnippets.assertRun("docs/first-call.md", 5, "llm/src/test/java/dev/holdfast/llm/FirstCallPageTest.java");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import dev.holdfast.Holdfast;
import dev.holdfast.RealHoldfast;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The code of docs/official-sdks.md that is about Anthropic; that it stands there is checked beside OpenAI's. */
class AnthropicPageTest {
    private static Simulator simulator;
    private static RealHoldfast real;

    private final Holdfast holdfast = real.engine;
    private final String url = simulator.baseUri().toString();
    private final String key = "test-key";
    private final String otherUrl = url;
    private final String otherKey = "other-key";

    @BeforeAll
    static void start() throws Exception {
        simulator = Simulator.start(SimulatorOptions.defaults());
        real = new RealHoldfast();
    }

    @AfterAll
    static void stop() {
        real.awaitAllReturned();
        real.close();
        simulator.close();
    }

    private static void assertAnswers(AnthropicClient client) {
        var message = client.messages()
                .create(MessageCreateParams.builder()
                        .model("sim/ok")
                        .maxTokens(100)
                        .addUserMessage("hello")
                        .build());
        assertThat(message.content().get(0).asText().text()).isEqualTo(Simulator.textOf("sim/ok"));
        client.close();
    }

    @Test
    void theClientWithTheInterceptor() {
        AnthropicOkHttpClient.Builder builder =
                AnthropicOkHttpClient.builder().baseUrl(url).apiKey(key);
        AnthropicClient client = GuardedAnthropic.client(builder, GuardedInterceptor.of(holdfast));

        assertAnswers(client);
    }

    @Test
    void theClientWithASecondEndpoint() {
        AnthropicOkHttpClient.Builder builder =
                AnthropicOkHttpClient.builder().baseUrl(url).apiKey(key);
        GuardedInterceptor interceptor = GuardedInterceptor.builder(holdfast)
                .ownTransport()
                .failover(otherUrl, otherKey, null)
                .build();
        AnthropicClient client = GuardedAnthropic.client(builder, interceptor);

        assertAnswers(client);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.holdfast.Holdfast;
import dev.holdfast.PageSnippets;
import dev.holdfast.RealHoldfast;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The code of docs/official-sdks.md that is about OpenAI; the page itself is checked here. */
class OpenAIPageTest {
    private static Simulator simulator;
    private static RealHoldfast real;

    private final Holdfast holdfast = real.engine;
    private final String url = simulator.baseUri() + "/v1";
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

    private static void assertAnswers(OpenAIClient client) {
        var completion = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("sim/ok")
                        .addUserMessage("hello")
                        .build());
        assertThat(completion.choices().get(0).message().content()).contains(Simulator.textOf("sim/ok"));
        client.close();
    }

    @Test
    void theClientOverOurTransport() {
        ClientOptions.Builder options = ClientOptions.builder().baseUrl(url).apiKey(key);
        OpenAIClient client = GuardedOpenAI.client(options, holdfast);

        assertAnswers(client);
    }

    @Test
    void theClientOverOkHttp() {
        ClientOptions.Builder options = ClientOptions.builder().baseUrl(url).apiKey(key);
        GuardedHttpClient http = GuardedHttpClient.builder(holdfast)
                .around(OkHttpClient.builder().build())
                .build();
        OpenAIClient client = GuardedOpenAI.client(options, http);

        assertAnswers(client);
    }

    @Test
    void theClientWithASecondEndpoint() {
        ClientOptions.Builder options = ClientOptions.builder().baseUrl(url).apiKey(key);
        GuardedHttpClient http = GuardedHttpClient.builder(holdfast)
                .failover(otherUrl, otherKey, "gpt-4o-mini") // the model to ask for there; null for the same
                .build();
        OpenAIClient client = GuardedOpenAI.client(options, http);

        assertAnswers(client);
    }

    @Test
    void thePageShowsWhatRuns() throws Exception {
        PageSnippets.assertRun(
                "docs/official-sdks.md",
                7,
                "integrations/openai-java/src/test/java/dev/holdfast/openai/OpenAIPageTest.java",
                "integrations/anthropic-java/src/test/java/dev/holdfast/anthropic/AnthropicPageTest.java",
                "integrations/fault-matrix/src/test/java/dev/holdfast/faults/GuardedGemini.java",
                "integrations/fault-matrix/src/test/java/dev/holdfast/faults/GeminiSubjects.java");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallException;
import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Reading;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.openai.OpenAiCompatibleProvider;
import dev.holdfast.retry.Backoff;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that nobody here wrote, as OpenAI-compatible upstreams: what one hand wrote on both sides proves little. */
@Timeout(300)
class ForeignServersTest {
    private static final String RULES = """
        streaming:
          chunkSize: 5
          chunkIntervalMs: 2
        rules:
          - path: "/v1/chat/completions"
            match: "@"
            response:
              status: 200
              content: |
                {"id":"chatcmpl-{{timestamp}}","object":"chat.completion","model":"{{jmes request body.model}}",
                 "choices":[{"message":{"role":"assistant","content":"You said: {{jmes request body.messages[-1].content}}"},
                 "finish_reason":"stop"}]}
          - path: "/v1/chat/completions"
            match: "contains(body.messages[-1].content, 'error-401')"
            response:
              status: 401
              content: |
                {"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,
                 "code":"invalid_api_key"}}
          - path: "/v1/chat/completions"
            match: "contains(body.messages[-1].content, 'error-503')"
            response:
              status: 503
              content: '{"error":{"message":"The server is overloaded","type":"server_error","param":null,"code":null}}'
        """;

    @TempDir
    static Path temp;

    private static NodeServers.Running mock;
    private static NodeServers.Running portkey;
    private static Simulator simulator;

    private final Holdfast engine = Holdfast.builder()
            .config(ResilienceConfig.defaults().withMaxAttempts(2).withBackoff(Backoff.fixed(Duration.ofMillis(5))))
            .build();

    @BeforeAll
    static void start() throws Exception {
        Path rules = Files.writeString(temp.resolve("rules.yaml"), RULES);
        simulator = Simulator.start(SimulatorOptions.defaults());
        NodeServers servers = NodeServers.ofLlm();
        mock = servers.start(Map.of(), "@dwmkerr/mock-llm/dist/main.js", "--config", rules.toString());
        portkey = servers.start(
                Map.of("NODE_ENV", "production"),
                "@portkey-ai/gateway/build/start-server.js",
                "--port=PORT",
                "--headless");
    }

    @AfterAll
    static void stop() {
        for (NodeServers.Running server : new NodeServers.Running[] {mock, portkey}) {
            if (server != null) {
                server.close();
            }
        }
        if (simulator != null) {
            simulator.close();
        }
    }

    @AfterEach
    void nothingIsLeft() {
        Conservation.awaitAllReturned(engine);
        engine.close();
    }

    private Llm guarded(LlmProvider provider) {
        return Llm.builder().provider(provider).holdfast(engine).build();
    }

    private Llm mockLlm() {
        return guarded(OpenAiCompatibleProvider.builder("some-model")
                .baseUrl(mock.url() + "/v1")
                .key(Secret.of("sk-any"))
                .build());
    }

    /** Through the gateway to the simulator. */
    private Llm portkey(String behaviour) {
        return guarded(OpenAiCompatibleProvider.builder("sim/" + behaviour)
                .baseUrl(portkey.url() + "/v1")
                .key(Secret.of("sk-any"))
                .header("x-portkey-provider", "openai")
                .header("x-portkey-custom-host", simulator.baseUri() + "/v1")
                .build());
    }

    @Test
    void mockLlmAnswersWhole() {
        LlmResponse response = mockLlm().blocking().complete("Hello there");

        assertThat(response.text()).isEqualTo("You said: Hello there");
        assertThat(response.model()).isEqualTo("some-model");
    }

    @Test
    void mockLlmAnswersAsAStream() throws Exception {
        Reading reading = Reading.all(mockLlm().stream("Hello there"));

        assertThat(reading.response().text()).isEqualTo("You said: Hello there").isEqualTo(reading.text());
        assertThat(reading.events)
                .filteredOn(StreamEvent.TextDelta.class::isInstance)
                .hasSizeGreaterThan(3);
    }

    @Test
    void mockLlmsErrorsAreUnderstoodPlainAndInsideAStream() throws Exception {
        // Asked for a stream it says 200 and puts the error into the first event.
        StreamEvent.Error load = Reading.all(mockLlm().stream("error-503")).error();
        assertThat(load.report().attempts()).hasSize(2);
        assertThat(load.textSoFar()).isEmpty();

        CompletableFuture<LlmResponse> plain = mockLlm().complete("error-503");
        assertThat(plain)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        CallException.class,
                        failed -> assertThat(failed.report().attempts()).hasSize(2));

        StreamEvent.Error key = Reading.all(mockLlm().stream("error-401")).error();
        assertThat(key.failure().category()).isEqualTo(Category.AUTH);
        assertThat(key.report().attempts()).hasSize(1);
    }

    @Test
    void portkeyAnswersWhole() {
        LlmResponse response = portkey("ok").blocking().complete("Hello");

        assertThat(response.text()).isEqualTo(Simulator.textOf("ok"));
        assertThat(response.usage().outputTokens()).isEqualTo(20);
    }

    @Test
    void portkeyAnswersAsAStream() throws Exception {
        Reading reading = Reading.all(portkey("tokens=50").stream("Hello"));

        assertThat(reading.response().text()).isEqualTo(Simulator.textOf("tokens=50"));
    }

    @Test
    void anErrorBehindPortkeyIsTriedAgain() throws Exception {
        Reading reading = Reading.all(portkey("fail=1,status=503").stream("Hello"));

        assertThat(reading.response().report().attempts()).hasSize(2);
        assertThat(reading.text()).isEqualTo(Simulator.textOf("fail=1,status=503"));
    }

    /** It passes a cut on as a clean end: without the rule of the terminal marker this would be a whole answer. */
    @Test
    void aCutBehindPortkeyIsNotTakenForAnAnswer() throws Exception {
        StreamEvent.Error error = Reading.all(portkey("cut").stream("Hello")).error();

        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error.textSoFar()).isNotEmpty();
    }

    /** It passes an error inside a 200 on as a success. */
    @Test
    void anErrorInsideAStreamBehindPortkeyIsTriedAgainBeforeAnyContent() throws Exception {
        StreamEvent.Error error =
                Reading.all(portkey("error-first").stream("Hello")).error();

        assertThat(error.report().attempts()).hasSize(2);
        assertThat(error.textSoFar()).isEmpty();
    }
}

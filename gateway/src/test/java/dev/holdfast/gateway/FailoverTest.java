// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Simulator;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real sockets: one client of either dialect before providers of both. */
@Timeout(60)
class FailoverTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Stream<Arguments> waysRound() {
        return Stream.of(OPENAI, ANTHROPIC)
                .flatMap(path -> Stream.of("503", "429", "cut", "reset", "malformed", "empty", "error-first", "refuse")
                        .flatMap(fault -> Stream.of(false, true).map(stream -> Arguments.of(path, fault, stream))));
    }

    @ParameterizedTest
    @MethodSource("waysRound")
    void aClientFailsOverToTheOtherDialectAndDoesNotNotice(String path, String fault, boolean stream) throws Exception {
        boolean openAi = path.equals(OPENAI);
        // A stream that is cut after its first content is committed and cannot fail over.
        String broken = stream && fault.equals("cut") ? "cut,after=0" : fault;
        String own = (openAi ? "" : "a:") + broken;
        String other = (openAi ? "a:" : "") + "tokens=5";

        try (RunningGateway running = RunningGateway.of(own, other)) {
            HttpResponse<String> response = running.post(path, RunningGateway.chat(path, stream));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(text(path, stream, response.body())).isEqualTo(Simulator.textOf("tokens=5"));
            assertThat(response.headers().firstValue("x-holdfast-target")).hasValue("t1");
            assertThat(response.headers().firstValue("x-holdfast-attempts")).hasValue("2");
            if (stream) {
                assertThat(response.body()).contains(openAi ? "data: [DONE]" : "event: message_stop");
            }
        }
    }

    private static String text(String path, boolean stream, String body) {
        StringBuilder text = new StringBuilder();
        if (!stream) {
            JsonNode answer = JSON.readTree(body);
            return path.equals(OPENAI)
                    ? answer.at("/choices/0/message/content").stringValue()
                    : answer.at("/content/0/text").stringValue();
        }
        body.lines().filter(line -> line.startsWith("data: {")).forEach(line -> {
            JsonNode event = JSON.readTree(line.substring(6));
            JsonNode delta = path.equals(OPENAI) ? event.at("/choices/0/delta/content") : event.at("/delta/text");
            text.append(delta.isString() ? delta.stringValue() : "");
        });
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void toolCallsCrossDialects(String path, boolean stream) throws Exception {
        boolean openAi = path.equals(OPENAI);
        String tool = openAi
                ? "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}}]"
                : "\"tools\":[{\"name\":\"weather\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}]";
        String body = "{\"model\":\"m\",\"max_tokens\":100,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Weather?\"}]," + tool + "}";

        try (RunningGateway running = RunningGateway.of((openAi ? "" : "a:") + "503", (openAi ? "a:" : "") + "tool")) {
            HttpResponse<String> response = running.post(path, body);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.body()).contains("weather").contains("city");
            assertThat(response.body()).contains(openAi ? "\"tool_calls\"" : "tool_use");
            assertThat(response.body())
                    .contains(openAi ? "\"finish_reason\":\"tool_calls\"" : "\"stop_reason\":\"tool_use\"");
        }
    }

    static Stream<Arguments> dialects() {
        return Stream.of(OPENAI, ANTHROPIC)
                .flatMap(path -> Stream.of(false, true).map(stream -> Arguments.of(path, stream)));
    }

    @Test
    void imagesReachTheOtherDialect() {
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is"
                        + " it?\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgo=\"}}]}]}";
        byte[] answer =
                ("{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"up\",\"content\":[{\"type\":\"text\",\"text\":\"A"
                                + " cat\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":7,\"output_tokens\":3}}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);

        try (ScriptedUpstream upstream = new ScriptedUpstream(200, "application/json", answer);
                RunningGateway running = RunningGateway.start("""
                    targets:
                      broken: { provider: sim, model: "503" }
                      claude: { provider: anthropic, base_url: "%s", model: up, api_key: our-key }
                    models:
                      m: { targets: [broken, claude] }
                    """.formatted(upstream.baseUrl()))) {
            HttpResponse<String> response = running.post(OPENAI, body);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode told = JSON.readTree(response.body());
            assertThat(told.at("/choices/0/message/content").stringValue()).isEqualTo("A cat");
            assertThat(told.at("/model").stringValue()).isEqualTo("m");
            JsonNode sent = JSON.readTree(upstream.received.get(0).body());
            assertThat(sent.at("/messages/0/content/1/source/data").stringValue())
                    .isEqualTo("iVBORw0KGgo=");
            assertThat(sent.at("/model").stringValue()).isEqualTo("up");
        }
    }

    @Test
    void schemasOfAnswersCrossDialects() {
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Invoice\"}],\"response_format\":{\"type\":\"json_schema\","
                        + "\"json_schema\":{\"name\":\"invoice\",\"strict\":true,\"schema\":{\"type\":\"object\",\"properties\":{\"total\":{\"type\":\"integer\"}},"
                        + "\"required\":[\"total\"],\"additionalProperties\":false}}}}";

        try (RunningGateway running = RunningGateway.of("503", "a:json")) {
            HttpResponse<String> response = running.post(OPENAI, body);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode told = JSON.readTree(response.body());
            JsonNode json = JSON.readTree(told.at("/choices/0/message/content").stringValue());
            assertThat(json.at("/total").isInt()).isTrue();
        }
    }

    @Test
    void whatCannotBeCarriedIsTold() {
        String body =
                "{\"model\":\"m\",\"seed\":7,\"logit_bias\":{\"1\":2},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

        try (RunningGateway running = RunningGateway.of("a:ok")) {
            HttpResponse<String> response = running.post(OPENAI, body);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.headers().firstValue("x-holdfast-translation").orElse(""))
                    .contains("dropped")
                    .contains("seed");
        }
    }
}

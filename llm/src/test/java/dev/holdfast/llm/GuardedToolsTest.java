// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.internal.Json;
import dev.holdfast.simulator.Simulator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Tools, tool choice and response formats from request to answer, both dialects, plain and streamed. */
@Timeout(120)
class GuardedToolsTest {
    private static final String SCHEMA = """
            {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":2}},
             "required":["city","days"],"additionalProperties":false}""";
    private static final ToolDefinition WEATHER = new ToolDefinition("weather", "Tells the weather", SCHEMA);
    private static final ToolDefinition TIME = new ToolDefinition("time", "Tells the time", "{\"type\":\"object\"}");

    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded();
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    private LlmResponse ask(String provider, String model, boolean streamed, LlmRequest request) throws Exception {
        Llm llm = guarded.llm(provider + "/" + model);
        if (!streamed) {
            return llm.complete(request).get(30, TimeUnit.SECONDS);
        }
        Reading reading = Reading.all(llm.stream(request));
        LlmResponse response = reading.response();
        assertThat(reading.events.stream()
                        .filter(StreamEvent.ToolCallComplete.class::isInstance)
                        .map(event -> ((StreamEvent.ToolCallComplete) event).call()))
                .isEqualTo(response.toolCalls());
        return response;
    }

    @ParameterizedTest
    @CsvSource({"sim,false", "sim,true", "sim-anthropic,false", "sim-anthropic,true"})
    void aToolIsAskedForAndItsResultGoesBack(String provider, boolean streamed) throws Exception {
        LlmRequest request =
                LlmRequest.builder().user("Rain?").tool(WEATHER).tool(TIME).build();

        LlmResponse asked = ask(provider, "tool", streamed, request);
        LlmRequest answered = request.withMessage(asked.toMessage())
                .withMessage(Message.tool(new Content.ToolResult(
                        asked.toolCalls().get(0).id(), List.of(new Content.Text("no rain")), false)));
        LlmResponse told = ask(provider, "tool", streamed, answered);

        assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(asked.toolCalls()).extracting(Content.ToolCall::name).containsExactly("weather");
        assertThat(asked.toolCalls().get(0).id()).isNotEmpty();
        JsonNode arguments = Json.read(asked.toolCalls().get(0).argumentsJson());
        assertThat(arguments.path("days").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(arguments.path("city").isString()).isTrue();
        assertThat(told.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(told.text()).isEqualTo(Simulator.textOf("sim/tool"));
    }

    @ParameterizedTest
    @CsvSource({"sim,false", "sim,true", "sim-anthropic,false", "sim-anthropic,true"})
    void theToolThatIsInsistedOnIsTheOneAskedFor(String provider, boolean streamed) throws Exception {
        LlmRequest request = LlmRequest.builder()
                .user("Rain?")
                .tool(WEATHER)
                .tool(TIME)
                .toolChoice(ToolChoice.tool("time"))
                .build();

        assertThat(ask(provider, "tool", streamed, request).toolCalls())
                .extracting(Content.ToolCall::name)
                .containsExactly("time");
    }

    @ParameterizedTest
    @CsvSource({"sim,false", "sim,true", "sim-anthropic,false", "sim-anthropic,true"})
    void aSchemaIsAnsweredByAnObjectThatFits(String provider, boolean streamed) throws Exception {
        LlmRequest request = LlmRequest.of("Rain?").withResponseFormat(ResponseFormat.jsonSchema("rain", SCHEMA));

        JsonNode answer = Json.read(ask(provider, "json", streamed, request).text());

        assertThat(answer.path("city").isString()).isTrue();
        // Anthropic refuses bounds in a format: they go there in words, which the simulator does not read.
        assertThat(answer.path("days").asInt()).isGreaterThanOrEqualTo(provider.equals("sim") ? 2 : 1);
    }

    @ParameterizedTest
    @CsvSource({"sim,false", "sim,true"})
    void jsonModeIsAnsweredByAnObject(String provider, boolean streamed) throws Exception {
        LlmRequest request = LlmRequest.of("Rain, as JSON?").withResponseFormat(ResponseFormat.JSON_OBJECT);

        assertThat(Json.read(ask(provider, "json", streamed, request).text()).isObject())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"sim,false", "sim,true", "sim-anthropic,false", "sim-anthropic,true"})
    void brokenJsonIsHandedOverAsItIsAndNotRepeatedByTheGuard(String provider, boolean streamed) throws Exception {
        LlmRequest request = LlmRequest.of("Rain?").withResponseFormat(ResponseFormat.jsonSchema("rain", SCHEMA));

        LlmResponse response = ask(provider, "bad-json", streamed, request);

        assertThat(Json.objectOrNull(response.text())).isNull();
        assertThat(guarded.requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"sim,false", "sim,true", "sim-anthropic,false", "sim-anthropic,true"})
    void aToolCallCommitsAStreamAndARetryBeforeItIsFree(String provider, boolean streamed) throws Exception {
        LlmRequest request = LlmRequest.builder().user("Rain?").tool(WEATHER).build();

        LlmResponse response = ask(provider, "fail=1,tool", streamed, request);

        assertThat(response.toolCalls()).hasSize(1);
        assertThat(response.report().attempts()).hasSize(2);
    }
}

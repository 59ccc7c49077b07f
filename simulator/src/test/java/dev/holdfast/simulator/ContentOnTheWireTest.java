// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.simulator.Wire.Speech;
import dev.holdfast.simulator.internal.wire.Json;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Tools, objects, embeddings and the order of events, as far as the official clients do not look at them. */
@Timeout(120)
class ContentOnTheWireTest {
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},"
            + "\"people\":{\"type\":\"integer\",\"minimum\":100}},\"required\":[\"city\",\"people\"]}";

    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = new Wire();
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    private static String tools(Speech speech, String choice) {
        String tool = speech == Speech.OPENAI
                ? "{\"type\":\"function\",\"function\":{\"name\":\"%s\",\"parameters\":" + SCHEMA + "}}"
                : "{\"name\":\"%s\",\"input_schema\":" + SCHEMA + "}";
        return ",\"tools\":[" + tool.formatted("first") + "," + tool.formatted("second") + "]"
                + (choice.isEmpty() ? "" : ",\"tool_choice\":" + choice);
    }

    private static JsonNode ask(Speech speech, String model, String more) throws Exception {
        return Json.read(wire.post(speech.path, speech.body(model, false, more)).body());
    }

    private static String toolName(Speech speech, JsonNode answer) {
        return speech == Speech.OPENAI
                ? answer.at("/choices/0/message/tool_calls/0/function/name").asString("")
                : answer.at("/content/0/name").asString("");
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void toolAsksForTheFirstToolOrTheOneInsistedOn(Speech speech) throws Exception {
        String second = speech == Speech.OPENAI
                ? "{\"type\":\"function\",\"function\":{\"name\":\"second\"}}"
                : "{\"type\":\"tool\",\"name\":\"second\"}";

        assertThat(toolName(speech, ask(speech, "tool", tools(speech, "")))).isEqualTo("first");
        assertThat(toolName(speech, ask(speech, "tool", tools(speech, second)))).isEqualTo("second");
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void toolAnswersInTextWhereThereIsNoneOrNoneIsWanted(Speech speech) throws Exception {
        String none = speech == Speech.OPENAI ? "\"none\"" : "{\"type\":\"none\"}";

        assertThat(speech.text(ask(speech, "tool", ""))).isEqualTo(Simulator.textOf("tool"));
        assertThat(speech.text(ask(speech, "tool", tools(speech, none)))).isEqualTo(Simulator.textOf("tool"));
        assertThat(speech.text(ask(speech, "ok", tools(speech, "")))).isEqualTo(Simulator.textOf("ok"));
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void anInsistedToolThatWasNotOfferedIsRefused(Speech speech) throws Exception {
        String third = speech == Speech.OPENAI
                ? "{\"type\":\"function\",\"function\":{\"name\":\"third\"}}"
                : "{\"type\":\"tool\",\"name\":\"third\"}";

        assertThat(wire.post(speech.path, speech.body("tool", false, tools(speech, third)))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void jsonIsAnObjectOfTheSchemaHoweverItWasSent(Speech speech) throws Exception {
        List<String> ways = speech == Speech.OPENAI
                ? List.of(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"c\",\"schema\":"
                        + SCHEMA + "}}")
                : List.of(
                        ",\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + SCHEMA + "}}",
                        ",\"output_format\":{\"type\":\"json_schema\",\"schema\":" + SCHEMA + "}");

        for (String way : ways) {
            JsonNode object = Json.read(speech.text(ask(speech, "json", way)));
            assertThat(object.path("people").asInt()).isEqualTo(100);
            assertThat(object.path("city").isString()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void jsonWithoutASchemaIsStillAnObjectStreamedToo(Speech speech) throws Exception {
        assertThat(Json.read(speech.text(ask(speech, "json", ""))).isObject()).isTrue();
        assertThat(Json.read(speech.streamedText(wire.stream(speech, "json").body()))
                        .isObject())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void jsonGoesThroughAToolThatIsInsistedOn(Speech speech) throws Exception {
        String any = speech == Speech.OPENAI ? "\"required\"" : "{\"type\":\"any\"}";

        assertThat(toolName(speech, ask(speech, "json", tools(speech, any)))).isEqualTo("first");
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void badJsonEndsWellAndCannotBeRead(Speech speech) throws Exception {
        String answer = wire.stream(speech, "bad-json").body();

        assertThat(speech.endsWell(answer)).isTrue();
        assertThatThrownBy(() -> Json.read(speech.streamedText(answer))).isInstanceOf(JacksonException.class);
    }

    @Test
    void anOpenAiStreamStartsWithItsRoleAndReportsUsageOnlyWhereAsked() throws Exception {
        String without = wire.stream(Speech.OPENAI, "tokens=2").body();
        String with = wire.post(
                        Speech.OPENAI.path,
                        Speech.OPENAI.body("tokens=2", true, ",\"stream_options\":{\"include_usage\":true}"))
                .body();

        assertThat(Wire.events(without).get(0).at("/choices/0/delta/role").asString())
                .isEqualTo("assistant");
        assertThat(without).doesNotContain("usage");
        List<JsonNode> events = Wire.events(with);
        assertThat(events.get(events.size() - 1).path("choices").isEmpty()).isTrue();
        assertThat(events.get(0).path("usage").isNull()).isTrue();
    }

    @Test
    void anAnthropicStreamHasItsEventsInOrder() throws Exception {
        String stream = wire.stream(Speech.ANTHROPIC, "tokens=2").body();

        assertThat(stream.lines().filter(line -> line.startsWith("event: ")).map(line -> line.substring(7)))
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
    }

    @Test
    void embeddingsDependOnTheirInputAlone() throws Exception {
        JsonNode three = Json.read(
                wire.post("/v1/embeddings", "{\"model\":\"ok\",\"input\":[\"a\",\"b\",\"a\"],\"dimensions\":8}")
                        .body());

        assertThat(three.path("data")).hasSize(3);
        assertThat(three.at("/data/0/embedding")).hasSize(8).isEqualTo(three.at("/data/2/embedding"));
        assertThat(three.at("/data/0/embedding")).isNotEqualTo(three.at("/data/1/embedding"));
    }

    @Test
    void embeddingsMisbehaveLikeEverythingElse() throws Exception {
        assertThat(wire.post("/v1/embeddings", "{\"model\":\"429\",\"input\":\"a\"}")
                        .statusCode())
                .isEqualTo(429);
        assertThat(wire.post("/v1/embeddings", "{\"model\":\"ok\"}").statusCode())
                .isEqualTo(400);
        assertThatThrownBy(() -> wire.post("/v1/embeddings", "{\"model\":\"cut\",\"input\":\"a\"}"))
                .isInstanceOf(java.io.IOException.class);
    }

    @Test
    void textIsAFunctionOfTheModelStringAlone() {
        assertThat(Simulator.textOf("sim/ok")).isEqualTo(Simulator.textOf("ok"));
        assertThat(Simulator.textOf("tokens=20")).isNotEqualTo(Simulator.textOf("ok"));
        assertThat(Simulator.textOf("tokens=7").split(" ")).hasSize(7);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.internal.schema.JsonText.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Where the JSON is in what models write. */
class JsonTextTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("{\"a\": 1}", "{\"a\":1}"),
                Arguments.of(" \n {\"a\": 1}\n\n", "{\"a\":1}"),
                Arguments.of("```json\n{\"a\": 1}\n```", "{\"a\":1}"),
                Arguments.of("```\n{\"a\": 1}\n```", "{\"a\":1}"),
                Arguments.of("```{\"a\": 1}```", "{\"a\":1}"),
                Arguments.of("Here it is:\n```json\n{\"a\": 1}\n```\nAnything else?", "{\"a\":1}"),
                Arguments.of("```json\n{\"a\": 1}", "{\"a\":1}"),
                Arguments.of("```python\nprint(1)\n```\nand\n```json\n{\"a\": 1}\n```", "{\"a\":1}"),
                Arguments.of("The answer is {\"a\": 1} as you wished.", "{\"a\":1}"),
                Arguments.of("{\"outer\":{\"inner\":\"x\"}}", "{\"outer\":{\"inner\":\"x\"}}"),
                Arguments.of(
                        "so: {\"a\":{\"b\":{\"c\":{\"d\":\"deep\"}}}}.", "{\"a\":{\"b\":{\"c\":{\"d\":\"deep\"}}}}"),
                Arguments.of("see {\"items\":[1,2,3]}", "{\"items\":[1,2,3]}"),
                Arguments.of("see {\"code\":\"f() { return 1; }\"}", "{\"code\":\"f() { return 1; }\"}"),
                Arguments.of("see {\"code\":\"}{][\"}", "{\"code\":\"}{][\"}"),
                Arguments.of("{\"say\": \"He said \\\"}\\\"\"}", "{\"say\":\"He said \\\"}\\\"\"}"),
                Arguments.of("{\"first\": 1} and then {\"second\": 2}", "{\"first\":1}"),
                Arguments.of("bad {x} then {\"a\":1}", "{\"a\":1}"),
                Arguments.of("{ {\"a\":1}", "{\"a\":1}"),
                Arguments.of("[{\"a\":1}]", "{\"a\":1}"),
                Arguments.of("{\"t\":true,\"f\":false,\"n\":null}", "{\"t\":true,\"f\":false,\"n\":null}"),
                Arguments.of("{\"i\":42,\"d\":19.99}", "{\"i\":42,\"d\":19.99}"),
                Arguments.of("{\"text\": \"two\nlines\",}", "{\"text\":\"two\\nlines\"}"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void theObjectIsFound(String text, String object) {
        assertThat(JsonText.find(text, Kind.OBJECT)).isEqualTo(Json.read(object));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "This is not JSON at all",
                "[1, 2]",
                "{'a': 1}",
                "{\"a\": NaN}",
                "{\"never\": \"closed\"",
                "```json\nnothing\n```",
                "I cannot help with that {sorry}."
            })
    void nothingIsMadeUp(String text) {
        assertThat(JsonText.find(text, Kind.OBJECT)).isNull();
    }

    @Test
    void anArrayIsFoundWhereAnArrayIsWanted() {
        assertThat(JsonText.find("Sure: [{\"a\":1}, {\"a\":2}] {\"b\":1}", Kind.ARRAY))
                .isEqualTo(Json.read("[{\"a\":1},{\"a\":2}]"));
        assertThat(JsonText.find("{\"a\":[1]}", Kind.ARRAY)).isEqualTo(Json.read("[1]"));
    }

    @Test
    void otherValuesAreTheWholeTextOrAFence() {
        assertThat(JsonText.find(" 17 ", Kind.ANY)).isEqualTo(Json.read("17"));
        assertThat(JsonText.find("```json\n\"x\"\n```", Kind.ANY)).isEqualTo(Json.read("\"x\""));
        assertThat(JsonText.find("it is 17", Kind.ANY)).isNull();
        assertThat(JsonText.find("", Kind.ANY)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[", "```", "{\"", "{[", "\\", "```{"})
    void hostileTextIsReadInBoundedTime(String piece) {
        String text = piece.repeat(300_000);
        long startNanos = System.nanoTime();

        JsonNode found = JsonText.find(text, Kind.OBJECT);

        assertThat(found).isNull();
        assertThat(System.nanoTime() - startNanos).isLessThan(15_000_000_000L);
    }
}

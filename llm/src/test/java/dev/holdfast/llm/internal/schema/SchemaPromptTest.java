// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.preset.Presets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same schema as different targets understand it. */
class SchemaPromptTest {
    private static final String CLOSED = "{\"type\":\"object\",\"properties\":{\"days\":{\"type\":\"integer\"}},"
            + "\"required\":[\"days\"],\"additionalProperties\":false}";
    private static final String BOUNDED = CLOSED.replace("\"integer\"", "\"integer\",\"minimum\":2");
    private static final String OPEN = CLOSED.replace("false", "true");

    private static LlmRequest asking(String schema) {
        return LlmRequest.builder()
                .system("Be brief.")
                .user("Rain?")
                .responseFormat(ResponseFormat.jsonSchema("rain", schema))
                .build();
    }

    private static LlmRequest told(LlmRequest request, String provider, String model) {
        return SchemaPrompt.forTarget(request, Presets.named(provider), model);
    }

    @Test
    void aTargetThatTakesItGetsItAsItIs() {
        LlmRequest request = asking(BOUNDED);

        assertThat(told(request, "openai", "gpt-4o-mini")).isSameAs(request);
        assertThat(told(LlmRequest.of("x"), "deepseek", "deepseek-chat")).isEqualTo(LlmRequest.of("x"));
    }

    @Test
    void aTargetWithJsonModeAloneGetsItInWordsToo() {
        LlmRequest told = told(asking(BOUNDED), "deepseek", "deepseek-chat");

        assertThat(told.responseFormat()).isEqualTo(ResponseFormat.JSON_OBJECT);
        assertThat(told.system()).startsWith("Be brief.\n\n").contains("JSON", BOUNDED);
    }

    @Test
    void anthropicGetsAClosedSchemaAsItIsAndBoundsInWords() {
        LlmRequest closed = asking(CLOSED);
        assertThat(told(closed, "anthropic", "claude-haiku-4-5")).isSameAs(closed);

        LlmRequest bounded = told(asking(BOUNDED), "anthropic", "claude-haiku-4-5");
        assertThat(((ResponseFormat.JsonSchema) bounded.responseFormat()).schemaJson())
                .isEqualTo(CLOSED);
        assertThat(bounded.system()).contains(BOUNDED);

        LlmRequest open = told(asking(OPEN), "anthropic", "claude-haiku-4-5");
        assertThat(open.responseFormat()).isEqualTo(ResponseFormat.TEXT);
        assertThat(open.system()).contains(OPEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude-3-haiku-20240307",
                "claude-3-5-sonnet-latest",
                "claude-2.1",
                "claude-sonnet-4-20250514",
                "claude-opus-4-0"
            })
    void oldModelsOfAnthropicGetItInWords(String model) {
        assertThat(told(asking(CLOSED), "anthropic", model).responseFormat()).isEqualTo(ResponseFormat.TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-haiku-4-5-20251001", "claude-opus-4-1", "claude-sonnet-4-5", "claude-opus-5"})
    void newModelsOfAnthropicGetTheFormat(String model) {
        assertThat(told(asking(CLOSED), "anthropic", model).responseFormat())
                .isInstanceOf(ResponseFormat.JsonSchema.class);
    }
}

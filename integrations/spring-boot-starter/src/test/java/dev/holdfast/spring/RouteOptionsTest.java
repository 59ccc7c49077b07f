// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

class RouteOptionsTest {
    private static final OpenAiChatOptions FIRST = OpenAiChatOptions.builder()
            .model("gpt")
            .temperature(0.1)
            .maxTokens(500)
            .build();

    private static ChatOptions carried(ChatOptions asked, ChatOptions standIn) {
        FakeModel first = FakeModel.answering(FIRST, prompt -> FakeModel.part("", "stop"));
        FakeModel second = FakeModel.answering(standIn, prompt -> FakeModel.part("", "stop"));
        return RouteOptions.translated(new Prompt("Hello", asked), first, second)
                .getOptions();
    }

    @Test
    void standInKeepsItsOwnModelAndKindOfOptions() {
        AnthropicChatOptions own = AnthropicChatOptions.builder()
                .model("claude")
                .maxTokens(900)
                .temperature(0.7)
                .build();

        ChatOptions options = carried(FIRST, own);

        assertThat(options).isInstanceOf(AnthropicChatOptions.class);
        assertThat(options.getModel()).isEqualTo("claude");
        assertThat(options.getMaxTokens()).isEqualTo(900);
        assertThat(options.getTemperature()).isEqualTo(0.7);
    }

    @Test
    void whatTheCallerChoseIsCarriedButNeverTheModel() {
        OpenAiChatOptions asked = FIRST.mutate()
                .model("gpt-large")
                .temperature(0.9)
                .stopSequences(List.of("END"))
                .build();

        ChatOptions options =
                carried(asked, AnthropicChatOptions.builder().model("claude").build());

        assertThat(options.getModel()).isEqualTo("claude");
        assertThat(options.getTemperature()).isEqualTo(0.9);
        assertThat(options.getStopSequences()).containsExactly("END");
    }

    @Test
    void toolsAndOutputSchemaAreAlwaysCarried() {
        ToolCallback tool = FunctionToolCallback.builder("now", () -> "noon")
                .description("The time")
                .inputType(Void.class)
                .build();
        OpenAiChatOptions asked = FIRST.mutate()
                .toolCallbacks(tool)
                .toolContext("tenant", "a")
                .outputSchema("{\"type\":\"object\"}")
                .build();

        ChatOptions options =
                carried(asked, AnthropicChatOptions.builder().model("claude").build());

        assertThat(options).isInstanceOfSatisfying(AnthropicChatOptions.class, own -> {
            assertThat(own.getToolCallbacks()).containsExactly(tool);
            assertThat(own.getToolContext()).containsEntry("tenant", "a");
            assertThat(own.getOutputSchema()).contains("object");
        });
    }

    @Test
    void promptWithoutOptionsStaysAsItIs() {
        Prompt prompt = new Prompt("Hello");
        FakeModel model = FakeModel.answering(FIRST, any -> FakeModel.part("", "stop"));

        assertThat(RouteOptions.translated(prompt, model, model)).isSameAs(prompt);
    }
}

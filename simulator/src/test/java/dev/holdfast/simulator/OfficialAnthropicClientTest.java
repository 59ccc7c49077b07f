// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official client accepts what the simulator writes, and fails where a real provider would make it fail. */
@Timeout(120)
class OfficialAnthropicClientTest {
    public record City(String name, int people, List<String> rivers) {}

    private static Wire wire;
    private static AnthropicClient client;

    @BeforeAll
    static void start() {
        wire = new Wire();
        client = AnthropicOkHttpClient.builder()
                .baseUrl(wire.simulator.baseUri().toString())
                .apiKey("sim-key")
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        wire.close();
    }

    private static MessageCreateParams.Builder ask(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(200).addUserMessage("How is the sea today?");
    }

    private static Message streamed(MessageCreateParams params) {
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params)) {
            stream.stream().forEach(whole::accumulate);
        }
        return whole.message();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerIsRead(boolean stream) {
        MessageCreateParams params = ask("sim/ok").build();
        Message answer = stream ? streamed(params) : client.messages().create(params);

        assertThat(answer.content().get(0).asText().text()).isEqualTo(Simulator.textOf("ok"));
        assertThat(answer.stopReason()).hasValue(StopReason.END_TURN);
        assertThat(answer.usage().outputTokens()).isEqualTo(20);
        assertThat(answer.usage().inputTokens()).isPositive();
    }

    @Test
    void anEmptyAnswerIsRead() {
        assertThat(streamed(ask("sim/empty").build()).content()).isEmpty();
        assertThat(client.messages().create(ask("sim/empty").build()).content()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aToolIsAskedForOnceAndItsResultEndsTheLoop(boolean stream) {
        MessageCreateParams.Builder conversation = ask("sim/tool")
                .addTool(Tool.builder()
                        .name("tide")
                        .inputSchema(Tool.InputSchema.builder()
                                .properties(JsonValue.from(
                                        Map.of("port", Map.of("type", "string"), "day", Map.of("type", "integer"))))
                                .putAdditionalProperty("required", JsonValue.from(List.of("port")))
                                .build())
                        .build());
        Message first =
                stream ? streamed(conversation.build()) : client.messages().create(conversation.build());

        ToolUseBlock call = first.content().get(0).asToolUse();
        assertThat(first.stopReason()).hasValue(StopReason.TOOL_USE);
        assertThat(call.name()).isEqualTo("tide");
        assertThat(call._input().toString()).contains("port").contains("day=1");

        conversation
                .addMessage(first)
                .addUserMessageOfContentBlockParams(
                        List.of(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                                .toolUseId(call.id())
                                .content("high at noon")
                                .build())));
        Message second = client.messages().create(conversation.build());
        assertThat(second.content().get(0).asText().text()).isEqualTo(Simulator.textOf("tool"));
    }

    @Test
    void jsonFitsTheSchemaOfAClass() {
        City city = client.messages()
                .create(ask("sim/json").outputConfig(City.class).build())
                .content()
                .get(0)
                .asText()
                .text();

        assertThat(city.name()).isNotEmpty();
        assertThat(city.rivers()).isNotEmpty();
    }

    @Test
    void theModelsAreListed() {
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .contains("ok", "hang");
    }

    @Test
    void errorsBecomeTheClientsOwn() {
        assertThatThrownBy(() -> create("sim/429")).isInstanceOf(RateLimitException.class);
        assertThatThrownBy(() -> create("sim/529")).isInstanceOf(InternalServerException.class);
        assertThatThrownBy(() -> create("sim/flood"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'flood'");
        assertThatThrownBy(() -> create("sim/refuse")).isInstanceOf(AnthropicIoException.class);
        assertThatThrownBy(() -> streamed(ask("sim/error-mid").build())).isInstanceOf(SseException.class);
        assertThatThrownBy(() -> streamed(ask("sim/cut").build())).isInstanceOf(AnthropicIoException.class);
    }

    private static Message create(String model) {
        return client.messages().create(ask(model).build());
    }
}

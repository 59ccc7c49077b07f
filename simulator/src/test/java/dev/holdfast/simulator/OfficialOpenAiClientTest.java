// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
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
class OfficialOpenAiClientTest {
    public record City(String name, int people, List<String> rivers) {}

    private static Wire wire;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        wire = new Wire();
        client = OpenAIOkHttpClient.builder()
                .baseUrl(wire.simulator.baseUri() + "/v1")
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

    private static ChatCompletionCreateParams.Builder ask(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("How is the sea today?");
    }

    private static ChatCompletion streamed(ChatCompletionCreateParams params) {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(whole::accumulate);
        }
        return whole.chatCompletion();
    }

    @Test
    void aPlainAnswerIsRead() {
        ChatCompletion answer = client.chat().completions().create(ask("sim/ok").build());

        assertThat(answer.choices().get(0).message().content()).hasValue(Simulator.textOf("ok"));
        assertThat(answer.choices().get(0).finishReason().asString()).isEqualTo("stop");
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(20);
    }

    @Test
    void aStreamIsReadWithItsUsage() {
        ChatCompletion answer = streamed(ask("sim/ok")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());

        assertThat(answer.choices().get(0).message().content()).hasValue(Simulator.textOf("ok"));
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aToolIsAskedForOnceAndItsResultEndsTheLoop(boolean stream) {
        ChatCompletionCreateParams.Builder conversation = ask("sim/tool")
                .addFunctionTool(FunctionDefinition.builder()
                        .name("tide")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties",
                                        JsonValue.from(Map.of(
                                                "port", Map.of("type", "string"), "day", Map.of("type", "integer"))))
                                .putAdditionalProperty("required", JsonValue.from(List.of("port")))
                                .build())
                        .build());
        ChatCompletion first = stream
                ? streamed(conversation.build())
                : client.chat().completions().create(conversation.build());

        ChatCompletionMessageFunctionToolCall call = first.choices()
                .get(0)
                .message()
                .toolCalls()
                .orElseThrow()
                .get(0)
                .asFunction();
        assertThat(first.choices().get(0).finishReason().asString()).isEqualTo("tool_calls");
        assertThat(call.function().name()).isEqualTo("tide");
        assertThat(call.function().arguments()).contains("\"port\":\"").contains("\"day\":1");

        conversation
                .addMessage(first.choices().get(0).message())
                .addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content("high at noon")
                        .build());
        ChatCompletion second = client.chat().completions().create(conversation.build());
        assertThat(second.choices().get(0).message().content()).hasValue(Simulator.textOf("tool"));
    }

    @Test
    void jsonFitsTheSchemaOfAClass() {
        City city = client.chat()
                .completions()
                .create(ask("sim/json").responseFormat(City.class).build())
                .choices()
                .get(0)
                .message()
                .content()
                .orElseThrow();

        assertThat(city.name()).isNotEmpty();
        assertThat(city.rivers()).isNotEmpty();
    }

    @Test
    void embeddingsAreRead() {
        var answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("sim/ok")
                        .input("a small harbour")
                        .build());

        double squares = answer.data().get(0).embedding().stream()
                .mapToDouble(number -> number * number)
                .sum();
        assertThat(squares).isBetween(0.999, 1.001);
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
        assertThatThrownBy(() -> create("sim/401")).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> create("sim/404")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> create("sim/503")).isInstanceOf(InternalServerException.class);
        assertThatThrownBy(() -> create("sim/flood"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'flood'");
        assertThatThrownBy(() -> create("sim/reset")).isInstanceOf(OpenAIIoException.class);
        assertThatThrownBy(() -> streamed(ask("sim/error-mid").build())).isInstanceOf(SseException.class);
        assertThatThrownBy(() -> streamed(ask("sim/cut").build())).isInstanceOf(OpenAIIoException.class);
    }

    private static ChatCompletion create(String model) {
        return client.chat().completions().create(ask(model).build());
    }

    @Test
    void theClientsOwnRetriesObeyTheStatedWait() {
        try (OpenAIClientCloser retrying = new OpenAIClientCloser(OpenAIOkHttpClient.builder()
                .baseUrl(wire.simulator.baseUri() + "/v1")
                .apiKey("retrying-key")
                .maxRetries(2)
                .build())) {
            long before = System.nanoTime();
            retrying.client()
                    .chat()
                    .completions()
                    .create(ask("sim/fail=2,status=429,retry-after-ms=150").build());

            assertThat(System.nanoTime() - before).isBetween(290_000_000L, 20_000_000_000L);
        }
    }

    private record OpenAIClientCloser(OpenAIClient client) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static final String SPOKEN = "my secret words";

    @Test
    void theCallersObjectsAreNeitherKeptNorChanged() {
        List<Content> parts = new ArrayList<>(List.of(new Content.Text("a")));
        List<Message> messages = new ArrayList<>(List.of(new Message(Message.Role.USER, parts)));
        LlmRequestBuilder builder = LlmRequest.builder().messages(messages);
        LlmRequest request = builder.build();

        parts.clear();
        messages.clear();
        builder.user("b").system("c");

        assertThat(request).isEqualTo(LlmRequest.of("a"));
        assertThatThrownBy(() -> request.messages().add(Message.user("x")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aChangedCopyLeavesTheOriginal() {
        LlmRequest request = LlmRequest.builder()
                .user("a")
                .system("s")
                .stop("x")
                .metadata("k", "v")
                .tool(new ToolDefinition("t", "", "{}"))
                .build();

        LlmRequest longer = request.withMessage(Message.assistant("b")).withMaxTokens(5);

        assertThat(request.messages()).hasSize(1);
        assertThat(longer.messages()).hasSize(2);
        assertThat(request.toBuilder().build()).isEqualTo(request).hasSameHashCodeAs(request);
        assertThat(longer.withMessages(request.messages()).withMaxTokens(null)).isEqualTo(request);
    }

    @Test
    void nothingThatWasSaidIsPrinted() {
        Content.ToolCall call = new Content.ToolCall("id", "tool", "{\"a\":\"" + SPOKEN + "\"}");
        List<Content> parts = List.of(
                new Content.Text(SPOKEN),
                new Content.ImageUrl("https://h/" + SPOKEN),
                new Content.ImageData("image/png", SPOKEN),
                call,
                Content.ToolResult.of("id", SPOKEN),
                new Content.Reasoning(SPOKEN, SPOKEN, SPOKEN),
                new Content.Other("openai", "{\"a\":\"" + SPOKEN + "\"}"));
        LlmResponse response = new LlmResponse("i", "m", parts, FinishReason.STOP, Usage.NONE, SPOKEN);
        LlmRequest request = LlmRequest.builder()
                .system(SPOKEN)
                .message(new Message(Message.Role.USER, parts))
                .build();

        assertThat(List.of(
                                request,
                                new Message(Message.Role.USER, parts),
                                response,
                                new StreamEvent.TextDelta(SPOKEN),
                                new StreamEvent.TextEnd(SPOKEN),
                                new StreamEvent.ReasoningDelta(SPOKEN),
                                new StreamEvent.ToolCallComplete(call),
                                new StreamEvent.Finish(response),
                                new StreamEvent.Error(Failure.of(Category.NETWORK, "r", "m"), SPOKEN))
                        .toString())
                .doesNotContain(SPOKEN)
                .contains("TextDelta[15 chars]");
    }

    @Test
    void aSecretIsMaskedAndFitsIntoAHeader() {
        Secret secret = Secret.of(" sk-1\n");

        assertThat(secret).hasToString("***").isEqualTo(Secret.of("sk-1")).isNotEqualTo(Secret.of("sk-2"));
        assertThat(secret.reveal()).isEqualTo("sk-1");
        assertThatThrownBy(() -> Secret.of("a\r\nb")).message().doesNotContain("a\r");
        assertThatThrownBy(() -> Secret.of(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void badValuesAreRefusedWithTheirName() {
        assertThatThrownBy(() -> LlmRequest.builder().build()).hasMessageContaining("message");
        assertThatThrownBy(() -> LlmRequest.builder().maxTokens(0)).hasMessageContaining("maxTokens");
        assertThatThrownBy(() -> LlmRequest.builder().extraJson("[]")).hasMessageContaining("extraJson");
        assertThatThrownBy(() -> new ToolDefinition("t", "", "{")).hasMessageContaining("tool t");
        assertThatThrownBy(() -> RequestTimeouts.CONFIGURED.withIdle(Duration.ZERO))
                .hasMessageContaining("idle");
        assertThatThrownBy(() -> Usage.of(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void usageIsSummedCountByCount() {
        assertThat(new Usage(1, 2, 3, 4, 5).plus(new Usage(10, 20, 30, 40, 50)))
                .isEqualTo(new Usage(11, 22, 33, 44, 55));
        assertThat(Usage.of(3, 4).totalTokens()).isEqualTo(7);
    }

    @Test
    void aProviderExceptionKeepsWhatHelpsAndNothingElse() {
        ProviderException error = new ProviderException(
                Failure.of(Category.RATE_LIMIT, "r", "slow down"),
                429,
                Map.of(
                        "Retry-After", List.of("2"),
                        "X-RateLimit-Remaining-Tokens", List.of("0"),
                        "X-Request-Id", List.of("r-1"),
                        "Set-Cookie", List.of("session=1"),
                        "Authorization", List.of("Bearer sk-1")));

        assertThat(error).hasMessage("rate_limit (HTTP 429): slow down");
        assertThat(error.headers())
                .containsOnlyKeys("retry-after", "x-ratelimit-remaining-tokens", "x-request-id")
                .containsEntry("Retry-After", List.of("2"));
        assertThat(error.requestId()).isEqualTo("r-1");
        assertThat(error.getStackTrace()).isEmpty();
    }
}

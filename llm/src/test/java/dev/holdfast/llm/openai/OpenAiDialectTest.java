// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Decoding;
import dev.holdfast.llm.dialect.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiDialectTest {
    private final Dialect dialect = new OpenAiDialect(OpenAiQuirks.OPENAI, Decoding.errors());

    @Test
    void theShortestRequestIsOneUserMessage() {
        var encoded = dialect.encode(LlmRequest.of("Hello"), "gpt-4o-mini", false);

        assertThat(encoded.path()).isEqualTo("/chat/completions");
        assertThat(new String(encoded.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
        assertThat(encoded.notCarried()).isEmpty();
    }

    @Test
    void aPlainAnswerIsRead() {
        LlmResponse response = Decoding.decode(dialect, 200, """
                {"id":"c-1","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hi."},
                "finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""");

        assertThat(response.text()).isEqualTo("Hi.");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.usage()).isEqualTo(Usage.of(5, 2));
        assertThat(response.raw()).contains("total_tokens");
    }

    @Test
    void aStreamIsReadToItsTerminalMarker() {
        List<StreamEvent> events = Decoding.stream(dialect, """
                data: {"id":"c-1","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

                data: {"id":"c-1","choices":[{"index":0,"delta":{"content":"Hel"}}]}

                data: {"id":"c-1","choices":[{"index":0,"delta":{"content":"lo"}}]}

                data: {"id":"c-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: {"id":"c-1","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}

                data: [DONE]

                """);

        assertThat(events.subList(0, 4))
                .containsExactly(
                        new StreamEvent.TextDelta("Hel"),
                        new StreamEvent.TextDelta("lo"),
                        new StreamEvent.TextEnd("Hello"),
                        new StreamEvent.UsageUpdate(Usage.of(5, 2)));
        assertThat(events).hasSize(5);
        assertThat(((StreamEvent.Finish) events.get(4)).response().text()).isEqualTo("Hello");
    }
}

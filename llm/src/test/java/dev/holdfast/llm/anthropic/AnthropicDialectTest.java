// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Decoding;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnthropicDialectTest {
    private final Dialect dialect = new AnthropicDialect(Decoding.errors());

    @Test
    void theShortestRequestHasATokenLimit() {
        var encoded = dialect.encode(LlmRequest.of("Hello"), "claude-haiku-4-5", false);

        assertThat(encoded.path()).isEqualTo("/messages");
        assertThat(encoded.headers()).containsEntry("anthropic-version", "2023-06-01");
        assertJson(encoded.body(), """
                {"model":"claude-haiku-4-5","max_tokens":8192,
                 "messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}""");
    }

    @Test
    void everyOptionHasItsPlace() {
        LlmRequest request = LlmRequest.builder()
                .system("Be brief.")
                .user("Weather?")
                .tool(new ToolDefinition("weather", "By city.", "{\"type\":\"object\",\"$defs\":{\"a\":{}}}", true))
                .toolChoice(ToolChoice.REQUIRED)
                .parallelToolCalls(false)
                .maxTokens(100)
                .temperature(0.5)
                .topP(0.9)
                .stop("END")
                .metadata("user_id", "u-1")
                .responseFormat(ResponseFormat.jsonSchema("response", "{\"type\":\"object\"}"))
                .extraJson("{\"top_k\":5,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}}")
                .build();

        var encoded = dialect.encode(request, "m", true);

        assertJson(encoded.body(), """
                {"model":"m","max_tokens":100,"system":"Be brief.",
                 "messages":[{"role":"user","content":[{"type":"text","text":"Weather?"}]}],
                 "tools":[{"name":"weather","description":"By city.",
                           "input_schema":{"type":"object","$defs":{"a":{}}},"strict":true}],
                 "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                 "temperature":0.5,"top_p":0.9,"stop_sequences":["END"],"metadata":{"user_id":"u-1"},
                 "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},
                 "stream":true,"top_k":5,"thinking":{"type":"enabled","budget_tokens":1024}}""");
        assertThat(encoded.translation()).isEmpty();
    }

    @Test
    void aConversationWithToolsImagesAndReasoningIsCarried() {
        LlmRequest request = LlmRequest.builder()
                .messages(List.of(
                        Message.user(
                                new Content.Text("What is this?"),
                                new Content.ImageData("image/png", "iVBO"),
                                new Content.ImageUrl("https://h/i.png")),
                        Message.assistant(
                                new Content.Reasoning("hm", "sig", null),
                                new Content.Reasoning("", null, "enc"),
                                new Content.Text(""),
                                new Content.ToolCall("t1", "look", "{\"x\":1}"),
                                new Content.ToolCall("t2", "look", "{}")),
                        Message.tool(Content.ToolResult.of("t1", "a cat")),
                        Message.tool(new Content.ToolResult(
                                "t2", List.of(new Content.ImageData("image/png", "iVBO")), true)),
                        Message.user("And now?")))
                .build();

        var encoded = dialect.encode(request, "m", false);

        assertJson(encoded.body(), """
                {"model":"m","max_tokens":8192,"messages":[
                 {"role":"user","content":[{"type":"text","text":"What is this?"},
                   {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}},
                   {"type":"image","source":{"type":"url","url":"https://h/i.png"}}]},
                 {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"sig"},
                   {"type":"redacted_thinking","data":"enc"},
                   {"type":"tool_use","id":"t1","name":"look","input":{"x":1}},
                   {"type":"tool_use","id":"t2","name":"look","input":{}}]},
                 {"role":"user","content":[
                   {"type":"tool_result","tool_use_id":"t1","content":"a cat"},
                   {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[
                     {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}}]},
                   {"type":"text","text":"And now?"}]}]}""");
        assertThat(encoded.translation()).isEmpty();
    }

    @Test
    void whatHasNoPlaceIsReported() {
        LlmRequest request = LlmRequest.builder()
                .messages(List.of(
                        Message.system("Be kind."),
                        Message.user("Hi"),
                        Message.assistant(new Content.Reasoning("unsigned"), new Content.Text("Hi.")),
                        Message.system("Be brief."),
                        Message.user(new Content.ImageUrl("https://h/i.png", "low"))))
                .seed(7L)
                .temperature(1.5)
                .metadata("team", "a")
                .responseFormat(ResponseFormat.JSON_OBJECT)
                .build();

        var encoded = dialect.encode(request, "m", false);

        assertThat(encoded.translation())
                .extracting(note -> note.path() + " " + note.change())
                .containsExactlyInAnyOrder(
                        "messages[2].content[0] dropped",
                        "messages[3] approximated",
                        "messages[4].content[0].image_url.detail dropped",
                        "seed dropped",
                        "temperature approximated",
                        "metadata.team dropped",
                        "response_format approximated");
        assertThat(Json.read(encoded.body()).get("system")).isEqualTo(Json.read("""
                [{"type":"text","text":"Be kind."},{"type":"text","text":"Be brief."},
                 {"type":"text","text":"Answer with one JSON object and nothing else."}]"""));
    }

    @Test
    void aPartOfAnotherDialectIsAnErrorThatAnotherTargetMayNotHave() {
        LlmRequest request =
                LlmRequest.of("x").withMessage(Message.user(new Content.Other("openai", "{\"type\":\"input_audio\"}")));

        assertThatThrownBy(() -> dialect.encode(request, "m", false))
                .isInstanceOfSatisfying(ProviderException.class, e -> {
                    assertThat(e.failure().category()).isEqualTo(Category.INVALID_REQUEST);
                    assertThat(e.failure().scope()).isEqualTo(RetryScope.OTHER_TARGET);
                    assertThat(e.failure().sent()).isFalse();
                });
    }

    @Test
    void aPlainAnswerIsRead() {
        LlmResponse response = Decoding.decode(dialect, 200, """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
                 {"type":"thinking","thinking":"hm","signature":"sig"},
                 {"type":"redacted_thinking","data":"enc"},
                 {"type":"text","text":"Let me "},{"type":"text","text":"look."},
                 {"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}},
                 {"type":"tool_use","id":"t1","name":"look","input":{"x":1}}],
                 "stop_reason":"tool_use","stop_sequence":null,
                 "usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,
                          "output_tokens":7}}""");

        assertThat(response.text()).isEqualTo("Let me look.");
        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.toolCalls()).containsExactly(new Content.ToolCall("t1", "look", "{\"x\":1}"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(response.usage()).isEqualTo(new Usage(18, 7, 5, 3, 0));
        assertThat(response.content()).hasSize(6).anyMatch(Content.Other.class::isInstance);
        assertThat(response.id()).isEqualTo("msg_1");
        assertThat(response.model()).isEqualTo("claude-x");
    }

    @Test
    void anAnswerGoesBackIntoTheNextRequestAsItCame() {
        String content = """
                [{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"a"},
                 {"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}},
                 {"type":"tool_use","id":"t1","name":"look","input":{"x":1}}]""";
        LlmResponse response = Decoding.decode(
                dialect, 200, "{\"content\":" + content + ",\"stop_reason\":\"tool_use\",\"usage\":{}}");

        var encoded = dialect.encode(LlmRequest.of("x").withMessage(response.toMessage()), "m", false);

        assertThat(Json.read(encoded.body()).at("/messages/1/content")).isEqualTo(Json.read(content));
    }

    @Test
    void aRefusalThatHoldsNothingIsAContentFilter() {
        assertThatThrownBy(() -> Decoding.decode(
                        dialect, 200, "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"refusal\"}"))
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        e -> assertThat(e.failure().category()).isEqualTo(Category.CONTENT_FILTER));
    }

    @Test
    void stopReasonsAreTranslated() {
        assertThat(reason("end_turn")).isEqualTo(FinishReason.STOP);
        assertThat(reason("stop_sequence")).isEqualTo(FinishReason.STOP);
        assertThat(reason("max_tokens")).isEqualTo(FinishReason.LENGTH);
        assertThat(reason("model_context_window_exceeded")).isEqualTo(FinishReason.LENGTH);
        assertThat(reason("refusal")).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(reason("pause_turn")).isEqualTo(FinishReason.OTHER);
    }

    private FinishReason reason(String word) {
        return Decoding.decode(
                        dialect,
                        200,
                        "{\"content\":[{\"type\":\"text\",\"text\":\"a\"}],\"stop_reason\":\"" + word + "\"}")
                .finishReason();
    }

    private static void assertJson(byte[] actual, String expected) {
        assertThat(Json.read(actual))
                .as(new String(actual, StandardCharsets.UTF_8))
                .isEqualTo(Json.read(expected));
    }
}

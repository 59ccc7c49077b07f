// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

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
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Decoding;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.internal.Json;
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
        assertThat(encoded.translation()).isEmpty();
    }

    @Test
    void everyOptionHasItsPlace() {
        LlmRequest request = LlmRequest.builder()
                .system("Be brief.")
                .user("Weather?")
                .tool(new ToolDefinition("weather", "By city.", "{\"type\":\"object\",\"$defs\":{\"a\":{}}}", true))
                .tool(new ToolDefinition("time", "", "{}"))
                .toolChoice(ToolChoice.tool("weather"))
                .parallelToolCalls(false)
                .maxTokens(100)
                .temperature(0.5)
                .topP(0.9)
                .stop("END", "\n\n")
                .seed(7L)
                .metadata("team", "a")
                .responseFormat(ResponseFormat.jsonSchema("answer", "{\"type\":\"object\"}"))
                .extraJson("{\"logprobs\":true,\"temperature\":0.7}")
                .build();

        var encoded = dialect.encode(request, "m", true);

        assertJson(encoded.body(), """
                {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Weather?"}],
                 "tools":[{"type":"function","function":{"name":"weather","description":"By city.",
                   "parameters":{"type":"object","$defs":{"a":{}}},"strict":true}},
                  {"type":"function","function":{"name":"time","parameters":{}}}],
                 "tool_choice":{"type":"function","function":{"name":"weather"}},"parallel_tool_calls":false,
                 "max_completion_tokens":100,"temperature":0.7,"top_p":0.9,"stop":["END","\\n\\n"],"seed":7,
                 "metadata":{"team":"a"},"response_format":{"type":"json_schema","json_schema":{"name":"answer",
                   "strict":true,"schema":{"type":"object"}}},
                 "stream":true,"stream_options":{"include_usage":true},"logprobs":true}""");
        assertThat(encoded.headers()).containsEntry("accept", "text/event-stream");
    }

    @Test
    void quirksRenameAndLeaveOut() {
        Dialect mistral = new OpenAiDialect(
                OpenAiQuirks.COMPATIBLE.withSeedField("random_seed").withStreamUsageOption(false), Decoding.errors());
        Dialect deepseek = new OpenAiDialect(
                OpenAiQuirks.COMPATIBLE.withReasoningField("reasoning_content").withJsonSchema(false),
                Decoding.errors());
        LlmRequest request = LlmRequest.builder()
                .message(Message.assistant(new Content.Reasoning("hm"), new Content.Text("a")))
                .maxTokens(5)
                .seed(7L)
                .responseFormat(ResponseFormat.jsonSchema("answer", "{}"))
                .build();

        assertJson(mistral.encode(request, "m", true).body(), """
                {"model":"m","messages":[{"role":"assistant","content":"a"}],"max_tokens":5,"random_seed":7,
                 "response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{}}},
                 "stream":true}""");
        var encoded = deepseek.encode(request, "m", false);
        assertJson(encoded.body(), """
                {"model":"m","messages":[{"role":"assistant","content":"a","reasoning_content":"hm"}],"max_tokens":5,
                 "seed":7,"response_format":{"type":"json_object"}}""");
        assertThat(encoded.translation())
                .extracting(TranslationNote::path)
                .containsExactly("response_format.json_schema");
        assertThat(mistral.encode(request, "m", true).translation())
                .extracting(TranslationNote::path)
                .containsExactly("messages[0].content[0]");
    }

    @Test
    void aConversationWithToolsAndImagesIsCarried() {
        LlmRequest request = LlmRequest.builder()
                .messages(List.of(
                        Message.user(
                                new Content.Text("What is this?"),
                                new Content.ImageData("image/png", "iVBO"),
                                new Content.ImageUrl("https://h/i.png", "low"),
                                new Content.Other("openai", "{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}")),
                        Message.assistant(
                                new Content.ToolCall("t1", "look", "{\"x\":1}"),
                                new Content.ToolCall("t2", "look", "{}")),
                        Message.tool(Content.ToolResult.of("t1", "a cat"), Content.ToolResult.error("t2", "too dark")),
                        new Message(
                                Message.Role.USER,
                                List.of(new Content.Text("And?"), Content.ToolResult.error("t3", "Error: gone")))))
                .build();

        assertJson(dialect.encode(request, "m", false).body(), """
                {"model":"m","messages":[
                 {"role":"user","content":[{"type":"text","text":"What is this?"},
                   {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}},
                   {"type":"image_url","image_url":{"url":"https://h/i.png","detail":"low"}},
                   {"type":"file","file":{"file_id":"f"}}]},
                 {"role":"assistant","content":null,"tool_calls":[
                   {"id":"t1","type":"function","function":{"name":"look","arguments":"{\\"x\\":1}"}},
                   {"id":"t2","type":"function","function":{"name":"look","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"t1","content":"a cat"},
                 {"role":"tool","tool_call_id":"t2","content":"Error: too dark"},
                 {"role":"tool","tool_call_id":"t3","content":"Error: gone"},
                 {"role":"user","content":"And?"}]}""");
    }

    @Test
    void anImageInAToolResultFollowsInAMessageOfTheUser() {
        LlmRequest request = LlmRequest.of("x")
                .withMessage(Message.tool(
                        new Content.ToolResult(
                                "t1",
                                List.of(new Content.Text("a cat"), new Content.ImageData("image/png", "iVBO")),
                                false),
                        Content.ToolResult.of("t2", "none")));

        var encoded = dialect.encode(request, "m", false);

        assertJson(encoded.body(), """
                {"model":"m","messages":[{"role":"user","content":"x"},
                 {"role":"tool","tool_call_id":"t1","content":"a cat"},
                 {"role":"tool","tool_call_id":"t2","content":"none"},
                 {"role":"user","content":[{"type":"text","text":"Image of tool result t1:"},
                   {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}]}""");
        assertThat(encoded.translation())
                .extracting(TranslationNote::path, TranslationNote::change)
                .containsExactly(tuple("messages[1].content[0]", TranslationNote.Change.APPROXIMATED));
    }

    @Test
    void aPartOfAnotherDialectInAToolResultIsAnErrorThatAnotherTargetMayNotHave() {
        LlmRequest request = LlmRequest.of("x")
                .withMessage(Message.tool(new Content.ToolResult(
                        "t1", List.of(new Content.Other("anthropic", "{\"type\":\"search_result\"}")), false)));

        assertThatThrownBy(() -> dialect.encode(request, "m", false))
                .isInstanceOfSatisfying(ProviderException.class, e -> {
                    assertThat(e.failure().category()).isEqualTo(Category.INVALID_REQUEST);
                    assertThat(e.failure().scope()).isEqualTo(RetryScope.OTHER_TARGET);
                });
    }

    @Test
    void aPlainAnswerIsRead() {
        LlmResponse response = Decoding.decode(dialect, 200, """
                {"id":"c-1","model":"m-1","system_fingerprint":"fp","choices":[{"index":0,"logprobs":{"content":[1]},
                "message":{"role":"assistant","content":"Hi.","reasoning_content":"hm"},"finish_reason":"stop"}],
                "usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7,
                "prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":1}}}""");

        assertThat(response.text()).isEqualTo("Hi.");
        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.usage()).isEqualTo(new Usage(5, 2, 3, 0, 1));
        assertThat(response.id()).isEqualTo("c-1");
        assertThat(response.model()).isEqualTo("m-1");
        assertThat(Json.read(response.raw()).at("/choices/0/logprobs/content/0").intValue())
                .isEqualTo(1);
    }

    @Test
    void toolCallsAreReadInEveryFormThatServersSend() {
        LlmResponse response = Decoding.decode(dialect, 200, """
                {"choices":[{"message":{"content":null,"tool_calls":[
                 {"id":"t1","type":"function","function":{"name":"look","arguments":"{\\"x\\":1}"}},
                 {"type":"function","function":{"name":"look","arguments":{"x":2}}},
                 {"id":"t3","type":"function","function":{"name":"now"}}]},"finish_reason":"stop"}]}""");

        assertThat(response.toolCalls())
                .containsExactly(
                        new Content.ToolCall("t1", "look", "{\"x\":1}"),
                        new Content.ToolCall("call_1", "look", "{\"x\":2}"),
                        new Content.ToolCall("t3", "now", "{}"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void halfACallIsNotHandedOver() {
        LlmResponse response = Decoding.decode(dialect, 200, """
                {"choices":[{"message":{"content":"a","tool_calls":[
                 {"id":"t1","function":{"name":"look","arguments":"{\\"x\\":"}}]},"finish_reason":"length"}]}""");

        assertThat(response.toolCalls()).isEmpty();
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(response.raw()).contains("look");
    }

    @Test
    void contentInPartsIsRead() {
        LlmResponse response = Decoding.decode(dialect, 200, """
                {"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},
                 {"type":"text","text":"a"},{"type":"text","text":"b"}]},"finish_reason":"stop"}]}""");

        assertThat(response.text()).isEqualTo("ab");
        assertThat(response.reasoning()).isEqualTo("hm");
    }

    @Test
    void aRefusalIsTextThatEndedByAFilter() {
        LlmResponse response = Decoding.decode(
                dialect,
                200,
                "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"No.\"},\"finish_reason\":\"stop\"}]}");

        assertThat(response.text()).isEqualTo("No.");
        assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void anAnswerCutBeforeItsFirstWordIsAnAnswer() {
        LlmResponse response = Decoding.decode(
                dialect, 200, "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"length\"}]}");

        assertThat(response.text()).isEmpty();
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void anAnswerWithoutContentIsEmpty() {
        assertCategory(
                "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}", Category.EMPTY_RESPONSE);
        assertCategory(
                "{\"choices\":[{\"message\":{\"content\":null},\"finish_reason\":\"content_filter\"}]}",
                Category.CONTENT_FILTER);
        assertCategory("{\"choices\":[]}", Category.EMPTY_RESPONSE);
        assertCategory("", Category.EMPTY_RESPONSE);
        assertCategory(" \n", Category.EMPTY_RESPONSE);
    }

    @Test
    void whatIsNoAnswerIsAServerErrorThatSpeaksOfTheAddress() {
        for (String body :
                List.of("<html><body>Welcome</body></html>", "{\"choices\":", "[]", "null", "{\"ok\":true}", "7")) {
            assertThatThrownBy(() -> Decoding.decode(dialect, 200, body))
                    .as(body)
                    .isInstanceOfSatisfying(ProviderException.class, e -> {
                        assertThat(e.failure().category()).isEqualTo(Category.SERVER_ERROR);
                        assertThat(e).hasMessageContaining("base URL").hasMessageNotContaining("Welcome");
                    });
        }
    }

    @Test
    void deepJsonIsRefusedAndNotAnOverflow() {
        assertCategory("{\"choices\":" + "[".repeat(5_000_000), Category.SERVER_ERROR);
        assertCategory("{\"a\":".repeat(1_000_000), Category.SERVER_ERROR);
    }

    @Test
    void anErrorBodyIsAnErrorWhateverTheStatus() {
        assertThatThrownBy(() -> Decoding.decode(dialect, 429, "{\"error\":{\"message\":\"slow down\"}}"))
                .isInstanceOfSatisfying(ProviderException.class, e -> {
                    assertThat(e.failure().category()).isEqualTo(Category.RATE_LIMIT);
                    assertThat(e.status()).isEqualTo(429);
                });
        assertThatThrownBy(() -> Decoding.decode(dialect, 200, "{\"error\":{\"message\":\"oops\"}}"))
                .isInstanceOf(ProviderException.class);
    }

    private void assertCategory(String body, Category category) {
        assertThatThrownBy(() -> Decoding.decode(dialect, 200, body))
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        e -> assertThat(e.failure().category()).isEqualTo(category));
    }

    private static void assertJson(byte[] actual, String expected) {
        assertThat(Json.read(actual))
                .as(new String(actual, StandardCharsets.UTF_8))
                .isEqualTo(Json.read(expected));
    }
}

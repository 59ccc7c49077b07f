// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.anthropic.AnthropicServer;
import dev.holdfast.llm.openai.OpenAiServer;
import dev.holdfast.llm.stream.ServerSentEvent;
import dev.holdfast.llm.stream.SseParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the server's half writes is read by the providers' own clients, strictly, and what those write is read by it. */
class OfficialClientsTest {
    private static final AnswerHead HEAD = new AnswerHead("id-1", "m-1", 1_767_000_000, true);

    private final JsonMapper openAiMapper = com.openai.core.ObjectMappers.jsonMapper();
    private final JsonMapper anthropicMapper = com.anthropic.core.ObjectMappers.jsonMapper();

    private final LlmResponse answer = new LlmResponse(
            "id-1",
            "m-1",
            List.of(
                    new Content.Reasoning("hm"),
                    new Content.Text("Let me look."),
                    new Content.ToolCall("t1", "look", "{\"x\":1}"),
                    new Content.ToolCall("t2", "now", "{}")),
            FinishReason.TOOL_CALLS,
            new Usage(18, 7, 5, 3, 0),
            null);

    private final List<StreamEvent> events = List.of(
            new StreamEvent.UsageUpdate(new Usage(18, 0, 5, 3, 0)),
            new StreamEvent.ReasoningDelta("h"),
            new StreamEvent.ReasoningDelta("m"),
            new StreamEvent.ReasoningEnd(new Content.Reasoning("hm")),
            new StreamEvent.TextDelta("Let me "),
            new StreamEvent.TextDelta("look."),
            new StreamEvent.TextEnd("Let me look."),
            new StreamEvent.ToolCallComplete(new Content.ToolCall("t1", "look", "{\"x\":1}")),
            new StreamEvent.ToolCallComplete(new Content.ToolCall("t2", "now", "{}")),
            new StreamEvent.Finish(answer));

    @Test
    void openAisClientReadsAnAnswer() throws Exception {
        byte[] body = new OpenAiServer().encodeResponse(answer, HEAD).body();

        assertOpenAi(openAiMapper.readValue(body, ChatCompletion.class).validate());
    }

    @Test
    void openAisClientReadsAStream() throws Exception {
        ChatCompletionAccumulator gathered = ChatCompletionAccumulator.create();
        for (ServerSentEvent event : written(new OpenAiServer().streamEncoder(HEAD))) {
            if (!event.data().equals("[DONE]")) {
                gathered.accumulate(openAiMapper
                        .readValue(event.data(), ChatCompletionChunk.class)
                        .validate());
            }
        }

        assertOpenAi(gathered.chatCompletion());
    }

    private static void assertOpenAi(ChatCompletion completion) {
        var choice = completion.choices().get(0);
        assertThat(completion.id()).isEqualTo("id-1");
        assertThat(completion.model()).isEqualTo("m-1");
        assertThat(completion.created()).isEqualTo(1_767_000_000);
        assertThat(choice.message().content()).contains("Let me look.");
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(choice.message().toolCalls().orElseThrow())
                .extracting(call -> call.asFunction().id()
                        + call.asFunction().function().name()
                        + call.asFunction().function().arguments())
                .containsExactly("t1look{\"x\":1}", "t2now{}");
        assertThat(completion.usage().orElseThrow().promptTokens()).isEqualTo(18);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(7);
        assertThat(completion.usage().orElseThrow().totalTokens()).isEqualTo(25);
        assertThat(completion
                        .usage()
                        .orElseThrow()
                        .promptTokensDetails()
                        .orElseThrow()
                        .cachedTokens())
                .contains(5L);
    }

    @Test
    void anthropicsClientReadsAnAnswer() throws Exception {
        byte[] body = new AnthropicServer().encodeResponse(answer, HEAD).body();

        var message = anthropicMapper.readValue(body, com.anthropic.models.messages.Message.class);

        assertAnthropic(message);
    }

    @Test
    void anthropicsClientReadsAStream() throws Exception {
        MessageAccumulator gathered = MessageAccumulator.create();
        List<String> types = new ArrayList<>();
        for (ServerSentEvent event : written(new AnthropicServer().streamEncoder(HEAD))) {
            types.add(event.type());
            gathered.accumulate(anthropicMapper.readValue(event.data(), RawMessageStreamEvent.class));
        }

        assertAnthropic(gathered.message());
        assertThat(types)
                .startsWith("message_start", "content_block_start", "content_block_delta", "content_block_delta")
                .endsWith("content_block_stop", "message_delta", "message_stop");
    }

    private static void assertAnthropic(com.anthropic.models.messages.Message message) {
        assertThat(message.id()).isEqualTo("id-1");
        assertThat(message.model().asString()).isEqualTo("m-1");
        var content = message.content();
        assertThat(content).hasSize(4);
        assertThat(content.get(0).asThinking().thinking()).isEqualTo("hm");
        assertThat(content.get(0).asThinking().signature()).isEmpty();
        assertThat(content.get(1).asText().text()).isEqualTo("Let me look.");
        assertThat(content.get(2).asToolUse().id()).isEqualTo("t1");
        assertThat(content.get(2).asToolUse()._input().toString()).isEqualTo("{x=1}");
        assertThat(content.get(3).asToolUse().name()).isEqualTo("now");
        assertThat(message.stopReason().orElseThrow().asString()).isEqualTo("tool_use");
        assertThat(message.usage().inputTokens()).isEqualTo(10);
        assertThat(message.usage().outputTokens()).isEqualTo(7);
        assertThat(message.usage().cacheReadInputTokens()).contains(5L);
        assertThat(message.usage().cacheCreationInputTokens()).contains(3L);
    }

    @Test
    void aRequestOfOpenAisClientIsRead() throws Exception {
        var params = ChatCompletionCreateParams.builder()
                .model("gpt-x")
                .addSystemMessage("Be brief.")
                .addUserMessage("Weather?")
                .addFunctionTool(com.openai.models.FunctionDefinition.builder()
                        .name("weather")
                        .build())
                .maxCompletionTokens(50)
                .temperature(0.5)
                .build();

        DecodedRequest decoded = new OpenAiServer().decodeRequest(openAiMapper.writeValueAsBytes(params._body()));

        assertThat(decoded.model()).isEqualTo("gpt-x");
        assertThat(decoded.request().system()).isEqualTo("Be brief.");
        assertThat(decoded.request().messages()).containsExactly(Message.user("Weather?"));
        assertThat(decoded.request().tools().get(0).name()).isEqualTo("weather");
        assertThat(decoded.request().maxTokens()).isEqualTo(50);
        assertThat(decoded.request().temperature()).isEqualTo(0.5);
    }

    @Test
    void aRequestOfAnthropicsClientIsRead() throws Exception {
        var params = MessageCreateParams.builder()
                .model("claude-x")
                .maxTokens(50)
                .system("Be brief.")
                .addUserMessage("Weather?")
                .build();

        DecodedRequest decoded = new AnthropicServer().decodeRequest(anthropicMapper.writeValueAsBytes(params._body()));

        assertThat(decoded.model()).isEqualTo("claude-x");
        assertThat(decoded.request().system()).isEqualTo("Be brief.");
        assertThat(decoded.request().messages().get(0).content()).containsExactly(new Content.Text("Weather?"));
        assertThat(decoded.request().maxTokens()).isEqualTo(50);
    }

    private List<ServerSentEvent> written(StreamEncoder encoder) {
        List<ServerSentEvent> read = new ArrayList<>();
        SseParser parser = new SseParser(1 << 20, 1 << 20);
        parser.feed(ByteBuffer.wrap(ResponseRoundTripTest.write(encoder, events)), read::add);
        return read;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Decoding;
import dev.holdfast.llm.dialect.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnthropicStreamTest {
    private static final String START = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"usage":{"input_tokens":9,"cache_read_input_tokens":4,"output_tokens":1}}}

            event: ping
            data: {"type": "ping"}

            """;
    private static final String TEXT = """
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüß "}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"😀"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            """;
    private static final String END = """
            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}

            """;
    private static final String ALL_KINDS = """
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"enc"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"server_tool_use","id":"s1","name":"web_search","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"query\\":\\"q\\"}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: content_block_start
            data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t1","name":"look","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\\"x\\":"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"1}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":3}

            """;

    private final Dialect dialect = new AnthropicDialect(Decoding.errors());

    @Test
    void textIsToldPieceByPieceAndThenWhole() {
        List<StreamEvent> events = Decoding.stream(dialect, START + TEXT + END);

        LlmResponse whole = new LlmResponse(
                "msg_1",
                "claude-x",
                List.of(new Content.Text("Grüß 😀")),
                FinishReason.STOP,
                new Usage(13, 15, 4, 0, 0),
                null);
        assertThat(events)
                .containsExactly(
                        new StreamEvent.UsageUpdate(new Usage(13, 1, 4, 0, 0)),
                        new StreamEvent.TextDelta("Grüß "),
                        new StreamEvent.TextDelta("😀"),
                        new StreamEvent.TextEnd("Grüß 😀"),
                        new StreamEvent.UsageUpdate(new Usage(13, 15, 4, 0, 0)),
                        new StreamEvent.Finish(whole));
    }

    @Test
    void reasoningAndToolsArePutTogether() {
        List<StreamEvent> events = Decoding.stream(dialect, START + ALL_KINDS + END);

        Content.ToolCall call = new Content.ToolCall("t1", "look", "{\"x\":1}");
        assertThat(events)
                .filteredOn(event -> !(event instanceof StreamEvent.UsageUpdate))
                .startsWith(
                        new StreamEvent.ReasoningDelta("hm"),
                        new StreamEvent.ReasoningEnd(new Content.Reasoning("hm", "sig", null)),
                        new StreamEvent.ReasoningEnd(new Content.Reasoning("", null, "enc")))
                .contains(new StreamEvent.ToolCallComplete(call))
                .hasSize(6);
        LlmResponse response = ((StreamEvent.Finish) events.get(events.size() - 1)).response();
        assertThat(response.content())
                .containsExactly(
                        new Content.Reasoning("hm", "sig", null),
                        new Content.Reasoning("", null, "enc"),
                        new Content.Other(
                                "anthropic",
                                "{\"type\":\"server_tool_use\",\"id\":\"s1\",\"name\":\"web_search\",\"input\":{\"query\":\"q\"}}"),
                        call);
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void anySplitGivesTheSameEvents() {
        byte[] bytes = (START + TEXT + ALL_KINDS.replace("\n", "\r\n") + END).getBytes(StandardCharsets.UTF_8);
        List<StreamEvent> whole = Decoding.stream(dialect, bytes, bytes.length);

        for (int at = 0; at < bytes.length; at++) {
            assertThat(Decoding.stream(dialect, bytes, at))
                    .as("split at %d", at)
                    .isEqualTo(whole);
        }
    }

    @Test
    void theEndWithoutMessageStopIsAnInterruptionWithTheTextSoFar() {
        String withoutStop = START + TEXT + END.substring(0, END.indexOf("event: message_stop"));

        StreamEvent.Error error = error(withoutStop);

        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error.textSoFar()).isEqualTo("Grüß 😀");
        assertThat(error(START).failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
    }

    @Test
    void everyCutOfTheStreamEndsInExactlyOneErrorAndNeverInAFinish() {
        byte[] bytes = (START + TEXT + END).getBytes(StandardCharsets.UTF_8);
        // what is missing after the last closing brace is only line ends
        int complete = (START + TEXT + END).stripTrailing().getBytes(StandardCharsets.UTF_8).length;

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            List<StreamEvent> events = Decoding.stream(dialect, cut, 0);

            assertThat(events)
                    .as("cut at %d", length)
                    .filteredOn(StreamEvent::isTerminal)
                    .hasSize(1);
            assertThat(events.get(events.size() - 1) instanceof StreamEvent.Finish)
                    .as("cut at %d", length)
                    .isEqualTo(length >= complete);
        }
    }

    @Test
    void anErrorEventIsJudgedByTheRulesBeforeAndAfterContent() {
        String error =
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n";

        StreamEvent.Error before = error(START + error + END);
        StreamEvent.Error after = error(START + TEXT + error + END);

        assertThat(before.failure().rule()).isEqualTo("stream.error");
        assertThat(before.textSoFar()).isEmpty();
        assertThat(after.textSoFar()).isEqualTo("Grüß 😀");
    }

    @Test
    void anAnswerWithoutBlocksIsEmpty() {
        assertThat(error(START + END).failure().category()).isEqualTo(Category.EMPTY_RESPONSE);
        assertThat(error(START + END.replace("end_turn", "refusal")).failure().category())
                .isEqualTo(Category.CONTENT_FILTER);
    }

    @Test
    void aToolCallCutByTheTokenLimitIsNotHandedOver() {
        String cut = ALL_KINDS.replace("\"partial_json\":\"1}\"", "\"partial_json\":\"\"");

        List<StreamEvent> events = Decoding.stream(dialect, START + cut + END.replace("end_turn", "max_tokens"));

        assertThat(events).noneMatch(StreamEvent.ToolCallComplete.class::isInstance);
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(StreamEvent.Finish.class, finish -> assertThat(finish.reason())
                        .isEqualTo(FinishReason.LENGTH));
    }

    @Test
    void aMalformedEventIsAnInterruption() {
        Failure failure = error(START + TEXT + "event: content_block_delta\ndata: {\"type\":\n\n" + END)
                .failure();

        assertThat(failure.category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(failure.rule()).isEqualTo("stream.malformed");
    }

    private StreamEvent.Error error(String body) {
        List<StreamEvent> events = Decoding.stream(dialect, body);
        return (StreamEvent.Error) events.get(events.size() - 1);
    }
}

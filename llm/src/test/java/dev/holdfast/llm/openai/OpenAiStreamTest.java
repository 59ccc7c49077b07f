// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import static dev.holdfast.llm.openai.Chunks.DONE;
import static dev.holdfast.llm.openai.Chunks.META;
import static dev.holdfast.llm.openai.Chunks.STOP;
import static dev.holdfast.llm.openai.Chunks.TEXT;
import static dev.holdfast.llm.openai.Chunks.TOOLS;
import static dev.holdfast.llm.openai.Chunks.USAGE;
import static dev.holdfast.llm.openai.Chunks.bytes;
import static dev.holdfast.llm.openai.Chunks.delta;
import static dev.holdfast.llm.openai.Chunks.finish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Decoding;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.StreamDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiStreamTest {
    private final Dialect dialect = new OpenAiDialect(OpenAiQuirks.OPENAI, Decoding.errors());

    @Test
    void textIsToldPieceByPieceAndThenWhole() {
        List<StreamEvent> events = stream(META + TEXT + STOP + USAGE + DONE);

        assertThat(events)
                .containsExactly(
                        new StreamEvent.TextDelta("Grüß "),
                        new StreamEvent.TextDelta("😀"),
                        new StreamEvent.TextEnd("Grüß 😀"),
                        new StreamEvent.UsageUpdate(Usage.of(5, 2)),
                        new StreamEvent.Finish(new LlmResponse(
                                "c-1",
                                "m-1",
                                List.of(new Content.Text("Grüß 😀")),
                                FinishReason.STOP,
                                Usage.of(5, 2),
                                null)));
    }

    @Test
    void fragmentsBecomeWholeToolCalls() {
        List<StreamEvent> events = stream(META + TOOLS + finish("tool_calls") + DONE);

        Content.ToolCall look = new Content.ToolCall("t1", "look", "{\"x\":1}");
        Content.ToolCall now = new Content.ToolCall("t2", "now", "{}");
        assertThat(events)
                .startsWith(new StreamEvent.ToolCallComplete(look), new StreamEvent.ToolCallComplete(now))
                .hasSize(3);
        assertThat(((StreamEvent.Finish) events.get(2)).response().toolCalls()).containsExactly(look, now);
    }

    @Test
    void halfACallIsNotHandedOver() {
        String half = TOOLS.replace("1}\"", "1\"");

        for (String reason : List.of("length", "content_filter")) {
            LlmResponse response = finished(META + half + finish(reason));

            assertThat(response.toolCalls()).containsExactly(new Content.ToolCall("t2", "now", "{}"));
            assertThat(response.finishReason().isCut()).isTrue();
        }
    }

    @Test
    void callsWithTheSameIndexOrNoneAreToldApartByTheirIds() {
        String same = delta(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"function\":{\"name\":\"a\",\"arguments\":\"{}\"}}]}")
                + delta(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"t2\",\"function\":{\"name\":\"a\",\"arguments\":\"{\\\"x\\\":1}\"}}]}");
        List<Content.ToolCall> expected =
                List.of(new Content.ToolCall("t1", "a", "{}"), new Content.ToolCall("t2", "a", "{\"x\":1}"));

        assertThat(finished(META + same + finish("stop")).toolCalls()).isEqualTo(expected);
        assertThat(finished(META + same.replace("\"index\":0,\"id\"", "\"id\"") + finish("stop"))
                        .toolCalls())
                .isEqualTo(expected);
        assertThat(finished(META + same + finish("stop")).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void aToolCallStartsTheContentLongBeforeItIsHandedOver() {
        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = dialect.streamDecoder(Decoding.head(200, "text/event-stream"), events::add);

        decoder.feed(bytes(META));
        boolean afterMeta = decoder.contentStarted();
        decoder.feed(bytes(TOOLS));

        assertThat(afterMeta).isFalse();
        assertThat(decoder.contentStarted()).isTrue();
        assertThat(events).noneMatch(StreamEvent::isContent);
    }

    @Test
    void reasoningIsToldAndKept() {
        for (String field : List.of("reasoning_content", "reasoning")) {
            List<StreamEvent> events = stream(META + delta("{\"" + field + "\":\"hm\"}") + TEXT + STOP);

            assertThat(events)
                    .startsWith(
                            new StreamEvent.ReasoningDelta("hm"),
                            new StreamEvent.ReasoningEnd(new Content.Reasoning("hm")),
                            new StreamEvent.TextDelta("Grüß "));
            assertThat(((StreamEvent.Finish) events.get(events.size() - 1))
                            .response()
                            .reasoning())
                    .isEqualTo("hm");
        }
    }

    @Test
    void aRefusalIsTextThatEndedByAFilter() {
        LlmResponse response = finished(META + delta("{\"refusal\":\"No.\"}") + STOP);

        assertThat(response.text()).isEqualTo("No.");
        assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void aWholeAnswerInPlaceOfAStreamIsTheAnswer() {
        List<StreamEvent> events = stream("""
                {"id":"c-1","model":"m-1","choices":[{"message":{"content":"Hi.","tool_calls":[
                 {"id":"t1","function":{"name":"a","arguments":"{}"}}]},"finish_reason":"tool_calls"}],
                 "usage":{"prompt_tokens":5,"completion_tokens":2}}""");

        assertThat(events)
                .containsExactly(
                        new StreamEvent.TextDelta("Hi."),
                        new StreamEvent.TextEnd("Hi."),
                        new StreamEvent.UsageUpdate(Usage.of(5, 2)),
                        new StreamEvent.ToolCallComplete(new Content.ToolCall("t1", "a", "{}")),
                        events.get(4));
        assertThat(events.get(4)).isInstanceOf(StreamEvent.Finish.class);
    }

    @Test
    void anySplitGivesTheSameEvents() {
        byte[] bytes =
                (META + TEXT.replace("\n", "\r\n") + TOOLS + STOP + USAGE + DONE).getBytes(StandardCharsets.UTF_8);
        List<StreamEvent> whole = Decoding.stream(dialect, bytes, bytes.length);

        for (int at = 0; at < bytes.length; at++) {
            assertThat(Decoding.stream(dialect, bytes, at))
                    .as("split at %d", at)
                    .isEqualTo(whole);
        }
    }

    private List<StreamEvent> stream(String body) {
        return Decoding.stream(dialect, body);
    }

    private StreamEvent last(String body) {
        List<StreamEvent> events = stream(body);
        return events.get(events.size() - 1);
    }

    private LlmResponse finished(String body) {
        return ((StreamEvent.Finish) last(body)).response();
    }
}

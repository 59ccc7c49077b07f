// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Random answers in the form that the dialect reads back, whole and as events. */
final class Answered {
    static final long CREATED = 1_767_000_000;

    private final SplittableRandom random;
    private final String dialect;
    private final Samples samples;

    Answered(long seed, String dialect) {
        this.random = new SplittableRandom(seed);
        this.dialect = dialect;
        this.samples = new Samples(random, dialect);
    }

    private boolean openAi() {
        return dialect.equals("openai");
    }

    static AnswerHead head(LlmResponse response) {
        return new AnswerHead(response.id(), response.model(), CREATED, true);
    }

    /** @param streamed leaves out what a stream cannot say, or says with its text */
    LlmResponse next(boolean streamed) {
        List<Content> parts = new ArrayList<>();
        if (random.nextBoolean()) {
            parts.add(openAi() ? new Content.Reasoning(samples.text()) : reasoning());
        }
        boolean calls = random.nextBoolean();
        if (!calls || random.nextBoolean()) {
            parts.add(new Content.Text(samples.text(), openAi() ? Extra.NONE : citations()));
        }
        if (!openAi() && random.nextBoolean()) {
            parts.add(new Content.Other(dialect, "{\"type\":\"server_tool_use\",\"id\":\"s\",\"input\":{\"q\":[1]}}"));
            parts.add(new Content.Text("after", Extra.NONE));
        }
        for (int i = 0; calls && i < 1 + random.nextInt(3); i++) {
            parts.add(new Content.ToolCall("t" + i, "look", "{\"x\":" + i + ",\"y\":\"ü\\n\"}", samples.someExtra()));
        }
        FinishReason reason =
                calls ? FinishReason.TOOL_CALLS : random.nextBoolean() ? FinishReason.STOP : FinishReason.LENGTH;
        return new LlmResponse("id-1", "m-1", parts, reason, usage(), null).withExtra(rest(streamed));
    }

    private Content reasoning() {
        return random.nextInt(3) == 0
                ? new Content.Reasoning("", null, "enc")
                : new Content.Reasoning(random.nextBoolean() ? samples.text() : "", "sig", null);
    }

    private Extra citations() {
        return random.nextBoolean() ? Extra.NONE : new Extra(dialect, "{\"citations\":[{\"type\":\"x\",\"n\":1}]}");
    }

    private Usage usage() {
        int cached = random.nextInt(3);
        int written = random.nextInt(3);
        int output = 1 + random.nextInt(50);
        int input = cached + written + random.nextInt(50);
        return new Usage(input, output, cached, written, openAi() ? random.nextInt(output) : 0);
    }

    private Extra rest(boolean streamed) {
        if (!openAi()) {
            return random.nextBoolean()
                    ? Extra.NONE
                    : new Extra(dialect, "{\"stop_sequence\":\"END\",\"usage\":{\"service_tier\":\"standard\"}}");
        }
        String choices = ",\"choices\":[{\"message\":{\"annotations\":[1]},\"x\":1}"
                + (streamed ? "]" : ",{\"index\":1,\"message\":{\"content\":\"b\"}}]");
        return new Extra(
                dialect,
                "{\"created\":" + CREATED + (random.nextBoolean() ? choices : "")
                        + (streamed ? "" : ",\"usage\":{\"cost\":1}") + "}");
    }

    /** The answer as a provider would stream it. */
    List<StreamEvent> events(LlmResponse response) {
        List<StreamEvent> events = new ArrayList<>();
        events.add(new StreamEvent.UsageUpdate(Usage.of(response.usage().inputTokens(), 0)));
        for (Content part : response.content()) {
            if (part instanceof Content.Text text) {
                pieces(text.text()).forEach(piece -> events.add(new StreamEvent.TextDelta(piece)));
                events.add(new StreamEvent.TextEnd(text.text(), text.extra()));
            } else if (part instanceof Content.Reasoning reasoning) {
                pieces(reasoning.text()).forEach(piece -> events.add(new StreamEvent.ReasoningDelta(piece)));
                events.add(new StreamEvent.ReasoningEnd(reasoning));
            } else if (part instanceof Content.ToolCall call) {
                events.add(new StreamEvent.ToolCallComplete(call));
            } else if (part instanceof Content.Other other) {
                events.add(new StreamEvent.PartComplete(other));
            }
        }
        events.add(new StreamEvent.Finish(response));
        return events;
    }

    private List<String> pieces(String text) {
        int middle = text.length() / 2;
        boolean split = middle > 0 && !Character.isHighSurrogate(text.charAt(middle - 1)) && random.nextBoolean();
        return text.isEmpty()
                ? List.of()
                : split ? List.of(text.substring(0, middle), text.substring(middle)) : List.of(text);
    }

    /** Events without those that only count. */
    static List<StreamEvent> said(List<StreamEvent> events) {
        return events.stream()
                .filter(event -> !(event instanceof StreamEvent.UsageUpdate))
                .collect(Collectors.toList());
    }
}

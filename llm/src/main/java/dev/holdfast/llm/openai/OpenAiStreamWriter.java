// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.dialect.AnswerHead;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.ErrorBody;
import dev.holdfast.llm.dialect.EventWriter;
import dev.holdfast.llm.dialect.StreamEncoder;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes chat completion chunks: the role, what the model says, the finish reason, the usage if asked for, the end. */
final class OpenAiStreamWriter implements StreamEncoder {
    private final AnswerHead as;
    private final Carrier carrier = new Carrier(OpenAiDialect.NAME);
    private final EventWriter out = new EventWriter();
    private boolean begun;
    private boolean over;
    private int calls;

    OpenAiStreamWriter(AnswerHead as) {
        this.as = as;
    }

    @Override
    public byte[] encode(StreamEvent event) {
        if (over) {
            return out.take();
        }
        if (event instanceof StreamEvent.TextDelta delta) {
            boolean refuses = carrier.hasForm(delta.extra(), OpenAiForms.REFUSAL);
            delta(Json.object().put(refuses ? "refusal" : "content", delta.text()), delta.extra());
        } else if (event instanceof StreamEvent.ReasoningDelta delta) {
            delta(Json.object().put(OpenAiResponseWriter.REASONING, delta.text()), Extra.NONE);
        } else if (event instanceof StreamEvent.ToolCallComplete complete) {
            call(complete.call());
        } else if (event instanceof StreamEvent.Finish finish) {
            finish(finish.response());
        } else if (event instanceof StreamEvent.Error error) {
            return fail(ErrorBody.of(error.failure(), as.id()));
        }
        return out.take();
    }

    @Override
    public byte[] fail(ErrorBody error) {
        if (!over) {
            over = true;
            out.data(OpenAiServer.error(error));
        }
        return out.take();
    }

    @Override
    public byte[] keepAlive() {
        out.comment();
        return out.take();
    }

    @Override
    public List<TranslationNote> translation() {
        return carrier.notes();
    }

    private void call(Content.ToolCall call) {
        ObjectNode node = Json.object().put("index", calls++);
        node.setAll(OpenAiResponseWriter.call(call));
        carrier.putBack(node, call.extra());
        ObjectNode delta = Json.object();
        delta.putArray("tool_calls").add(node);
        delta(delta, Extra.NONE);
    }

    private void delta(ObjectNode delta, Extra extra) {
        begin();
        ObjectNode choice = choice(delta);
        carrier.putBack(choice, extra);
        out.data(chunk(choice));
    }

    private void begin() {
        if (!begun) {
            begun = true;
            out.data(chunk(choice(Json.object().put("role", "assistant").put("content", ""))));
        }
    }

    private void finish(LlmResponse response) {
        begin();
        over = true;
        ObjectNode choice = choice(Json.object());
        choice.put("finish_reason", OpenAiResponseWriter.finishReason(response, carrier));
        report(response);
        ObjectNode rest = rest(response.extra());
        ObjectNode usage = OpenAiFields.usage(response.usage());
        if (rest.remove("usage") instanceof ObjectNode more) {
            Json.merge(usage, more);
        }
        if (rest.remove("choices") instanceof ArrayNode choices && choices.path(0) instanceof ObjectNode first) {
            first.remove("logprobs"); // told with the text
            if (first.remove("message") instanceof ObjectNode message) {
                Json.merge((ObjectNode) choice.get("delta"), message);
            }
            Json.merge(choice, first);
        }
        ObjectNode last = chunk(choice);
        Json.merge(last, rest);
        out.data(last);
        if (as.streamUsage()) {
            ObjectNode counted = chunk(null);
            counted.set("usage", usage);
            out.data(counted);
        }
        out.data("[DONE]");
    }

    private static ObjectNode rest(Extra extra) {
        return Json.requireObject(extra.jsonFor(OpenAiDialect.NAME), "extra");
    }

    /** What became of the answer is known when it is whole. */
    private void report(LlmResponse response) {
        for (int i = 0; i < response.content().size(); i++) {
            Content part = response.content().get(i);
            String path = "content[" + i + "]";
            if (part instanceof Content.Reasoning reasoning) {
                OpenAiReasoning.reportProof(reasoning, path, carrier);
            } else if (part instanceof Content.Other) {
                carrier.dropped(path, "a part of a kind that has no place in an answer here");
            } else {
                carrier.extra(Json.object(), part.extra(), path);
            }
        }
        OpenAiOrder.report(response.content(), carrier);
        if (!response.extra().dialect().equals(OpenAiDialect.NAME)) {
            carrier.extra(Json.object(), response.extra(), "");
        }
    }

    private static ObjectNode choice(ObjectNode delta) {
        ObjectNode choice = Json.object().put("index", 0);
        choice.set("delta", delta);
        return choice.putNull("finish_reason");
    }

    private ObjectNode chunk(@Nullable ObjectNode choice) {
        ObjectNode chunk = Json.object()
                .put("id", as.id())
                .put("object", "chat.completion.chunk")
                .put("created", as.createdEpochSecond())
                .put("model", as.model());
        var choices = chunk.putArray("choices");
        if (choice != null) {
            choices.add(choice);
        }
        return chunk;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Extra;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.AnswerHead;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.ErrorBody;
import dev.holdfast.llm.dialect.EventWriter;
import dev.holdfast.llm.dialect.StreamEncoder;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Writes the events of a message: its start, its blocks one after the other, its stop reason and usage, its stop. */
final class AnthropicStreamWriter implements StreamEncoder {
    private final AnswerHead as;
    private final Carrier carrier = new Carrier(AnthropicDialect.NAME);
    private final EventWriter out = new EventWriter();
    private final AnthropicBlockEvents blocks = new AnthropicBlockEvents(out, carrier);
    private Usage counted = Usage.NONE;
    private boolean begun;
    private boolean over;

    AnthropicStreamWriter(AnswerHead as) {
        this.as = as;
    }

    @Override
    public byte[] encode(StreamEvent event) {
        if (over) {
            return out.take();
        }
        if (event instanceof StreamEvent.UsageUpdate update) {
            counted = update.usage();
        } else if (event instanceof StreamEvent.Error error) {
            return fail(ErrorBody.of(error.failure(), as.id()));
        } else {
            begin();
            if (event instanceof StreamEvent.Finish finish) {
                finish(finish.response());
            } else {
                blocks.write(event);
            }
        }
        return out.take();
    }

    @Override
    public byte[] fail(ErrorBody error) {
        if (!over) {
            over = true;
            out.typed(AnthropicServer.error(error));
        }
        return out.take();
    }

    @Override
    public byte[] keepAlive() {
        if (begun) {
            out.typed(Json.object().put("type", "ping"));
        } else {
            out.comment();
        }
        return out.take();
    }

    @Override
    public List<TranslationNote> translation() {
        return carrier.notes();
    }

    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        ObjectNode message = AnthropicResponseWriter.head(as.id(), as.model());
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", AnthropicFields.usage(counted));
        ObjectNode start = Json.object().put("type", "message_start");
        start.set("message", message);
        out.typed(start);
    }

    private void finish(LlmResponse response) {
        blocks.close();
        over = true;
        ObjectNode delta = Json.object()
                .put("stop_reason", AnthropicResponseWriter.stopReason(response, carrier))
                .putNull("stop_sequence");
        ObjectNode usage = AnthropicResponseWriter.usage(response.usage(), carrier);
        Extra extra = response.extra();
        if (extra.dialect().equals(AnthropicDialect.NAME)) {
            ObjectNode rest = Json.requireObject(extra.json(), "extra");
            if (rest.remove("usage") instanceof ObjectNode more) {
                Json.merge(usage, more);
            }
            Json.merge(delta, rest);
        } else {
            carrier.extra(Json.object(), extra, "");
        }
        for (int i = 0; i < response.content().size(); i++) {
            AnthropicResponseWriter.report(response.content().get(i), "content[" + i + "]", carrier);
        }
        ObjectNode event = Json.object().put("type", "message_delta");
        event.set("delta", delta);
        event.set("usage", usage);
        out.typed(event);
        out.typed(Json.object().put("type", "message_stop"));
    }
}

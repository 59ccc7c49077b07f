// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One Anthropic message: a {@code message} document, or events from {@code message_start} to {@code message_stop}. */
final class AnthropicWriter implements AnswerWriter {
    private static final String DELTA_HEAD =
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":";
    private static final String PING = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

    private final ModelRequest request;
    private final Answer answer;
    private final String id;
    private final String callId;

    AnthropicWriter(ModelRequest request, Answer answer, long serial) {
        this.request = request;
        this.answer = answer;
        this.id = "msg_sim" + serial;
        this.callId = "toolu_sim" + serial;
    }

    @Override
    public String plain(boolean terminal) {
        ObjectNode body = message();
        if (answer.asksForTool()) {
            ObjectNode block = block();
            block.set("input", Json.read(answer.whole()));
            body.withArray("content").add(block);
        } else if (answer.tokens() > 0) {
            body.withArray("content").add(block().put("text", answer.whole()));
        }
        body.put("stop_reason", terminal ? stopReason() : null);
        body.set("usage", usage(answer.tokens()));
        return Json.write(body);
    }

    @Override
    public List<String> opening() {
        ObjectNode start = Json.object().put("type", "message_start");
        start.set("message", message());
        return List.of(event("message_start", start), PING);
    }

    @Override
    public int contents() {
        return answer.tokens();
    }

    /** The block opens with its first piece, so that nothing before the first content looks like content. */
    @Override
    public String content(int index) {
        String piece = Json.quote(answer.pieces().get(index));
        String delta = answer.asksForTool()
                ? DELTA_HEAD + "\"input_json_delta\",\"partial_json\":" + piece + "}}\n\n"
                : DELTA_HEAD + "\"text_delta\",\"text\":" + piece + "}}\n\n";
        if (index > 0) {
            return delta;
        }
        ObjectNode start = Json.object().put("type", "content_block_start").put("index", 0);
        start.set("content_block", block());
        return event("content_block_start", start) + delta;
    }

    @Override
    public List<String> closing() {
        ObjectNode delta = Json.object().put("type", "message_delta");
        delta.putObject("delta").put("stop_reason", stopReason()).putNull("stop_sequence");
        delta.set("usage", usage(answer.tokens()));
        String end = event("message_delta", delta)
                + event("message_stop", Json.object().put("type", "message_stop"));
        if (answer.tokens() == 0) {
            return List.of(end);
        }
        ObjectNode stop = Json.object().put("type", "content_block_stop").put("index", 0);
        return List.of(event("content_block_stop", stop), end);
    }

    @Override
    public String inBandError(ErrorBody error) {
        return "event: error\ndata: " + error.oneLine() + "\n\n";
    }

    @Override
    public String broken() {
        return DELTA_HEAD + "\"text_delta\",\"text\":\"thi\n\n";
    }

    private ObjectNode message() {
        ObjectNode message = Json.object().put("id", id).put("type", "message").put("role", "assistant");
        message.put("model", request.model()).putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", usage(0));
        return message;
    }

    private ObjectNode block() {
        if (!answer.asksForTool()) {
            return Json.object().put("type", "text").put("text", "");
        }
        ObjectNode block =
                Json.object().put("type", "tool_use").put("id", callId).put("name", answer.toolName());
        block.putObject("input");
        return block;
    }

    private ObjectNode usage(int outputTokens) {
        return Json.object()
                .put("input_tokens", request.promptTokens())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", outputTokens);
    }

    private String stopReason() {
        return answer.asksForTool() ? "tool_use" : "end_turn";
    }

    private static String event(String name, JsonNode data) {
        return "event: " + name + "\ndata: " + Json.write(data) + "\n\n";
    }
}

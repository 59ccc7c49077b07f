// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One OpenAI chat completion: {@code chat.completion}, or {@code chat.completion.chunk} events and {@code [DONE]}. */
final class OpenAiWriter implements AnswerWriter {
    private static final String DONE = "data: [DONE]\n\n";

    private final ModelRequest request;
    private final Answer answer;
    private final String id;
    private final String callId;
    private final long createdSeconds;
    private final String chunkHead;
    private final String chunkTail;

    OpenAiWriter(ModelRequest request, Answer answer, long serial, long createdSeconds) {
        this.request = request;
        this.answer = answer;
        this.id = "chatcmpl-sim" + serial;
        this.callId = "call_sim" + serial;
        this.createdSeconds = createdSeconds;
        this.chunkHead =
                "data: {\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":" + createdSeconds
                        + ",\"model\":" + Json.quote(request.model())
                        + ",\"system_fingerprint\":\"fp_sim\",\"choices\":[{\"index\":0,\"delta\":";
        this.chunkTail = request.usageInStream() ? "}],\"usage\":null}\n\n" : "}]}\n\n";
    }

    @Override
    public String plain(boolean terminal) {
        ObjectNode body = Json.object();
        body.put("id", id)
                .put("object", "chat.completion")
                .put("created", createdSeconds)
                .put("model", request.model());
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        if (answer.asksForTool()) {
            message.putNull("content").putNull("refusal");
            ObjectNode call =
                    message.putArray("tool_calls").addObject().put("id", callId).put("type", "function");
            call.putObject("function").put("name", answer.toolName()).put("arguments", answer.whole());
        } else {
            message.put("content", answer.whole()).putNull("refusal");
        }
        choice.putNull("logprobs").put("finish_reason", terminal ? finishReason() : null);
        body.set("usage", usage());
        body.put("service_tier", "default").put("system_fingerprint", "fp_sim");
        return Json.write(body);
    }

    @Override
    public List<String> opening() {
        return List.of(
                chunk("{\"role\":\"assistant\",\"content\":" + (answer.asksForTool() ? "null" : "\"\"") + "}", null));
    }

    @Override
    public int contents() {
        return answer.tokens();
    }

    @Override
    public String content(int index) {
        String piece = Json.quote(answer.pieces().get(index));
        if (!answer.asksForTool()) {
            return chunk("{\"content\":" + piece + "}", null);
        }
        String head = index == 0
                ? "\"id\":\"" + callId + "\",\"type\":\"function\",\"function\":{\"name\":"
                        + Json.quote(answer.toolName()) + ","
                : "\"function\":{";
        return chunk("{\"tool_calls\":[{\"index\":0," + head + "\"arguments\":" + piece + "}}]}", null);
    }

    @Override
    public List<String> closing() {
        List<String> events = new ArrayList<>();
        events.add(chunk("{}", finishReason()));
        if (request.usageInStream()) {
            ObjectNode last = Json.object();
            last.put("id", id).put("object", "chat.completion.chunk").put("created", createdSeconds);
            last.put("model", request.model())
                    .put("system_fingerprint", "fp_sim")
                    .putArray("choices");
            last.set("usage", usage());
            events.add("data: " + Json.write(last) + "\n\n");
        }
        events.add(DONE);
        return events;
    }

    @Override
    public String inBandError(ErrorBody error) {
        return "data: " + error.oneLine() + "\n\n" + DONE;
    }

    @Override
    public String broken() {
        return chunkHead + "{\"content\":\"thi\n\n";
    }

    private String chunk(String delta, @Nullable String finish) {
        return chunkHead + delta + ",\"logprobs\":null,\"finish_reason\":"
                + (finish == null ? "null" : Json.quote(finish)) + chunkTail;
    }

    private String finishReason() {
        return answer.asksForTool() ? "tool_calls" : "stop";
    }

    private ObjectNode usage() {
        ObjectNode usage = Json.object();
        usage.put("prompt_tokens", request.promptTokens()).put("completion_tokens", answer.tokens());
        usage.put("total_tokens", request.promptTokens() + answer.tokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0).put("audio_tokens", 0);
        return usage;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.dialect.InvalidRequestException;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.openai.OpenAiServer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a line asks: a prompt, or a chat completions request as a client would send it. */
final class RequestLine {
    /** Ours, or decided by the one who asks: how an answer travels is no part of the question. */
    private static final Set<String> OURS = Set.of("id", "prompt", "stream", "stream_options");

    /** A client must name a model; whether the line does is looked at before. */
    private static final String NO_MODEL = "default";

    private RequestLine() {}

    /** @throws InvalidRequestException if it is no name; null where the line has none */
    static @Nullable String model(ObjectNode line) {
        JsonNode model = line.get("model");
        if (model == null || model.isNull()) {
            return null;
        }
        if (!model.isString()) {
            throw new InvalidRequestException("model", "must be a string, provider/model");
        }
        return model.stringValue();
    }

    /** @throws InvalidRequestException if it is no request; the message says what to change and repeats no content */
    static LlmRequest request(ObjectNode line) {
        JsonNode prompt = line.get("prompt");
        if (prompt != null && line.has("messages")) {
            throw new InvalidRequestException("prompt", "must be left out where there are messages");
        }
        if (prompt == null && !line.has("messages")) {
            throw new InvalidRequestException("messages", "or a prompt must be there: there is nothing to ask");
        }
        ObjectNode body = line.deepCopy();
        body.remove(OURS);
        body.put("model", NO_MODEL);
        if (prompt != null) {
            if (!prompt.isString()) {
                throw new InvalidRequestException("prompt", "must be a string");
            }
            body.putArray("messages").addObject().put("role", "user").set("content", prompt);
        }
        return new OpenAiServer().decodeRequest(Json.bytes(body)).request();
    }
}

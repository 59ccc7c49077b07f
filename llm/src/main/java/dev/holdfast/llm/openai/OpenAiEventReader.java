// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.dialect.Answers;
import dev.holdfast.llm.dialect.EventReader;
import dev.holdfast.llm.dialect.StreamAssembly;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.stream.ServerSentEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads chat completion chunks. The terminal marker is a finish reason; {@code [DONE]} says only that nothing follows,
 * and some servers send it after an error or a cut.
 */
final class OpenAiEventReader implements EventReader {
    private static final String DONE = "[DONE]";

    private final StreamAssembly assembly;
    private @Nullable FinishReason finishReason;
    private final OpenAiChunkRest rest = new OpenAiChunkRest();
    private boolean refused;

    OpenAiEventReader(StreamAssembly assembly) {
        this.assembly = assembly;
        assembly.extraFrom(rest::whole);
    }

    @Override
    public boolean sawTerminalMarker() {
        return finishReason != null;
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        String data = event.data().strip();
        if (data.isEmpty()) {
            return;
        }
        if (data.equals(DONE)) {
            done();
            return;
        }
        ObjectNode chunk = Json.objectOrNull(data);
        if (chunk == null) {
            assembly.malformed(data);
        } else if (Answers.isError(chunk) || event.type().equals("error")) {
            assembly.errorEvent(data);
        } else {
            chunk(chunk, data);
        }
    }

    private void done() {
        if (finishReason != null) {
            assembly.complete();
        } else if (assembly.contentStarted()) {
            assembly.interrupted("the stream ended without a finish reason");
        } else {
            assembly.empty();
        }
    }

    private void chunk(ObjectNode chunk, String data) {
        assembly.begin(Json.textOrEmpty(chunk, "id"), Json.textOrEmpty(chunk, "model"));
        for (JsonNode choice : chunk.path("choices")) {
            if (Json.count(choice, "index") == 0) {
                choice(choice, data);
            }
        }
        JsonNode usage = chunk.path("usage");
        if (usage.isObject()) {
            assembly.usage(OpenAiFields.usage(usage));
        }
        assembly.reserve(rest.chunk(chunk));
    }

    private void choice(JsonNode choice, String data) {
        String word = Json.textOrEmpty(choice, "finish_reason");
        if (word.equals("error")) {
            assembly.errorEvent(data);
            return;
        }
        JsonNode delta = choice.path("delta").isObject() ? choice.path("delta") : choice.path("message");
        FinishReason stated = OpenAiFields.finishReason(choice);
        Extra beside = choice instanceof ObjectNode object ? rest.beside(object) : Extra.NONE;
        assembly.reserve(rest.choice(beside));
        assembly.reasoning(OpenAiFields.reasoning(delta));
        assembly.text(OpenAiFields.text(delta), beside);
        refusal(Json.textOrEmpty(delta, "refusal"), beside);
        for (JsonNode call : delta.path("tool_calls")) {
            toolFragment(call);
        }
        if (delta instanceof ObjectNode object) {
            assembly.reserve(rest.delta(object));
        }
        if (stated != null) {
            finishReason = stated;
            endText();
            FinishReason reason = OpenAiResponseReader.finishReason(stated, refused, false);
            rest.reason(word, reason);
            assembly.finishReason(reason);
        }
    }

    private void refusal(String text, Extra beside) {
        if (!text.isEmpty()) {
            if (!refused) {
                assembly.endText();
            }
            refused = true;
            assembly.text(text, OpenAiParts.withForm(beside, OpenAiForms.REFUSAL));
        }
    }

    private void endText() {
        assembly.endText(refused ? OpenAiParts.form(OpenAiForms.REFUSAL) : Extra.NONE);
    }

    private void toolFragment(JsonNode call) {
        JsonNode function = call.path("function");
        JsonNode arguments = function.path("arguments");
        assembly.toolFragment(
                call.path("index").isInt() ? call.path("index").intValue() : -1,
                Json.textOrEmpty(call, "id"),
                Json.textOrEmpty(function, "name"),
                arguments.isObject() ? Json.string(arguments) : arguments.isString() ? arguments.stringValue() : "",
                OpenAiResponseReader.rest(call));
    }
}

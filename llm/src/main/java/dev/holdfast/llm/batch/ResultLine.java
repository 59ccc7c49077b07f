// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.CallException;
import dev.holdfast.CallReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.target.Target;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The result of one input line. It looks the same in the output and in the journal, so that one can be copied to the other.
 *
 * @param line the number of the input line; 0 when a result that was read does not say
 * @param id of the input line
 * @param category of the error; null when it went well
 * @param attempts how many were made
 * @param json as it is written, without the newline
 */
record ResultLine(long line, JsonNode id, @Nullable String category, int attempts, byte[] json) {
    private static final byte[] BEGINNING = "{\"id\":".getBytes(StandardCharsets.UTF_8);

    boolean ok() {
        return category == null;
    }

    static ResultLine of(InputLine.Asked asked, LlmResponse response) {
        CallReport report = response.report();
        ObjectNode json = beginning(asked, true);
        json.put("text", response.text());
        if (!response.toolCalls().isEmpty()) {
            toolCalls(response, json.putArray("tool_calls"));
        }
        json.put("finish_reason", response.finishReason().word());
        json.set("usage", CallJson.usage(response.usage()));
        Target target = CallJson.lastTarget(report);
        json.put("target", target == null ? null : target.name());
        json.set("attempts", CallJson.attempts(report));
        json.put("line", asked.number());
        return of(asked, null, report, json);
    }

    /** OpenAI's shape: whoever sends chat completions fields in can read it. */
    private static void toolCalls(LlmResponse response, ArrayNode calls) {
        for (Content.ToolCall call : response.toolCalls()) {
            ObjectNode node = calls.addObject().put("id", call.id()).put("type", "function");
            node.putObject("function").put("name", call.name()).put("arguments", call.argumentsJson());
        }
    }

    static ResultLine of(InputLine.Asked asked, Throwable error) {
        if (error instanceof CallException call) {
            return failed(asked, call.failure().withCause(call), call.report());
        }
        return failed(asked, FailureClassifier.standard().classify(error), null);
    }

    /** No call was made. */
    static ResultLine refused(InputLine line, String message) {
        return failed(line, Failure.of(Category.INVALID_REQUEST, "batch.line", message), null);
    }

    private static ResultLine failed(InputLine line, Failure failure, @Nullable CallReport report) {
        ObjectNode json = beginning(line, false);
        json.put("line", line.number());
        json.set("error", CallJson.error(failure));
        json.set("attempts", CallJson.attempts(report));
        return of(line, failure.category().word(), report, json);
    }

    private static ObjectNode beginning(InputLine line, boolean ok) {
        ObjectNode json = Json.object();
        json.set("id", line.id());
        json.put("ok", ok);
        return json;
    }

    private static ResultLine of(
            InputLine line, @Nullable String category, @Nullable CallReport report, ObjectNode json) {
        int attempts = report == null ? 0 : report.attempts().size();
        return new ResultLine(line.number(), line.id(), category, attempts, Json.bytes(json));
    }

    /** The same for an input line of this number. */
    ResultLine at(long number) {
        if (line == number) {
            return this;
        }
        ObjectNode numbered = (ObjectNode) Json.read(json);
        numbered.put("line", number);
        return new ResultLine(number, id, category, attempts, Json.bytes(numbered));
    }

    /** Null when it is no result. */
    static @Nullable ResultLine read(byte[] json) {
        JsonNode read;
        try {
            read = Json.read(json);
        } catch (JacksonException e) {
            return null;
        }
        JsonNode id = read.path("id");
        JsonNode ok = read.path("ok");
        boolean identified = id.isString() || id.isNumber();
        if (!identified || !ok.isBoolean()) {
            return null;
        }
        String category = ok.booleanValue() ? null : Json.textOrEmpty(read.path("error"), "category");
        return new ResultLine(
                Json.count(read, "line"), id, category, read.path("attempts").size(), json);
    }

    /** Whether a line that breaks off may be the beginning of a result. */
    static boolean mayBegin(byte[] half) {
        for (int i = 0; i < half.length && i < BEGINNING.length; i++) {
            if (half[i] != BEGINNING[i]) {
                return false;
            }
        }
        return true;
    }
}

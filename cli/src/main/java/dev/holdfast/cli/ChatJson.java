// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.CallReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Advice;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.batch.CallJson;
import dev.holdfast.target.Target;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The one object that {@code chat --json} prints. */
final class ChatJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private ChatJson() {}

    static String of(@Nullable StreamEvent end) {
        ObjectNode json = MAPPER.createObjectNode();
        if (end instanceof StreamEvent.Finish finish) {
            LlmResponse response = finish.response();
            json.put("text", response.text());
            json.put("finish_reason", response.finishReason().word());
            target(json, response.report());
            json.set("usage", CallJson.usage(response.usage()));
            json.set("attempts", CallJson.attempts(response.report()));
            json.putNull("error");
        } else if (end instanceof StreamEvent.Error error) {
            json.put("text", error.textSoFar());
            json.putNull("finish_reason");
            target(json, error.report());
            json.putNull("usage");
            json.set("attempts", CallJson.attempts(error.report()));
            json.set("error", error(error.failure(), CallJson.lastTarget(error.report())));
        }
        return json.toString();
    }

    /** The command was refused before any call was made. */
    static String notStarted(@Nullable String message) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("text", "");
        json.putNull("finish_reason").putNull("target").putNull("usage");
        json.putArray("attempts");
        Failure failure = Failure.of(Category.INVALID_REQUEST, "configuration", String.valueOf(message));
        json.set("error", error(failure, null));
        return json.toString();
    }

    private static void target(ObjectNode json, @Nullable CallReport report) {
        Target last = CallJson.lastTarget(report);
        json.put("target", last == null ? null : last.name());
    }

    private static ObjectNode error(Failure failure, @Nullable Target target) {
        return CallJson.error(failure).put("advice", Advice.of(failure.category(), target));
    }
}

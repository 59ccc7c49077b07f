// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.AttemptReport;
import dev.holdfast.CallException;
import dev.holdfast.CallReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Advice;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
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
            json.set("usage", usage(response.usage()));
            json.set("attempts", attempts(response.report()));
            json.putNull("error");
        } else if (end instanceof StreamEvent.Error error) {
            json.put("text", error.textSoFar());
            json.putNull("finish_reason");
            target(json, error.report());
            json.putNull("usage");
            json.set("attempts", attempts(error.report()));
            json.set("error", error(error.failure(), lastTarget(error.report())));
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

    /** Where the last attempt went; null when none was made. */
    static @Nullable Target lastTarget(@Nullable CallReport report) {
        List<AttemptReport> attempts = report == null ? List.of() : report.attempts();
        return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).target();
    }

    /** The engine's own words where it ended the call: they say how often it tried and why it stopped. */
    static String message(Failure failure) {
        return failure.cause() instanceof CallException call && call.getMessage() != null
                ? call.getMessage()
                : failure.message();
    }

    private static void target(ObjectNode json, @Nullable CallReport report) {
        Target last = lastTarget(report);
        json.put("target", last == null ? null : last.name());
    }

    private static ObjectNode usage(Usage usage) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("input_tokens", usage.inputTokens());
        json.put("output_tokens", usage.outputTokens());
        json.put("cached_input_tokens", usage.cachedInputTokens());
        json.put("reasoning_tokens", usage.reasoningTokens());
        return json;
    }

    private static ArrayNode attempts(@Nullable CallReport report) {
        ArrayNode json = MAPPER.createArrayNode();
        for (AttemptReport attempt : report == null ? List.<AttemptReport>of() : report.attempts()) {
            Failure failure = attempt.failure();
            int status = failure == null ? 0 : Progress.status(failure);
            ObjectNode one = json.addObject();
            one.put("target", attempt.target().name());
            one.put("outcome", attempt.outcome().word());
            one.put("category", failure == null ? null : failure.category().word());
            one.put("status", failure == null ? Integer.valueOf(200) : status == 0 ? null : Integer.valueOf(status));
            one.put("wait_ms", attempt.waited().toMillis());
            one.put("elapsed_ms", attempt.elapsed().toMillis());
        }
        return json;
    }

    private static ObjectNode error(Failure failure, @Nullable Target target) {
        RetryScope scope = failure.cause() instanceof CallException call ? call.scope() : failure.scope();
        Duration hint = failure.hint();
        ObjectNode json = MAPPER.createObjectNode();
        json.put("category", failure.category().word());
        json.put("retry", scope.word());
        json.put("retry_after_ms", hint == null ? null : Long.valueOf(hint.toMillis()));
        json.put("message", message(failure));
        json.put("advice", Advice.of(failure.category(), target));
        return json;
    }
}

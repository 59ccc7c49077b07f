// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.AttemptReport;
import dev.holdfast.CallException;
import dev.holdfast.CallReport;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.Usage;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a call went, as the JSON that commands print: its usage, attempts and error. */
public final class CallJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_CAUSES = 16;

    private CallJson() {}

    /** {@code {"input_tokens","output_tokens","cached_input_tokens","reasoning_tokens"}}. */
    public static ObjectNode usage(Usage usage) {
        ObjectNode json = NODES.objectNode();
        json.put("input_tokens", usage.inputTokens());
        json.put("output_tokens", usage.outputTokens());
        json.put("cached_input_tokens", usage.cachedInputTokens());
        json.put("reasoning_tokens", usage.reasoningTokens());
        return json;
    }

    /** {@code [{"target","outcome","category","status","wait_ms","elapsed_ms"}]}; empty without a report. */
    public static ArrayNode attempts(@Nullable CallReport report) {
        ArrayNode json = NODES.arrayNode();
        for (AttemptReport attempt : report == null ? List.<AttemptReport>of() : report.attempts()) {
            Failure failure = attempt.failure();
            int status = failure == null ? 0 : status(failure);
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

    /** {@code {"category","retry","retry_after_ms","message"}}. */
    public static ObjectNode error(Failure failure) {
        RetryScope scope = failure.cause() instanceof CallException call ? call.scope() : failure.scope();
        Duration hint = failure.hint();
        ObjectNode json = NODES.objectNode();
        json.put("category", failure.category().word());
        json.put("retry", scope.word());
        json.put("retry_after_ms", hint == null ? null : Long.valueOf(millisRoundedUp(hint)));
        json.put("message", message(failure));
        return json;
    }

    /** The engine's own words where it ended the call: they say how often it tried and why it stopped. */
    public static String message(Failure failure) {
        return failure.cause() instanceof CallException call && call.getMessage() != null
                ? call.getMessage()
                : failure.message();
    }

    /** The HTTP status that a failure came with; 0 when there was none. */
    public static int status(Failure failure) {
        Throwable cause = failure.cause();
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof ProviderException provider) {
                return provider.status();
            }
            cause = cause.getCause();
        }
        return 0;
    }

    /** Where the last attempt went; null when none was made. */
    public static @Nullable Target lastTarget(@Nullable CallReport report) {
        List<AttemptReport> attempts = report == null ? List.of() : report.attempts();
        return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).target();
    }

    /** Whole milliseconds, up: a stated wait is never shortened. */
    private static long millisRoundedUp(Duration wait) {
        return wait.plusNanos(999_999).toMillis();
    }
}

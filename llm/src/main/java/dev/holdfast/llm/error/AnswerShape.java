// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Looks at what came with status 200 and tells whether it is an answer: content, terminal marker, refusal, failed finish.
 * Fed with one object for a plain response, with each event for a stream. Knows the shapes of OpenAI chat, completions
 * and responses, Anthropic messages, Gemini, Ollama, Bedrock Converse, Cohere.
 */
final class AnswerShape {
    private static final Set<String> REFUSALS = Set.of(
            "refusal",
            "content_filter",
            "contentfilter",
            "content_filtered",
            "safety",
            "recitation",
            "blocklist",
            "prohibited_content",
            "spii",
            "image_safety",
            "image_prohibited_content",
            "language",
            "model_armor",
            "guardrail_intervened",
            "error_toxic",
            "sensitive");

    private static final Set<String> FAILURES = Set.of(
            "error",
            "malformed_function_call",
            "insufficient_system_resource",
            "network_error",
            "unexpected_tool_call",
            "other",
            "malformed_response",
            "too_many_tool_calls");

    private boolean content;
    private boolean finished;
    private boolean refused;
    private boolean ownGuardrail;
    private @Nullable String failedReason;

    /** Looks at one response or event. */
    void look(JsonNode node) {
        if (!node.isObject()) {
            return;
        }
        for (JsonNode choice : node.path("choices")) {
            lookAtChoice(choice);
        }
        for (JsonNode candidate : node.path("candidates")) {
            hasText(candidate.path("content").path("parts"));
            reason(candidate.path("finishReason"));
        }
        reason(node.path("promptFeedback").path("blockReason"));
        lookAtAnthropic(node);
        lookAtResponses(node);
        lookAtOthers(node);
    }

    private void lookAtChoice(JsonNode choice) {
        hasText(choice.path("text"));
        for (String part : new String[] {"delta", "message"}) {
            JsonNode message = choice.path(part);
            hasText(message.path("content"));
            hasText(message.path("tool_calls"));
            hasText(message.path("function_call"));
            hasText(message.path("reasoning_content"));
            hasText(message.path("reasoning"));
            refused |= isText(message.path("refusal"));
        }
        reason(choice.path("finish_reason"));
    }

    private void lookAtAnthropic(JsonNode node) {
        JsonNode delta = node.path("delta");
        hasText(delta.path("text"));
        hasText(delta.path("thinking"));
        hasText(delta.path("partial_json"));
        hasText(node.path("content"));
        content |= node.path("content_block").path("type").asString("").equals("tool_use");
        reason(delta.path("stop_reason"));
        reason(node.path("stop_reason"));
        reason(node.path("message").path("stop_reason"));
        finished |= node.path("type").asString("").equals("message_stop");
    }

    private void lookAtResponses(JsonNode node) {
        String type = node.path("type").asString("");
        if (type.endsWith(".delta")) {
            content |= isText(node.path("delta"));
        }
        refused |= type.startsWith("response.refusal");
        finished |= type.equals("response.completed");
        hasText(node.path("output"));
        hasText(node.path("response").path("output"));
        reason(node.path("response").path("incomplete_details").path("reason"));
        reason(node.path("incomplete_details").path("reason"));
        finished |= node.path("status").asString("").equals("completed");
    }

    private void lookAtOthers(JsonNode node) {
        hasText(node.path("response"));
        hasText(node.path("message").path("content"));
        hasText(node.path("message").path("tool_calls"));
        hasText(node.path("text"));
        finished |= node.path("done").asBoolean(false);
        reason(node.path("stopReason"));
        reason(node.path("finish_reason"));
    }

    private void reason(JsonNode node) {
        if (!node.isString() || node.stringValue().isEmpty()) {
            return;
        }
        String reason = node.stringValue().toLowerCase(Locale.ROOT);
        finished = true;
        refused |= REFUSALS.contains(reason);
        ownGuardrail |= reason.equals("model_armor") || reason.equals("guardrail_intervened");
        if (FAILURES.contains(reason)) {
            failedReason = reason;
        }
    }

    private void hasText(JsonNode node) {
        content |= isText(node);
    }

    /** Whether the node holds any non-empty text or call, at whatever depth the dialect puts it. */
    private static boolean isText(JsonNode node) {
        if (node.isString()) {
            return !node.stringValue().isEmpty();
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                if (isText(element)) {
                    return true;
                }
            }
            return false;
        }
        return node.isObject()
                && (node.has("function")
                        || node.has("functionCall")
                        || node.has("toolUse")
                        || node.path("type").asString("").endsWith("tool_use")
                        || node.path("type").asString("").endsWith("_call")
                        || isText(node.path("text"))
                        || isText(node.path("thinking"))
                        || isText(node.path("name"))
                        || isText(node.path("content"))
                        || isText(node.path("parts")));
    }

    boolean content() {
        return content;
    }

    /** Whether an answer had begun and was ended as failed. */
    boolean failed() {
        return failedReason != null;
    }

    /** Sets what the answer as a whole shows. */
    void report(ErrorFields fields, boolean contentBefore) {
        if (ownGuardrail) {
            fields.set(Fact.OWN_GUARDRAIL);
        }
        if (refused) {
            fields.set(Fact.REFUSED);
        } else if (failedReason != null) {
            fields.set(Fact.FAILED_FINISH);
            fields.addCode(failedReason);
        }
        if (!content && !contentBefore) {
            fields.set(Fact.EMPTY_ANSWER);
        } else if (!finished) {
            fields.set(Fact.UNFINISHED_ANSWER);
        }
    }
}

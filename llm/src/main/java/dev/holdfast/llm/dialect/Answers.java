// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What makes a whole body an answer, in any dialect. */
public final class Answers {
    private Answers() {}

    /** Where to gather a body: an answer up to the limit of answers, an error up to that of errors. */
    public static BoundedBody newBody(ResponseHead head, DecodeLimits limits) {
        return new BoundedBody(head.isSuccess() ? limits.responseBytes() : limits.errorBytes());
    }

    /**
     * Sorts out all that is no answer and lets the dialect read the rest.
     *
     * @param reader reads the object, and is given the body as text too; null when it is not of the dialect
     * @throws dev.holdfast.llm.ProviderException for all that is no answer
     */
    public static LlmResponse decode(
            ResponseHead head,
            BoundedBody body,
            ErrorReader errors,
            BiFunction<ObjectNode, String, @Nullable LlmResponse> reader) {
        byte[] bytes = body.toBytes();
        if (!head.isSuccess()) {
            throw errors.response(head, bytes);
        }
        if (body.overflowed()) {
            throw errors.tooLarge(head);
        }
        if (isBlank(bytes)) {
            throw errors.empty(head);
        }
        ObjectNode object = objectOrNull(bytes);
        if (object != null && isError(object)) {
            throw errors.response(head, bytes);
        }
        LlmResponse answer = object == null ? null : reader.apply(object, new String(bytes, StandardCharsets.UTF_8));
        if (answer == null) {
            throw errors.unreadable(head, bytes);
        }
        Failure nothing = failureIfEmpty(answer.content(), answer.finishReason());
        if (nothing != null) {
            throw nothing.category() == Category.CONTENT_FILTER ? errors.filtered(head) : errors.empty(head);
        }
        return answer;
    }

    /** Whether an object is an error: all known forms, whatever the status. */
    public static boolean isError(ObjectNode object) {
        JsonNode error = object.get("error");
        return (error != null && !error.isNull() && !(error.isObject() && error.isEmpty()))
                || "error".equals(Json.text(object, "type"))
                || "error".equals(Json.text(object, "object"));
    }

    /**
     * The verdict on an answer without text and tool calls; null when it holds something. An answer that the token
     * limit cut before its first word is still an answer: asking again costs as much and gives the same.
     */
    static @Nullable Failure failureIfEmpty(List<Content> content, FinishReason reason) {
        boolean nothing = content.stream().allMatch(Content.Reasoning.class::isInstance);
        if (!nothing || reason == FinishReason.LENGTH) {
            return null;
        }
        return reason == FinishReason.CONTENT_FILTER ? ErrorReader.filteredFailure() : ErrorReader.emptyFailure();
    }

    private static @Nullable ObjectNode objectOrNull(byte[] bytes) {
        try {
            return Json.read(bytes) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return true;
    }
}

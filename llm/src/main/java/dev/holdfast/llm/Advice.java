// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.failure.Category;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.target.Target;
import org.jspecify.annotations.Nullable;

/** What a person can do about a call that failed for good, in one sentence. */
public final class Advice {
    private Advice() {}

    /** @param target where the last attempt went; null when none was made */
    public static String of(Category category, @Nullable Target target) {
        String where = target == null ? "the provider" : target.name();
        return switch (category) {
            case AUTH -> "check the key of " + where + key(target) + "; it is missing, wrong or revoked.";
            case PERMISSION -> "ask for access to " + where + " for this key, or use a model that it may call.";
            case QUOTA_EXHAUSTED ->
                "add credit to the account of " + where
                        + " or raise its limit, or name a second target to fail over to.";
            case RATE_LIMIT -> "send less, ask for a higher limit, or name a second target to fail over to.";
            case OVERLOADED, SERVER_ERROR, MODEL_LOADING ->
                "try again later, look at the provider's status page, or" + " name a second target to fail over to.";
            case TIMEOUT ->
                "allow more time (deadline, first content, idle), or name a second target to fail over" + " to.";
            case NETWORK -> "check that the address of " + where + address(target) + " is right and can be reached.";
            case NOT_FOUND -> "check the model's name and the base URL of " + where + ".";
            case INVALID_REQUEST -> "change the request: it is refused as it is, and repeating it cannot help.";
            case CONTEXT_LENGTH -> "shorten the prompt or the history, or use a model with a larger context.";
            case REQUEST_TOO_LARGE -> "send a smaller request, or use a target that takes this much at once.";
            case CONTENT_FILTER -> "change the prompt: a content policy refused it or its answer.";
            case CONFLICT -> "wait until the other request that holds the resource is over.";
            case STREAM_INTERRUPTED -> "ask again: the answer was cut, and what came before may have been billed.";
            case EMPTY_RESPONSE -> "ask again, or name a second target: the provider answered with nothing.";
            case INVALID_OUTPUT -> "make the schema simpler or the token limit larger, or use a stronger model.";
            case CANCELLED -> "nothing: the call was cancelled by its caller.";
            case UNKNOWN -> "look at the cause; if it is an answer of the provider, please report it as a case.";
        };
    }

    private static String key(@Nullable Target target) {
        return target == null ? "" : variable(target);
    }

    private static String address(@Nullable Target target) {
        return target == null || target.endpoint().isEmpty() ? "" : " (" + target.endpoint() + ")";
    }

    private static String variable(Target target) {
        return Presets.all().stream()
                .filter(preset -> preset.name().equals(target.provider()))
                .findFirst()
                .map(preset -> " (" + preset.keyVariable() + ")")
                .orElse("");
    }
}

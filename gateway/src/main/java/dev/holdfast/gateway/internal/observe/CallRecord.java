// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.AttemptReport;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All about one client call that has ended. Holds no key, no prompt, no answer. Immutable.
 *
 * @param callId also the header {@code x-holdfast-call-id}
 * @param startedAtMillis wall clock, since 1970
 * @param client the name of the client's key; {@code anonymous} where none is configured
 * @param model as the client named it, if it is one we know; else {@code unknown}, so that labels stay few
 * @param operation {@code chat}, {@code messages} or {@code embeddings}
 * @param stream whether the client wanted a stream
 * @param status of the response; of a stream that failed after its head, the one that it would have had; 499 if the client left
 * @param outcome {@code success}, {@code failure}, {@code cancelled} (the client left) or {@code refused} (no attempt was made)
 * @param code the error's code as the client was told it, for example {@code timeout} or {@code all_targets_unavailable};
 *     null on success
 * @param target the one that answered, else the last that was tried; null for none
 * @param attempts in the order of their start; empty where none was made
 * @param waited of the call's time, what was spent waiting between attempts and for slots
 * @param firstContent from the call's start; null where none came or the call was not streamed
 */
public record CallRecord(
        String callId,
        long startedAtMillis,
        String client,
        String model,
        String operation,
        boolean stream,
        int status,
        String outcome,
        @Nullable String code,
        @Nullable String target,
        List<AttemptReport> attempts,
        Duration waited,
        Duration elapsed,
        @Nullable Duration firstContent,
        long inputTokens,
        long outputTokens) {
    public CallRecord {
        attempts = List.copyOf(attempts);
    }
}

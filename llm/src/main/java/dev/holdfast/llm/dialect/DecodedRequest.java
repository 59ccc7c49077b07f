// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.LlmRequest;
import java.util.Objects;

/**
 * What a client asked for. Immutable; {@code toString} never shows the prompt.
 *
 * @param request the request itself
 * @param model the model's name as the client wrote it
 * @param stream whether the answer shall be streamed
 * @param streamUsage whether a stream shall end with its usage; always so where the dialect leaves no choice
 */
public record DecodedRequest(LlmRequest request, String model, boolean stream, boolean streamUsage) {
    public DecodedRequest {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(model, "model");
    }
}

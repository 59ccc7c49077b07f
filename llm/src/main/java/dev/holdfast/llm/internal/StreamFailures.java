// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.ProviderException;
import java.util.Map;

/** What a stream failed with, as the engine is told it. */
final class StreamFailures {
    /** Of a provider that broke its contract. */
    static final Failure NO_TERMINAL_EVENT =
            Failure.of(Category.STREAM_INTERRUPTED, "stream.no_terminal", "the stream ended without a terminal event");

    private StreamFailures() {}

    /** The exception that holds the failure's status, where there is one. */
    static ProviderException exception(Failure failure) {
        return failure.cause() instanceof ProviderException known ? known : new ProviderException(failure, 0, Map.of());
    }
}

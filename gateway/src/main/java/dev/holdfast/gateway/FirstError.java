// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import java.util.Map;

/**
 * The first error that a process classifies loads hundreds of rules: a few hundred milliseconds of one processor. On an event
 * loop all its streams would stand still for that long, just when a provider fails, so it is done at the start, beside it.
 */
final class FirstError {
    private FirstError() {}

    /** To be run on a thread that may be busy for a while. */
    static void classify() {
        ProviderErrorClassifier.create()
                .classify(ErrorInput.http(null, 500, Map.of(), "{\"error\":{\"message\":\"none\",\"type\":\"none\"}}"));
    }
}

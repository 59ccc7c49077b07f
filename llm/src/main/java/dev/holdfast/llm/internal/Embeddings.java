// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.ProviderException;
import java.util.Map;

/** What is said of targets that cannot turn texts into vectors. */
final class Embeddings {
    private Embeddings() {}

    /** Asking the same target again is pointless; another one may have embeddings. */
    static ProviderException none(String provider) {
        Failure failure = Failure.of(
                        Category.INVALID_REQUEST,
                        "embeddings.none",
                        "provider '" + provider + "' has no embeddings: name a target that has")
                .withScope(RetryScope.OTHER_TARGET)
                .withSent(false);
        return new ProviderException(failure, 0, Map.of());
    }
}

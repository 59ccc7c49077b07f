// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.langchain4j.exception.NonRetriableException;

/**
 * Two routes of one embedding model give vectors of different lengths. Such vectors cannot be compared, so nobody may get
 * them as if they were from one model: a mistake in the configuration, which no other attempt can mend.
 */
public final class EmbeddingDimensionException extends NonRetriableException implements Classified {
    private static final long serialVersionUID = 1L;

    EmbeddingDimensionException(String message) {
        super(message);
    }

    /** Scope never: no other attempt is made. */
    @Override
    public Failure failure() {
        return Failure.of(Category.INVALID_REQUEST, "langchain4j.dimension", String.valueOf(getMessage()))
                .withScope(RetryScope.NEVER);
    }
}

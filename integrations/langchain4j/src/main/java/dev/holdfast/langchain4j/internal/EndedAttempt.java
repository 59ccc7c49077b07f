// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.internal;

import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.langchain4j.exception.NonRetriableException;

/**
 * The first failed request of an attempt, on its way to the engine through a model that may have retries of its own. To that
 * model it is one of LangChain4j's errors that are never repeated, so neither a second request nor a pause follows. What
 * really happened is no cause of it, because models look at the root of the causes: it is in the verdict.
 */
public final class EndedAttempt extends NonRetriableException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    /** @param failure whose cause is what the client would have thrown outside of an attempt */
    public EndedAttempt(Failure failure) {
        super(failure.category() + ": " + failure.message());
        this.failure = failure;
    }

    @Override
    public Failure failure() {
        return failure;
    }
}

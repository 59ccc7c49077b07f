// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.langchain4j.exception.LangChain4jException;

/**
 * A request got no answer that deserves the name: the connection failed or was cut, a success holds an error, a page or
 * nothing, a stream ended without its own last event. {@link #failure()} says which.
 */
public final class HttpFailedException extends LangChain4jException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    HttpFailedException(Failure failure) {
        super(failure.category() + ": " + failure.message(), failure.cause());
        this.failure = failure;
    }

    @Override
    public Failure failure() {
        return failure;
    }
}

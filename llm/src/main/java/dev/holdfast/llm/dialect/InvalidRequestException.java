// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;

/**
 * A client's request cannot be read: its own fault, so the answer is 400. The message names the place and what should be
 * there, never what is there. It has no stack trace: a bad request is nothing unusual.
 */
public final class InvalidRequestException extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * @param path the place in the body, for example {@code messages[1].content[0].type}; empty for the whole body
     * @param expected what should be there, as the end of a sentence that begins with the place
     */
    public InvalidRequestException(String path, String expected) {
        super((path.isEmpty() ? "the request body" : path) + " " + expected, null, false, false);
        this.path = path;
    }

    /** The place in the body; empty for the whole body. */
    public String path() {
        return path;
    }

    /** Category invalid_request, scope never, not sent. */
    @Override
    public Failure failure() {
        return Failure.of(Category.INVALID_REQUEST, "request.invalid", String.valueOf(getMessage()))
                .withScope(RetryScope.NEVER)
                .withSent(false);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.CallReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.langchain4j.exception.LangChain4jException;

/**
 * A streamed answer broke off after a part of it had been handed over, so nothing was repeated. What came before is {@link
 * #textSoFar()}; why it broke off is {@link #failure()}, with the model's own error as {@link #getCause()} where it gave one.
 */
public final class BrokenStreamException extends LangChain4jException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final String textSoFar;
    private final transient CallReport report;

    BrokenStreamException(Failure failure, String textSoFar, CallReport report) {
        super(
                failure.category() + " after " + textSoFar.length() + " characters: " + failure.message(),
                failure.cause());
        this.failure = failure;
        this.textSoFar = textSoFar;
        this.report = report;
    }

    @Override
    public Failure failure() {
        return failure;
    }

    /** What kind of failure it is. */
    public Category category() {
        return failure.category();
    }

    /** All text that was handed over before; empty when only thinking or tool calls had come. */
    public String textSoFar() {
        return textSoFar;
    }

    /** The attempts of the call. */
    public CallReport report() {
        return report;
    }
}

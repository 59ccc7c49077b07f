// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

/** The transport failed; its error is the cause. Never leaves this package. */
final class BrokenExchangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenExchangeException(Throwable cause) {
        super(cause);
    }
}

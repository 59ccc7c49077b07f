// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.CallReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;

/**
 * A stream broke after its first content: what came before has been passed on and stays valid, the rest never comes. Not
 * repeated by anybody, for the beginning was seen. Before the first content a stream fails with a {@link
 * dev.holdfast.CallException} like any call.
 */
public final class StreamBrokenException extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final transient CallReport report;

    StreamBrokenException(Failure failure, CallReport report) {
        super(failure.category() + ": " + failure.message(), failure.cause());
        this.failure = failure.withScope(RetryScope.NEVER);
        this.report = report;
    }

    @Override
    public Failure failure() {
        return failure;
    }

    public Category category() {
        return failure.category();
    }

    /** What was tried, the broken attempt last. */
    public CallReport report() {
        return report;
    }
}

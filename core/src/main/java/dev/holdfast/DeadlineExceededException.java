// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.failure.Failure;

/** The deadline passed while an attempt was running. The category is timeout. */
public final class DeadlineExceededException extends CallException {
    private static final long serialVersionUID = 1L;

    private final transient Failure reason;
    private final transient CallReport report;

    DeadlineExceededException(String message, Failure reason, CallReport report) {
        super(message, reason.cause(), true);
        this.reason = reason;
        this.report = report;
    }

    @Override
    Failure reason() {
        return reason;
    }

    @Override
    public CallReport report() {
        return report;
    }
}

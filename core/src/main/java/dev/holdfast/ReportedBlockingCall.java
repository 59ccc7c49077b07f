// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import org.jspecify.annotations.Nullable;

/** A blocking call whose caller wants to know how the value was obtained. */
final class ReportedBlockingCall<T> extends BlockingCall<T, CallResult<T>> {
    ReportedBlockingCall(
            Holdfast engine,
            Route route,
            BlockingAttemptFunction<T> code,
            CallOptions options,
            long startedNanos,
            long deadlineNanos) {
        super(engine, route, code, options, startedNanos, deadlineNanos, Thread.currentThread());
    }

    @Override
    boolean isTimed() {
        return true;
    }

    @Override
    CallResult<T> visible(@Nullable T value, AttemptRun<T> attempt, long nowNanos) {
        return Endings.result(this, value, attempt, nowNanos);
    }
}

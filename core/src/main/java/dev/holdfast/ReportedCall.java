// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import org.jspecify.annotations.Nullable;

/** A call whose caller wants to know how the value was obtained. */
final class ReportedCall<T> extends Call<T, CallResult<T>> {
    ReportedCall(
            Holdfast engine,
            Route route,
            AttemptFunction<T> function,
            CallOptions options,
            long startedNanos,
            long deadlineNanos) {
        super(engine, route, function, options, startedNanos, deadlineNanos);
    }

    @Override
    CallResult<T> visible(@Nullable T value, AttemptRun<T> attempt, long nowNanos) {
        return Endings.result(this, value, attempt, nowNanos);
    }
}

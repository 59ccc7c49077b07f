// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.target.Targets;

/**
 * The engine for code that blocks: same rules, and every attempt runs on the calling thread. An attempt that times out is
 * interrupted; code that ignores interrupts delays its caller, not the engine. Interrupting the calling thread cancels the
 * call, which then ends with category cancelled and the thread's interrupt flag set. Thread-safe.
 */
public final class BlockingHoldfast {
    private final Holdfast engine;

    BlockingHoldfast(Holdfast engine) {
        this.engine = engine;
    }

    /**
     * Calls and waits for the result.
     *
     * @throws CallException when nothing that could be tried succeeded; the cause is that of the last attempt
     */
    public <T> T call(Targets targets, BlockingAttemptFunction<T> function) {
        return call(targets, CallOptions.none(), function);
    }

    /** As {@link #call(Targets, BlockingAttemptFunction)}, with options for this call. */
    public <T> T call(Targets targets, CallOptions options, BlockingAttemptFunction<T> function) {
        long nowNanos = engine.ticker.nanos();
        CallOptions bridged = engine.bridged(options);
        Route route = engine.resolve(targets, nowNanos);
        long deadlineNanos = engine.deadlineNanos(bridged, nowNanos);
        BlockingFirstTry<T> first = BlockingFirstTry.acquire(engine, route, function, bridged, nowNanos, deadlineNanos);
        if (first != null) {
            return first.run();
        }
        Thread owner = Thread.currentThread();
        return new BlockingCall<T, T>(engine, route, function, bridged, nowNanos, deadlineNanos, owner).await();
    }

    /** Calls, and tells how the value was obtained; a failure tells it by {@link CallException#report()}. */
    public <T> CallResult<T> callWithReport(Targets targets, CallOptions options, BlockingAttemptFunction<T> function) {
        long nowNanos = engine.ticker.nanos();
        CallOptions bridged = engine.bridged(options);
        ReportedBlockingCall<T> call = new ReportedBlockingCall<>(
                engine,
                engine.resolve(targets, nowNanos),
                function,
                bridged,
                nowNanos,
                engine.deadlineNanos(bridged, nowNanos));
        return call.await();
    }
}

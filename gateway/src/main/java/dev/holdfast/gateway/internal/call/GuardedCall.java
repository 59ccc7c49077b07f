// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What differs between calls that are read whole and those that are streamed.
 *
 * @param <R> what the engine gives when the call has committed
 */
interface GuardedCall<R> {
    /** Starts it; may be called again where an engine was closed before it had begun. */
    CompletableFuture<R> start(Running running);

    void succeeded(R result);

    /** The client has left; with the result if the call had committed. */
    void left(@Nullable R result);
}

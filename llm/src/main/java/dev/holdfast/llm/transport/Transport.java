// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

/**
 * The one seam to HTTP. Asynchronous; it neither retries, nor follows redirects, nor watches the clock beyond the
 * connect timeout: what happened is told to a {@link TransportListener}, and whoever listens decides.
 *
 * <p>Implementations must be thread-safe and must free connection, buffers and threads of an exchange when it ends, in
 * whatever way, or is cancelled at any point.
 */
public interface Transport extends AutoCloseable {

    /**
     * Starts one exchange. Never throws for a reason that lies in the network: that is {@link
     * TransportListener#onFailure}. The listener may be called before this method returns.
     *
     * @throws IllegalStateException if the transport is closed
     * @throws IllegalArgumentException if the request cannot be sent by HTTP at all (scheme, header names)
     */
    Exchange send(TransportRequest request, TransportListener listener);

    /** Cancels what runs and refuses what comes. Does not block; idempotent. */
    @Override
    void close();
}

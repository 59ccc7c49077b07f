// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

/** One request under way. Thread-safe. */
public interface Exchange {

    /**
     * Allows that many more pieces of the body to be delivered. Without demand nothing is read beyond small buffers, so
     * the sender is slowed down. Demand may be given before the head has come.
     *
     * @throws IllegalArgumentException if not positive
     */
    void request(long pieces);

    /**
     * Ends the exchange and closes its connection or stream at once. Afterwards the listener hears nothing more, except
     * for a signal that is already being delivered. Idempotent; does nothing after the end.
     */
    void cancel();
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.llm.transport.ResponseHead;
import java.io.InputStream;

/**
 * The response that a call ended with, for its client to read: an answer, or the last refusal as it came. Reading the body
 * throws what {@link BrokenAnswer} makes when the answer breaks off. Whoever gets one must close it. Thread-safe.
 */
public final class WireResponse implements AutoCloseable {
    private final ResponseHead head;
    private final InputStream body;
    private final Runnable close;

    WireResponse(ResponseHead head, InputStream body, Runnable close) {
        this.head = head;
        this.body = body;
        this.close = close;
    }

    /** Status and headers. */
    public ResponseHead head() {
        return head;
    }

    public InputStream body() {
        return body;
    }

    /** Ends the attempt, if it still runs, and frees its connection. Idempotent. */
    @Override
    public void close() {
        close.run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all large request bodies together may hold in memory, since the limit of one times the connections would be more than
 * any heap has. Thread-safe.
 */
final class BodyBudget {
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    BodyBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** A quarter of the heap, and never less than two of the largest bodies. */
    static BodyBudget ofHeap(int bodyBytes) {
        return new BodyBudget(Math.max(2L * bodyBytes, Runtime.getRuntime().maxMemory() / 4));
    }

    void take(long bytes) {
        if (heldBytes.addAndGet(bytes) > limitBytes) {
            heldBytes.addAndGet(-bytes);
            throw new Refusal(503, "too_many_large_bodies", "Too many large requests at once; try again later.")
                    .refused();
        }
    }

    void giveBack(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    long heldBytes() {
        return heldBytes.get();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The bytes of a body so far, in one array that grows with them; what is promised costs nothing. Not thread-safe. */
final class BodyBuffer {
    /** Up to here a body is small: its promised length is believed, and it is not counted. */
    private static final int SMALL_BYTES = 64 << 10;

    private static final byte[] EMPTY = {};

    private final BodyBudget budget;
    private final int limitBytes;
    private final long promisedBytes;
    private byte[] bytes;
    private int size;
    private long takenBytes;

    /** @param promisedBytes the length if it is known; else negative */
    BodyBuffer(BodyBudget budget, int limitBytes, long promisedBytes) {
        this.budget = budget;
        this.limitBytes = limitBytes;
        this.promisedBytes = promisedBytes;
        bytes = promisedBytes > 0 ? new byte[(int) Math.min(promisedBytes, SMALL_BYTES)] : EMPTY;
    }

    static Refusal.Refused tooLarge(int limitBytes) {
        return new Refusal(
                        413,
                        "request_too_large",
                        "The request body is over " + limitBytes + " bytes; send a smaller one.")
                .refused();
    }

    /** Refuses what would not fit. */
    void expect(long more) {
        if (more > limitBytes - size) {
            throw tooLarge(limitBytes);
        }
    }

    void take(ByteBuf in, int length) {
        expect(length);
        int needed = size + length;
        if (needed > bytes.length) {
            grow(needed);
        }
        in.readBytes(bytes, size, length);
        size = needed;
    }

    private void grow(int needed) {
        long most = promisedBytes >= needed ? promisedBytes : limitBytes;
        int capacity = (int) Math.min(most, Math.max(Math.max(needed, 1024), 2L * bytes.length));
        if (capacity > SMALL_BYTES) {
            budget.take(capacity - takenBytes);
            takenBytes = capacity;
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }

    byte[] whole() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** The body is needed no longer. May be called again. */
    void giveBack() {
        budget.giveBack(takenBytes);
        takenBytes = 0;
    }
}

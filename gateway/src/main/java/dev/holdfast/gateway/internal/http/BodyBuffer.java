// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The bytes of a body so far, in one array that grows with them. Not thread-safe. */
final class BodyBuffer {
    /** What is believed of a promised length before any of it has arrived. */
    private static final int TRUSTED_BYTES = 64 << 10;

    private static final byte[] EMPTY = {};

    private final int limitBytes;
    private final long promisedBytes;
    private byte[] bytes;
    private int size;

    /** @param promisedBytes the length if it is known; else negative */
    BodyBuffer(int limitBytes, long promisedBytes) {
        this.limitBytes = limitBytes;
        this.promisedBytes = promisedBytes;
        bytes = promisedBytes > 0 ? new byte[(int) Math.min(promisedBytes, TRUSTED_BYTES)] : EMPTY;
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
            long most = promisedBytes > 0 ? promisedBytes : limitBytes;
            bytes = Arrays.copyOf(bytes, (int) Math.min(most, Math.max(Math.max(needed, 1024), 2L * bytes.length)));
        }
        in.readBytes(bytes, size, length);
        size = needed;
    }

    byte[] whole() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Gathers a body up to a limit and says when there is more. Grows with what comes, so a small answer costs little. Not
 * thread-safe.
 */
public final class BoundedBody {
    private static final int INITIAL_BYTES = 1024;

    private final int limitBytes;
    private byte[] bytes;
    private int length;
    private boolean overflowed;

    /** @throws IllegalArgumentException if the limit is negative */
    public BoundedBody(int limitBytes) {
        if (limitBytes < 0) {
            throw new IllegalArgumentException("limit must not be negative: " + limitBytes);
        }
        this.limitBytes = limitBytes;
        this.bytes = new byte[Math.min(limitBytes, INITIAL_BYTES)];
    }

    /**
     * Takes all that remains in the piece, as far as it fits.
     *
     * @return whether it all fitted; once false, always false, and the caller should cancel the exchange
     */
    public boolean add(ByteBuffer piece) {
        int taken = Math.min(piece.remaining(), limitBytes - length);
        overflowed |= taken < piece.remaining();
        int needed = length + taken;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limitBytes, Math.max(needed, 2L * bytes.length)));
        }
        piece.get(bytes, length, taken);
        piece.position(piece.limit());
        length = needed;
        return !overflowed;
    }

    /** Whether more came than fitted. */
    public boolean overflowed() {
        return overflowed;
    }

    public int size() {
        return length;
    }

    /** A copy of what was gathered. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}

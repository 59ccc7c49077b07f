// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which ids have been seen, at 21 to 43 bytes for each, however long it is: an id is kept as half of its SHA-256, so that
 * no two ids met in practice, chosen in bad faith or not, are taken for each other. Open addressing, linear probing.
 */
final class IdSet {
    private static final double FULL = 0.75;

    private final MessageDigest digest;
    private long[] slots = new long[2 << 10];
    private int size;

    IdSet() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** False when it was there. */
    boolean add(String id) {
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(id.getBytes(StandardCharsets.UTF_8)));
        if (size >= slots.length / 2 * FULL) {
            grow();
        }
        return put(hash.getLong() | 1, hash.getLong());
    }

    /** The first half is never 0, which marks a free slot. */
    private boolean put(long first, long second) {
        int mask = slots.length / 2 - 1;
        int slot = (int) (second & mask);
        while (slots[2 * slot] != 0) {
            if (slots[2 * slot] == first && slots[2 * slot + 1] == second) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        slots[2 * slot] = first;
        slots[2 * slot + 1] = second;
        size++;
        return true;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[Math.multiplyExact(old.length, 2)];
        size = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != 0) {
                put(old[i], old[i + 1]);
            }
        }
    }
}

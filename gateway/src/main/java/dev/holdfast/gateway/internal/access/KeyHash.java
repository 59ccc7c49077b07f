// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import dev.holdfast.llm.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is stored: its SHA-256. Two are compared over all their bytes, and what the time of that tells about a hash
 * tells nothing about a key. Immutable.
 */
final class KeyHash {
    /** Longer ones are nobody's; work per wrong key is bounded. */
    private static final int KEY_CHARACTERS = 1024;

    private final byte[] hash;

    private KeyHash(byte[] hash) {
        this.hash = hash;
    }

    static KeyHash of(Secret key) {
        return new KeyHash(sha256(key.reveal()));
    }

    /** Of a key that somebody sent; null for none, or for one that is too long for any. */
    static @Nullable KeyHash ofSent(@Nullable String key) {
        return key == null || key.isEmpty() || key.length() > KEY_CHARACTERS ? null : new KeyHash(sha256(key));
    }

    boolean isSame(KeyHash other) {
        return MessageDigest.isEqual(hash, other.hash);
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

/** Where, if anywhere, another attempt can help after a failure. This alone decides whether the engine goes on. */
public enum RetryScope {
    /** A wait and another attempt on the same target can help. */
    SAME_TARGET("same_target"),
    /** Pointless on this target (or not soon); another target may serve the call. */
    OTHER_TARGET("other_target"),
    /** The request itself is at fault, or the caller has left: no attempt anywhere can help. */
    NEVER("never");

    private final String word;

    RetryScope(String word) {
        this.word = word;
    }

    /** The word used in JSON, logs and documentation, for example {@code same_target}. */
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }
}

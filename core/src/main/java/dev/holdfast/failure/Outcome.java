// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

/** How an attempt or a call ended. */
public enum Outcome {
    SUCCESS("success"),
    FAILURE("failure"),
    /** It failed in a way that is no evidence about the target. */
    IGNORED("ignored"),
    /** The caller left, or another attempt of the same call won. */
    CANCELLED("cancelled");

    private final String word;

    Outcome(String word) {
        this.word = word;
    }

    /** The word used in JSON and documentation. */
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }
}

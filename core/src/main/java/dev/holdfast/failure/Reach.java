// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

/** How far a failure reaches: what else would fail in the same way right now. */
public enum Reach {
    /** This request only; the target serves others. */
    REQUEST("request"),
    /** Every request to the same target. */
    TARGET("target"),
    /** Every target that uses the same credential or account. */
    CREDENTIAL("credential");

    private final String word;

    Reach(String word) {
        this.word = word;
    }

    /** The word used in JSON, logs and documentation, for example {@code credential}. */
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }
}

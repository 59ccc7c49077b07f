// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

/** How a call ended for the one who made it. */
public enum Outcome {
    /** A whole, unduplicated answer in time. */
    SUCCEEDED,
    /** An error, or nothing until the caller gave up. */
    FAILED,
    /** An answer that was told as whole and is not. */
    TRUNCATED,
    /** An answer that holds a part twice. */
    DUPLICATED;

    /** Judges an answer by the text that it should have. */
    public static Outcome of(String text, String expected) {
        if (text.equals(expected)) {
            return SUCCEEDED;
        }
        return text.length() > expected.length() ? DUPLICATED : TRUNCATED;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.behaviour;

/** How an answer ends. Two endings in one model name exclude each other. */
public enum Ending {
    /** As the protocol wants it. */
    COMPLETE,
    /** An error status instead of an answer. */
    STATUS,
    /** The connection is closed before a byte. */
    REFUSE,
    /** The connection is reset (TCP RST), before a byte or after some content. */
    RESET,
    /** The request is accepted and never answered. */
    HANG,
    /** The connection is closed in the middle of the answer. */
    CUT,
    /** An error inside a 200, before anything else. */
    ERROR_FIRST,
    /** An error inside a 200, after the opening metadata and before content. */
    META_THEN_ERROR,
    /** An error inside a 200, after some content. */
    ERROR_MID,
    /** All content, then a clean end of file without the terminal marker. */
    NO_TERMINAL,
    /** JSON that breaks off, inside clean HTTP. */
    MALFORMED;

    /** True where an error object travels inside a 200. */
    public boolean inBandError() {
        return this == ERROR_FIRST || this == META_THEN_ERROR || this == ERROR_MID;
    }
}

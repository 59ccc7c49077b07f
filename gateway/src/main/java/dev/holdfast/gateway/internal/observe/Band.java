// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

/** What a second of a target's timeline is coloured by. */
public enum Band {
    /** Nobody looked in this second. */
    UNKNOWN("unknown"),
    CLOSED("closed"),
    DRAINED("drained"),
    PAUSED("paused"),
    HALF_OPEN("half_open"),
    OPEN("open"),
    BLOCKED("blocked");

    private final String word;

    Band(String word) {
        this.word = word;
    }

    /** The word used in JSON. */
    public String word() {
        return word;
    }
}

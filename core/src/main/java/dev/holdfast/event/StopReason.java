// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.event;

/** Why a call made no further attempt. */
public enum StopReason {
    /** The failure's scope is never, or pointless on every target that is left. */
    HOPELESS("hopeless"),
    /** All attempts of the call, or of the failure's category, are used up. */
    ATTEMPTS_USED("attempts_used"),
    /** The wait would outlast the deadline, or leave too little of it to be useful. */
    DEADLINE("deadline"),
    /** The wait would be longer than a call ever waits. */
    WAIT_TOO_LONG("wait_too_long"),
    /** The retry budget of the target is empty. */
    BUDGET_EMPTY("budget_empty"),
    /** The circuits of the targets that are left reject, or their credentials are blocked. */
    CIRCUIT_OPEN("circuit_open"),
    /** The request may have been carried out, and the call is marked as having side effects. */
    SIDE_EFFECTS("side_effects");

    private final String word;

    StopReason(String word) {
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

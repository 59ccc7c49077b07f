// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.foreign;

import org.junit.jupiter.api.Assumptions;

/** What to do when something that a test needs is not on this machine. */
public final class Missing {
    private Missing() {}

    /** Skips the test, or fails it with {@code HOLDFAST_REQUIRE_ALL=1}. */
    public static void skip(String why) {
        if ("1".equals(System.getenv("HOLDFAST_REQUIRE_ALL"))) {
            throw new AssertionError(why);
        }
        Assumptions.abort(why);
    }
}

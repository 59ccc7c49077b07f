// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import java.util.Locale;

/** How smoothly a run, or a branch, went. */
public enum Quality {
    /** No attempt failed. */
    CLEAN,
    /** It got through, and at least one attempt failed on the way. */
    DEGRADED,
    /** It did not get through. */
    FAILED;

    /** The word in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Quality of(boolean success, Iterable<NodeAttempt> attempts) {
        if (!success) {
            return FAILED;
        }
        for (NodeAttempt attempt : attempts) {
            if (attempt.failed()) {
                return DEGRADED;
            }
        }
        return CLEAN;
    }

    @Override
    public String toString() {
        return word();
    }
}

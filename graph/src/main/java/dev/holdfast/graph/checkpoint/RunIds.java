// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

import java.util.regex.Pattern;

/** Names of runs: safe as a file name, a key of a database and a word on the command line. */
public final class RunIds {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private RunIds() {}

    /** @throws IllegalArgumentException if the name is not usable */
    public static String require(String runId) {
        if (!VALID.matcher(runId).matches()) {
            throw new IllegalArgumentException(
                    "a run's id is 1 to 128 letters, digits, '.', '_' or '-', and starts with"
                            + " a letter or a digit: " + runId);
        }
        return runId;
    }
}

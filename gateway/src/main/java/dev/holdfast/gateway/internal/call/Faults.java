// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import java.lang.System.Logger.Level;

/** How errors of our own are logged. */
final class Faults {
    private static final System.Logger LOG = System.getLogger(Faults.class.getName());

    private Faults() {}

    /** Class and place alone: the message of an error could hold what must be in no log. */
    static void log(String callId, Throwable error) {
        StackTraceElement[] stack = error.getStackTrace();
        LOG.log(
                Level.ERROR,
                "call {0} failed by {1}{2}",
                callId,
                error.getClass().getName(),
                stack.length == 0 ? "" : " at " + stack[0]);
    }
}

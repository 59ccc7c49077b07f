// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.io.IOException;

/** What the set-ups of the general libraries say about errors; their guides leave it to the user, who knows HTTP. */
final class Faults {
    private Faults() {}

    /** 5xx, and whatever is no answer: timeouts, broken connections. What a circuit should count. */
    static boolean serverAtFault(Throwable error) {
        return error instanceof IOException
                || (error instanceof HttpStatusException answered && answered.serverError());
    }

    /** The same, 429 and 408. */
    static boolean worthRetrying(Throwable error) {
        return error instanceof IOException
                || (error instanceof HttpStatusException answered && answered.worthRetrying());
    }
}

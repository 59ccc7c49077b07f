// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.CallEvent;

/**
 * Goes along with one call, from its start to {@link CallEvent.CallEnded}. Told of one thing at a time and in order, but on
 * whatever thread it happens, and possibly under a lock of the engine: it must neither block nor call the engine.
 */
public interface CallObservation {
    /** Each event of the call but its start. */
    void on(CallEvent event);

    /** The function of an attempt is about to run on this thread; closed when it has returned, which is not its end. */
    default ContextScope open(Attempt attempt) {
        return ContextScope.NONE;
    }

    /** The code of an attempt has told something, see {@link Attempt#tell}; before the end of the attempt. */
    default void told(Attempt attempt, Object fact) {}
}

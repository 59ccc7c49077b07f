// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.failure.Failure;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that goes on after its commit. The one who runs it must report its end exactly once, by {@link #end} or
 * {@link #fail}; an end that has not come by the attempt's total timeout or the call's deadline is forced as a timeout.
 * Thread-safe; a report after the end is void.
 */
public interface OngoingAttempt {
    /** Bytes have arrived: silence starts anew. */
    void bytesArrived();

    /** Content has arrived: the wait for the first content is over. Counts as bytes too. */
    void contentArrived();

    /** Whether the consumer wants more. While it does not, silence is its own doing and no timeout but the total runs. */
    void demand(boolean wanted);

    /** It ended well. */
    void end();

    /** It failed. Before the commit this is the same as completing the stage exceptionally. */
    void fail(Throwable error);

    /** The consumer left: the attempt is cancelled and nothing is recorded against the target. */
    void cancel();

    /**
     * Why the engine ended it: a timeout or the deadline. Null while it runs, after its own end, and when its consumer left.
     * Set before what was registered by {@link Attempt#onCancel} runs.
     */
    @Nullable
    Failure endedBy();

    /** The report of the call as it stands, this attempt included; complete after the end. To be read after the commit. */
    CallReport report();

    /** Whether the attempt is over, whoever ended it. */
    boolean isOver();
}

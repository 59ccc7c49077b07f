// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A policy of retries and a circuit in which no time passes by itself: the same rules run on the wall and in virtual time. One
 * target, so one circuit. Not thread-safe.
 */
public interface Policy {
    /** {@link #attemptFailed}: nothing more is tried. */
    long STOP = -1;

    /** Whether a call may be made now; asked once for each call. */
    boolean admits(long nowNanos);

    /**
     * An attempt failed.
     *
     * @param attempt 1 for the first of the call
     * @return the wait before the next attempt in nanoseconds, or {@link #STOP}
     */
    long attemptFailed(int attempt, Fault fault, long nowNanos, RandomGenerator random);

    /** An attempt succeeded, and with it the call. */
    void attemptSucceeded(long nowNanos);

    /** Whether streams are under the policy; otherwise they are made once, and not counted. */
    boolean coversStreams();

    /** Makes a policy that tells its circuit's states, in the words of the results. */
    @FunctionalInterface
    interface Maker {
        Policy make(Consumer<String> circuit);
    }
}

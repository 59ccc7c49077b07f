// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens where several edges are followed at once. Immutable.
 *
 * <p>A branch sees the memory as it was at the fan-out and what itself has written. What the branches wrote comes together
 * where they meet, in the order of their edges, whichever was faster; a branch that failed adds nothing.
 *
 * @param parallel whether several edges are followed at all; if not, the first one is
 * @param onFailure what a branch that fails means for the others
 * @param minimumSuccesses how many branches must succeed under {@link OnFailure#CONTINUE_OTHERS}, at least 1
 * @param onConflict which value counts when branches wrote different values under one key
 * @param timeout of one branch; null for none
 */
public record FanOut(
        boolean parallel,
        OnFailure onFailure,
        int minimumSuccesses,
        OnConflict onConflict,
        @Nullable Duration timeout) {

    /** What a branch that fails means for the others. */
    public enum OnFailure {
        /** The others are cancelled at once, and the run fails. */
        FAIL_ALL,
        /** The others go on; the run does too if enough succeed, and stops at once when that has become impossible. */
        CONTINUE_OTHERS,
        /** Every branch gets to its end; the run goes on if at least one succeeded. */
        WAIT_ALL
    }

    /** Which value counts when branches wrote different values under one key. */
    public enum OnConflict {
        /** That of the last branch in the order of edges. */
        LAST_WINS,
        /** That of the first branch in the order of edges. */
        FIRST_WINS,
        /** The run fails. */
        ERROR
    }

    public FanOut {
        Objects.requireNonNull(onFailure, "onFailure");
        Objects.requireNonNull(onConflict, "onConflict");
        if (minimumSuccesses < 1) {
            throw new IllegalArgumentException("minimumSuccesses must be at least 1: " + minimumSuccesses);
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("the timeout of a branch must be positive: " + timeout);
        }
    }

    /** In parallel, fail_all, last_wins, no timeout. */
    public static FanOut defaults() {
        return new FanOut(true, OnFailure.FAIL_ALL, 1, OnConflict.LAST_WINS, null);
    }

    public FanOut withParallel(boolean value) {
        return new FanOut(value, onFailure, minimumSuccesses, onConflict, timeout);
    }

    public FanOut withOnFailure(OnFailure value) {
        return new FanOut(parallel, value, minimumSuccesses, onConflict, timeout);
    }

    public FanOut withMinimumSuccesses(int value) {
        return new FanOut(parallel, onFailure, value, onConflict, timeout);
    }

    public FanOut withOnConflict(OnConflict value) {
        return new FanOut(parallel, onFailure, minimumSuccesses, value, timeout);
    }

    public FanOut withTimeout(@Nullable Duration value) {
        return new FanOut(parallel, onFailure, minimumSuccesses, onConflict, value);
    }

    int successesNeeded() {
        return onFailure == OnFailure.WAIT_ALL ? 1 : minimumSuccesses;
    }
}

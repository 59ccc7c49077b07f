// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import java.util.random.RandomGenerator;

/**
 * How a wait is spread so that callers that failed together do not come back together. Applied last, after the cap.
 *
 * <p>Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
public enum Jitter {
    /** The wait itself. */
    NONE {
        @Override
        long spread(long nanos, RandomGenerator random) {
            return nanos;
        }
    },
    /** Uniform from 0 to the wait. */
    FULL {
        @Override
        long spread(long nanos, RandomGenerator random) {
            return uniform(0, nanos, random);
        }
    },
    /** Half the wait, and uniform from 0 to the other half on top. */
    EQUAL {
        @Override
        long spread(long nanos, RandomGenerator random) {
            return uniform(nanos / 2, nanos, random);
        }
    };

    abstract long spread(long nanos, RandomGenerator random);

    /** Uniform in the closed range; {@code low} where the range is empty. */
    static long uniform(long low, long high, RandomGenerator random) {
        return high <= low ? low : random.nextLong(low, high == Long.MAX_VALUE ? high : high + 1);
    }
}

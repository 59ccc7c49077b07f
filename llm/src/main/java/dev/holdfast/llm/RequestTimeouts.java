// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Times for one request; null takes the configured one. Each must be positive.
 *
 * @param deadline the whole call, every attempt and wait included
 * @param connect until the connection stands
 * @param firstContent of a stream: until the first content of an attempt
 * @param idle of a stream: between any two pieces of bytes
 * @param attempt one attempt from start to end
 */
public record RequestTimeouts(
        @Nullable Duration deadline,
        @Nullable Duration connect,
        @Nullable Duration firstContent,
        @Nullable Duration idle,
        @Nullable Duration attempt) {

    /** Everything as configured. */
    public static final RequestTimeouts CONFIGURED = new RequestTimeouts(null, null, null, null, null);

    public RequestTimeouts {
        requirePositive(deadline, "deadline");
        requirePositive(connect, "connect");
        requirePositive(firstContent, "firstContent");
        requirePositive(idle, "idle");
        requirePositive(attempt, "attempt");
    }

    public RequestTimeouts withDeadline(@Nullable Duration newDeadline) {
        return new RequestTimeouts(newDeadline, connect, firstContent, idle, attempt);
    }

    public RequestTimeouts withConnect(@Nullable Duration newConnect) {
        return new RequestTimeouts(deadline, newConnect, firstContent, idle, attempt);
    }

    public RequestTimeouts withFirstContent(@Nullable Duration newFirstContent) {
        return new RequestTimeouts(deadline, connect, newFirstContent, idle, attempt);
    }

    public RequestTimeouts withIdle(@Nullable Duration newIdle) {
        return new RequestTimeouts(deadline, connect, firstContent, newIdle, attempt);
    }

    public RequestTimeouts withAttempt(@Nullable Duration newAttempt) {
        return new RequestTimeouts(deadline, connect, firstContent, idle, newAttempt);
    }

    private static void requirePositive(@Nullable Duration value, String name) {
        if (value != null && (value.isZero() || value.isNegative())) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.time.Duration;

/**
 * How long one attempt may take. Immutable; each is cut to what is left of the call's deadline.
 *
 * @param connect until the connection stands; enforced by the client that makes it; default 10 s
 * @param firstContent of an attempt that goes on (a stream), until its first content; default 60 s
 * @param idle of an attempt that goes on, the longest silence from its first byte on; any byte ends it; default 60 s
 * @param attempt the whole attempt, a stream's end included; default 10 min
 */
public record TimeoutConfig(Duration connect, Duration firstContent, Duration idle, Duration attempt) {
    public TimeoutConfig {
        positive("connect", connect);
        positive("firstContent", firstContent);
        positive("idle", idle);
        positive("attempt", attempt);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("timeout " + name + " must be positive: " + value);
        }
    }

    public static TimeoutConfig defaults() {
        return new TimeoutConfig(
                Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMinutes(10));
    }

    public TimeoutConfig withConnect(Duration value) {
        return new TimeoutConfig(value, firstContent, idle, attempt);
    }

    public TimeoutConfig withFirstContent(Duration value) {
        return new TimeoutConfig(connect, value, idle, attempt);
    }

    public TimeoutConfig withIdle(Duration value) {
        return new TimeoutConfig(connect, firstContent, value, attempt);
    }

    public TimeoutConfig withAttempt(Duration value) {
        return new TimeoutConfig(connect, firstContent, idle, value);
    }
}

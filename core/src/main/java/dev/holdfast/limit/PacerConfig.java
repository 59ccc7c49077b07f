// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.time.Duration;
import java.util.Objects;

/**
 * What is known of the rate limits of a quota domain. Immutable.
 *
 * @param requestsPerMinute starts per minute; 0 (default) means that no limit is known
 * @param tokensPerMinute tokens per minute; 0 (default) means that no limit is known
 * @param burst how much of the allowance may be used at once, as the time in which it grows, though at least one request;
 *     positive, default 1 s
 * @param learn whether limits that responses state are kept to as well; default true
 */
public record PacerConfig(long requestsPerMinute, long tokensPerMinute, Duration burst, boolean learn) {
    public PacerConfig {
        Objects.requireNonNull(burst, "burst");
        if (requestsPerMinute < 0) {
            throw new IllegalArgumentException(
                    "requestsPerMinute must not be negative (0 means no limit): " + requestsPerMinute);
        }
        if (tokensPerMinute < 0) {
            throw new IllegalArgumentException(
                    "tokensPerMinute must not be negative (0 means no limit): " + tokensPerMinute);
        }
        if (burst.isNegative() || burst.isZero()) {
            throw new IllegalArgumentException("burst must be positive: " + burst);
        }
    }

    /** No limits but those that responses state. */
    public static PacerConfig defaults() {
        return new PacerConfig(0, 0, Duration.ofSeconds(1), true);
    }

    public PacerConfig withRequestsPerMinute(long newRequests) {
        return new PacerConfig(newRequests, tokensPerMinute, burst, learn);
    }

    public PacerConfig withTokensPerMinute(long newTokens) {
        return new PacerConfig(requestsPerMinute, newTokens, burst, learn);
    }

    public PacerConfig withBurst(Duration newBurst) {
        return new PacerConfig(requestsPerMinute, tokensPerMinute, newBurst, learn);
    }

    public PacerConfig withLearn(boolean newLearn) {
        return new PacerConfig(requestsPerMinute, tokensPerMinute, burst, newLearn);
    }
}

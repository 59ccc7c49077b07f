// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How often and how patiently a call is tried again. Immutable.
 *
 * @param maxAttempts attempts of one call over all targets, the first included; at least 1, and 1 means no retry
 * @param backoff the wait that we choose where the server stated none, and the least wait where it did
 * @param waitHere a stated wait up to this long is waited for on the same target although another is free; default 1 s
 * @param maxWait no wait is longer than this: a call that would have to stops at once; default 5 min
 * @param minUseful an attempt is not worth starting with less than this left of the deadline; default 100 ms. In a target's
 *     queue it is what half of the attempts there need, where that is longer, up to half of the call's time
 * @param attemptsPerCategory how many failures of a category one call takes before it stops retrying in place; a
 *     category that is not named is bounded by {@code maxAttempts} alone. Default: unknown 2, so one retry.
 */
public record RetryConfig(
        int maxAttempts,
        Backoff backoff,
        Duration waitHere,
        Duration maxWait,
        Duration minUseful,
        Map<Category, Integer> attemptsPerCategory) {

    public RetryConfig {
        Objects.requireNonNull(backoff, "backoff");
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1 (1 means no retry): " + maxAttempts);
        }
        notNegative("waitHere", waitHere);
        notNegative("maxWait", maxWait);
        notNegative("minUseful", minUseful);
        EnumMap<Category, Integer> copy = new EnumMap<>(Category.class);
        copy.putAll(attemptsPerCategory);
        copy.forEach((category, attempts) -> {
            if (attempts < 1) {
                throw new IllegalArgumentException(
                        "attemptsPerCategory must be at least 1, but " + category + " has " + attempts);
            }
        });
        attemptsPerCategory = Collections.unmodifiableMap(copy);
    }

    private static void notNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + duration);
        }
    }

    /** Three attempts, {@link Backoff#defaults()}, unknown failures retried once. */
    public static RetryConfig defaults() {
        return new RetryConfig(
                3,
                Backoff.defaults(),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofMillis(100),
                Map.of(Category.UNKNOWN, 2));
    }

    public RetryConfig withMaxAttempts(int attempts) {
        return new RetryConfig(attempts, backoff, waitHere, maxWait, minUseful, attemptsPerCategory);
    }

    public RetryConfig withBackoff(Backoff newBackoff) {
        return new RetryConfig(maxAttempts, newBackoff, waitHere, maxWait, minUseful, attemptsPerCategory);
    }

    public RetryConfig withWaitHere(Duration newWaitHere) {
        return new RetryConfig(maxAttempts, backoff, newWaitHere, maxWait, minUseful, attemptsPerCategory);
    }

    public RetryConfig withMaxWait(Duration newMaxWait) {
        return new RetryConfig(maxAttempts, backoff, waitHere, newMaxWait, minUseful, attemptsPerCategory);
    }

    public RetryConfig withMinUseful(Duration newMinUseful) {
        return new RetryConfig(maxAttempts, backoff, waitHere, maxWait, newMinUseful, attemptsPerCategory);
    }

    /** The same with another bound for one category. */
    public RetryConfig withAttempts(Category category, int attempts) {
        EnumMap<Category, Integer> map = new EnumMap<>(Category.class);
        map.putAll(attemptsPerCategory);
        map.put(category, attempts);
        return new RetryConfig(maxAttempts, backoff, waitHere, maxWait, minUseful, map);
    }
}

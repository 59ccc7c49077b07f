// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a circuit opens and how it comes back. Immutable.
 *
 * <p>The window holds the last {@code windowSize} attempts that ended within the last {@code windowDuration}. The
 * circuit opens when (a) fewer than {@code minimumAttempts} are in the window and the last {@code failureThreshold} are
 * all failures, or (b) the last 2 × {@code failureThreshold} are all failures, or (c) at least {@code minimumAttempts}
 * are there with at least {@code failureThreshold} failures and a rate of at least {@code failureRate}.
 *
 * <p>Failures that come at once end before the answers that were asked for with them, so while the load grows, or answers
 * become slower, they are a larger part of what ends than of what was started. So what the flight has grown by meanwhile
 * counts as well, as attempts that have not failed: for the rate, and for (a) and (b) as longer rows, up to twice as long.
 *
 * @param enabled default true; a disabled circuit never opens by itself
 * @param failureThreshold default 5
 * @param failureRate above 0, at most 1; default 0.5
 * @param minimumAttempts default 20
 * @param windowSize attempts; default 100, at least {@code minimumAttempts} and 2 × {@code failureThreshold}
 * @param windowDuration default 10 min
 * @param recovery how long the circuit stays open the first time; default 2 s
 * @param maxRecovery where it trips again and again the open time grows to 1/32 of the time since the first trip, up to
 *     this; default 60 s
 * @param calm after being closed this long the next trip counts as the first again; default 10 min
 * @param halfOpenMaxCalls probes that may be on their way at once; default 3
 * @param halfOpenSuccesses successful probes that close the circuit; default 1
 * @param slowAfter attempts longer than this count as slow; null (default) switches the slow-call rate off
 * @param slowRate opens at this rate of slow attempts among at least {@code minimumAttempts}; default 1.0
 * @param counted the categories that count as failures of the target
 */
public record CircuitConfig(
        boolean enabled,
        int failureThreshold,
        double failureRate,
        int minimumAttempts,
        int windowSize,
        Duration windowDuration,
        Duration recovery,
        Duration maxRecovery,
        Duration calm,
        int halfOpenMaxCalls,
        int halfOpenSuccesses,
        @Nullable Duration slowAfter,
        double slowRate,
        Set<Category> counted) {

    private static final int LARGEST_WINDOW = 10_000;

    public CircuitConfig {
        atLeastOne("failureThreshold", failureThreshold);
        atLeastOne("minimumAttempts", minimumAttempts);
        atLeastOne("halfOpenMaxCalls", halfOpenMaxCalls);
        atLeastOne("halfOpenSuccesses", halfOpenSuccesses);
        rate("failureRate", failureRate);
        rate("slowRate", slowRate);
        int least = Math.max(minimumAttempts, 2 * failureThreshold);
        if (windowSize < least || windowSize > LARGEST_WINDOW) {
            throw new IllegalArgumentException("windowSize must be from " + least
                    + " (minimumAttempts, 2 × failureThreshold) to " + LARGEST_WINDOW + ": " + windowSize);
        }
        positive("windowDuration", windowDuration);
        positive("recovery", recovery);
        positive("maxRecovery", maxRecovery);
        positive("calm", calm);
        if (slowAfter != null) {
            positive("slowAfter", slowAfter);
        }
        EnumSet<Category> copy = EnumSet.noneOf(Category.class);
        copy.addAll(counted);
        counted = Collections.unmodifiableSet(copy);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1: " + value);
        }
    }

    private static void rate(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be above 0 and at most 1: " + value);
        }
    }

    private static void positive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }

    public static CircuitConfig defaults() {
        EnumSet<Category> counted = EnumSet.noneOf(Category.class);
        for (Category category : Category.values()) {
            if (category.targetAtFault()) {
                counted.add(category);
            }
        }
        return new CircuitConfig(
                true,
                5,
                0.5,
                20,
                100,
                Duration.ofMinutes(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                3,
                1,
                null,
                1.0,
                counted);
    }

    /** Never opens by itself; manual control still works. */
    public static CircuitConfig disabled() {
        return defaults().withEnabled(false);
    }

    public CircuitConfig withEnabled(boolean newEnabled) {
        return new Copy(this).enabled(newEnabled).build();
    }

    /** Also widens the window where that is needed to see 2 × the threshold. */
    public CircuitConfig withFailureThreshold(int newThreshold) {
        return new Copy(this).failureThreshold(newThreshold).build();
    }

    public CircuitConfig withFailureRate(double newRate) {
        return new Copy(this).failureRate(newRate).build();
    }

    /** Also widens the window where that is needed to see that many. */
    public CircuitConfig withMinimumAttempts(int newMinimum) {
        return new Copy(this).minimumAttempts(newMinimum).build();
    }

    public CircuitConfig withWindow(int newSize, Duration newDuration) {
        return new Copy(this).window(newSize, newDuration).build();
    }

    /** Also raises {@code maxRecovery} where it is shorter. */
    public CircuitConfig withRecovery(Duration newRecovery) {
        return new Copy(this).recovery(newRecovery).build();
    }

    public CircuitConfig withMaxRecovery(Duration newMaxRecovery) {
        return new Copy(this).maxRecovery(newMaxRecovery).build();
    }

    public CircuitConfig withCalm(Duration newCalm) {
        return new Copy(this).calm(newCalm).build();
    }

    public CircuitConfig withHalfOpen(int newMaxCalls, int newSuccesses) {
        return new Copy(this).halfOpen(newMaxCalls, newSuccesses).build();
    }

    public CircuitConfig withSlowCalls(Duration newSlowAfter, double newSlowRate) {
        return new Copy(this).slow(newSlowAfter, newSlowRate).build();
    }

    public CircuitConfig withCounted(Set<Category> newCounted) {
        return new Copy(this).counted(newCounted).build();
    }

    /** Fourteen components would make each with-method a wall of arguments. */
    private static final class Copy {
        private boolean enabled;
        private int failureThreshold;
        private double failureRate;
        private int minimumAttempts;
        private int windowSize;
        private Duration windowDuration;
        private Duration recovery;
        private Duration maxRecovery;
        private Duration calm;
        private int halfOpenMaxCalls;
        private int halfOpenSuccesses;
        private @Nullable Duration slowAfter;
        private double slowRate;
        private Set<Category> counted;

        Copy(CircuitConfig from) {
            enabled = from.enabled;
            failureThreshold = from.failureThreshold;
            failureRate = from.failureRate;
            minimumAttempts = from.minimumAttempts;
            windowSize = from.windowSize;
            windowDuration = from.windowDuration;
            recovery = from.recovery;
            maxRecovery = from.maxRecovery;
            calm = from.calm;
            halfOpenMaxCalls = from.halfOpenMaxCalls;
            halfOpenSuccesses = from.halfOpenSuccesses;
            slowAfter = from.slowAfter;
            slowRate = from.slowRate;
            counted = from.counted;
        }

        Copy enabled(boolean value) {
            enabled = value;
            return this;
        }

        Copy failureThreshold(int value) {
            failureThreshold = value;
            windowSize = Math.max(windowSize, 2 * value);
            return this;
        }

        Copy failureRate(double value) {
            failureRate = value;
            return this;
        }

        Copy minimumAttempts(int value) {
            minimumAttempts = value;
            windowSize = Math.max(windowSize, value);
            return this;
        }

        Copy window(int size, Duration duration) {
            windowSize = size;
            windowDuration = duration;
            return this;
        }

        Copy recovery(Duration value) {
            recovery = value;
            maxRecovery = maxRecovery.compareTo(value) < 0 ? value : maxRecovery;
            return this;
        }

        Copy maxRecovery(Duration value) {
            maxRecovery = value;
            return this;
        }

        Copy calm(Duration value) {
            calm = value;
            return this;
        }

        Copy halfOpen(int maxCalls, int successes) {
            halfOpenMaxCalls = maxCalls;
            halfOpenSuccesses = successes;
            return this;
        }

        Copy slow(Duration after, double rate) {
            slowAfter = after;
            slowRate = rate;
            return this;
        }

        Copy counted(Set<Category> value) {
            counted = value;
            return this;
        }

        CircuitConfig build() {
            return new CircuitConfig(
                    enabled,
                    failureThreshold,
                    failureRate,
                    minimumAttempts,
                    windowSize,
                    windowDuration,
                    recovery,
                    maxRecovery,
                    calm,
                    halfOpenMaxCalls,
                    halfOpenSuccesses,
                    slowAfter,
                    slowRate,
                    counted);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import static dev.holdfast.Changes.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CircuitConfigTest {
    private static final CircuitConfig DEFAULTS = CircuitConfig.defaults();
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void defaultsCountWhatSpeaksAgainstTheTarget() {
        assertThat(DEFAULTS.counted())
                .isEqualTo(EnumSet.of(
                        Category.OVERLOADED,
                        Category.SERVER_ERROR,
                        Category.TIMEOUT,
                        Category.NETWORK,
                        Category.STREAM_INTERRUPTED,
                        Category.MODEL_LOADING,
                        Category.EMPTY_RESPONSE,
                        Category.UNKNOWN));
        assertThat(DEFAULTS.enabled()).isTrue();
        assertThat(CircuitConfig.disabled().enabled()).isFalse();
    }

    @Test
    void eachChangeChangesThatAlone() {
        assertThat(between(DEFAULTS, DEFAULTS.withEnabled(false))).containsExactly("enabled=false");
        assertThat(between(DEFAULTS, DEFAULTS.withFailureThreshold(7))).containsExactly("failureThreshold=7");
        assertThat(between(DEFAULTS, DEFAULTS.withFailureRate(0.25))).containsExactly("failureRate=0.25");
        assertThat(between(DEFAULTS, DEFAULTS.withMinimumAttempts(30))).containsExactly("minimumAttempts=30");
        assertThat(between(DEFAULTS, DEFAULTS.withWindow(50, MINUTE)))
                .containsExactly("windowSize=50", "windowDuration=PT1M");
        assertThat(between(DEFAULTS, DEFAULTS.withRecovery(Duration.ofSeconds(7))))
                .containsExactly("recovery=PT7S");
        assertThat(between(DEFAULTS, DEFAULTS.withMaxRecovery(Duration.ofMinutes(2))))
                .containsExactly("maxRecovery=PT2M");
        assertThat(between(DEFAULTS, DEFAULTS.withCalm(MINUTE))).containsExactly("calm=PT1M");
        assertThat(between(DEFAULTS, DEFAULTS.withHalfOpen(4, 2)))
                .containsExactly("halfOpenMaxCalls=4", "halfOpenSuccesses=2");
        assertThat(between(DEFAULTS, DEFAULTS.withSlowCalls(MINUTE, 0.5)))
                .containsExactly("slowAfter=PT1M", "slowRate=0.5");
        assertThat(between(DEFAULTS, DEFAULTS.withCounted(Set.of(Category.NETWORK))))
                .containsExactly("counted=[network]");
    }

    @Test
    void aChangeThatNeedsRoomMakesIt() {
        assertThat(between(DEFAULTS, DEFAULTS.withFailureThreshold(60)))
                .containsExactly("failureThreshold=60", "windowSize=120");
        assertThat(between(DEFAULTS, DEFAULTS.withMinimumAttempts(150)))
                .containsExactly("minimumAttempts=150", "windowSize=150");
        assertThat(between(DEFAULTS, DEFAULTS.withRecovery(Duration.ofMinutes(9))))
                .containsExactly("recovery=PT9M", "maxRecovery=PT9M");
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        refused(() -> DEFAULTS.withFailureThreshold(0), "failureThreshold must be at least 1: 0");
        refused(() -> DEFAULTS.withMinimumAttempts(0), "minimumAttempts must be at least 1: 0");
        refused(() -> DEFAULTS.withHalfOpen(0, 1), "halfOpenMaxCalls must be at least 1: 0");
        refused(() -> DEFAULTS.withHalfOpen(1, 0), "halfOpenSuccesses must be at least 1: 0");
        for (double rate : new double[] {0, -1, 1.01, Double.NaN}) {
            refused(() -> DEFAULTS.withFailureRate(rate), "failureRate must be above 0 and at most 1: " + rate);
            refused(() -> DEFAULTS.withSlowCalls(MINUTE, rate), "slowRate must be above 0 and at most 1: " + rate);
        }
        assertThat(DEFAULTS.withFailureRate(1).failureRate()).isEqualTo(1);
        refused(() -> DEFAULTS.withWindow(19, MINUTE), "windowSize must be from 20");
        refused(() -> DEFAULTS.withFailureThreshold(30).withWindow(59, MINUTE), "windowSize must be from 60");
        refused(() -> DEFAULTS.withWindow(10_001, MINUTE), "to 10000: 10001");
        assertThat(DEFAULTS.withWindow(10_000, MINUTE).windowSize()).isEqualTo(10_000);
        assertThat(DEFAULTS.withWindow(20, MINUTE).windowSize()).isEqualTo(20);
        for (Duration none : new Duration[] {Duration.ZERO, Duration.ofNanos(-1)}) {
            refused(() -> DEFAULTS.withWindow(100, none), "windowDuration must be positive: " + none);
            refused(() -> DEFAULTS.withRecovery(none), "recovery must be positive: " + none);
            refused(() -> DEFAULTS.withMaxRecovery(none), "maxRecovery must be positive: " + none);
            refused(() -> DEFAULTS.withCalm(none), "calm must be positive: " + none);
            refused(() -> DEFAULTS.withSlowCalls(none, 1), "slowAfter must be positive: " + none);
        }
    }

    private static void refused(Runnable change, String message) {
        assertThatThrownBy(change::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}

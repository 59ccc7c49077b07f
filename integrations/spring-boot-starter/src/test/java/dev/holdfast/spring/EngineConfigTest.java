// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EngineConfigTest {
    private static ResilienceConfig bound(Map<String, String> properties) {
        Map<String, String> all = new LinkedHashMap<>();
        properties.forEach((name, value) -> all.put("holdfast." + name, value));
        return EngineConfig.of(
                new Binder(new MapConfigurationPropertySource(all)).bindOrCreate("holdfast", HoldfastProperties.class));
    }

    @Test
    void withoutPropertiesItIsWhatTheEngineDoesAnyway() {
        assertThat(bound(Map.of())).isEqualTo(ResilienceConfig.defaults());
    }

    @Test
    void everyPropertyIsPassedOn() {
        Map<String, String> p = new LinkedHashMap<>();
        p.put("deadline", "20s");
        p.put("retry.max-attempts", "7");
        p.put("retry.backoff.kind", "decorrelated");
        p.put("retry.backoff.initial", "11ms");
        p.put("retry.backoff.max", "12s");
        p.put("retry.backoff.multiplier", "3");
        p.put("retry.backoff.jitter", "equal");
        p.put("retry.wait-here", "13ms");
        p.put("retry.max-wait", "14s");
        p.put("retry.min-useful", "15ms");
        p.put("retry.attempts-per-category.rate-limit", "4");
        p.put("circuit.enabled", "false");
        p.put("circuit.failure-threshold", "60");
        p.put("circuit.failure-rate", "0.4");
        p.put("circuit.minimum-attempts", "30");
        p.put("circuit.window-duration", "3m");
        p.put("circuit.recovery", "6m");
        p.put("circuit.calm", "7m");
        p.put("circuit.half-open-max-calls", "2");
        p.put("circuit.half-open-successes", "3");
        p.put("circuit.slow-after", "8s");
        p.put("circuit.slow-rate", "0.9");
        p.put("circuit.counted", "overloaded,server-error");
        p.put("timeouts.connect", "1s");
        p.put("timeouts.first-content", "2s");
        p.put("timeouts.idle", "3s");
        p.put("timeouts.attempt", "4s");
        p.put("hedge.enabled", "true");
        p.put("hedge.quantile", "0.9");
        p.put("hedge.delay", "5s");
        p.put("budget.enabled", "false");
        p.put("budget.capacity", "50");
        p.put("budget.cost", "9");
        p.put("budget.throttled-cost", "8");
        p.put("budget.refill-per-second", "0.7");
        p.put("limits.pacing.requests-per-minute", "60");
        p.put("limits.pacing.tokens-per-minute", "70");
        p.put("limits.pacing.burst", "2s");
        p.put("limits.pacing.learn", "false");
        p.put("limits.ramp.enabled", "false");
        p.put("limits.ramp.floor", "11");
        p.put("limits.ramp.peak-window", "12s");
        p.put("limits.concurrency.fixed", "13");
        p.put("limits.concurrency.adaptive", "true");
        p.put("limits.concurrency.decrease", "0.6");
        p.put("limits.admission.queue-capacity", "14");

        ResilienceConfig config = bound(p);

        assertThat(config.toString())
                .contains("deadline=PT20S")
                .contains("maxAttempts=7")
                .contains("kind=DECORRELATED", "initial=PT0.011S", "cap=PT12S", "multiplier=3.0", "jitter=EQUAL")
                .contains("waitHere=PT0.013S", "maxWait=PT14S", "minUseful=PT0.015S")
                .contains("connect=PT1S", "firstContent=PT2S", "idle=PT3S", "attempt=PT4S")
                .contains("enabled=true, quantile=0.9, delay=PT5S")
                .contains("enabled=false, capacity=50, cost=9, throttledCost=8, refillPerSecond=0.7")
                .contains("requestsPerMinute=60, tokensPerMinute=70, burst=PT2S, learn=false")
                .contains("enabled=false, floor=11, peakWindow=PT12S")
                .contains("fixed=13, adaptive=true, decrease=0.6")
                .contains("queueCapacity=14");
        assertThat(config.retry().attemptsPerCategory()).isEqualTo(Map.of(Category.RATE_LIMIT, 4, Category.UNKNOWN, 2));
        CircuitConfig circuit = config.circuit();
        assertThat(circuit)
                .isEqualTo(new CircuitConfig(
                        false,
                        60,
                        0.4,
                        30,
                        120,
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(6),
                        Duration.ofMinutes(6),
                        Duration.ofMinutes(7),
                        2,
                        3,
                        Duration.ofSeconds(8),
                        0.9,
                        Set.of(Category.OVERLOADED, Category.SERVER_ERROR)));
    }

    @ParameterizedTest
    @CsvSource({
        "deadline, 0s",
        "retry.max-attempts, 0",
        "retry.backoff.multiplier, 0.5",
        "retry.wait-here, -1s",
        "retry.attempts-per-category.rate-limit, 0",
        "circuit.failure-rate, 1.5",
        "circuit.window-size, 5",
        "circuit.slow-rate, 2",
        "timeouts.first-content, 0s",
        "hedge.quantile, 1",
        "budget.cost, 501",
        "budget.capacity, 0",
        "limits.pacing.burst, 0s",
        "limits.ramp.floor, 0",
        "limits.concurrency.decrease, 1",
        "limits.admission.queue-capacity, -1"
    })
    void badValueIsToldWithTheNameOfItsProperty(String property, String value) {
        assertThatThrownBy(() -> bound(Map.of(property, value)))
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, e -> assertThat(e.getName())
                        .isEqualTo("holdfast." + property));
    }

    @Test
    void valueOfAWrongKindIsToldWithTheNameOfItsProperty() {
        assertThatThrownBy(() -> bound(Map.of("timeouts.idle", "soon"))).hasMessageContaining("holdfast.timeouts.idle");
    }
}

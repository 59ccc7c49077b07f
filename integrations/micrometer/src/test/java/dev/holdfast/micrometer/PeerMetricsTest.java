// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.target.Targets;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** Metrics on both sides of docs/coming-from-resilience4j.md. */
class PeerMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void before() throws Exception {
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(registry);

        breakers.circuitBreaker("orders").executeCallable(() -> "shipped");
        assertThat(registry.get("resilience4j.circuitbreaker.state").gauges()).isNotEmpty();
    }

    @Test
    void after() {
        Holdfast holdfast = Holdfast.builder().build();
        HoldfastMetrics.of(holdfast).bindTo(registry);

        holdfast.blocking().call(Targets.named("orders/main"), attempt -> "shipped");
        assertThat(registry.get("holdfast.circuit.state").gauges()).isNotEmpty();
    }
}

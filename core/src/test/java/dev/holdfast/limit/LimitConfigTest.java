// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static dev.holdfast.Changes.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitConfigTest {
    @Test
    void eachChangeChangesThatAlone() {
        RampConfig ramp = RampConfig.defaults();
        assertThat(between(ramp, ramp.withEnabled(false))).containsExactly("enabled=false");
        assertThat(between(ramp, ramp.withFloor(3))).containsExactly("floor=3");
        assertThat(between(ramp, ramp.withPeakWindow(Duration.ofSeconds(5)))).containsExactly("peakWindow=PT5S");
        ConcurrencyConfig concurrency = ConcurrencyConfig.defaults();
        assertThat(between(concurrency, concurrency.withFixed(4))).containsExactly("fixed=4");
        assertThat(between(concurrency, concurrency.withAdaptive(true))).containsExactly("adaptive=true");
        assertThat(between(concurrency, concurrency.withDecrease(0.5))).containsExactly("decrease=0.5");
        PacerConfig pacing = PacerConfig.defaults();
        assertThat(between(pacing, pacing.withRequestsPerMinute(4))).containsExactly("requestsPerMinute=4");
        assertThat(between(pacing, pacing.withTokensPerMinute(4))).containsExactly("tokensPerMinute=4");
        assertThat(between(pacing, pacing.withBurst(Duration.ofSeconds(2)))).containsExactly("burst=PT2S");
        assertThat(between(pacing, pacing.withLearn(false))).containsExactly("learn=false");
        AdmissionConfig admission = AdmissionConfig.defaults();
        assertThat(between(admission, admission.withQueueCapacity(0))).containsExactly("queueCapacity=0");
        LimitConfig limits = LimitConfig.defaults();
        assertThat(between(limits, limits.withRamp(ramp.withFloor(3)))).containsExactly("ramp=" + ramp.withFloor(3));
        assertThat(between(limits, limits.withPacing(pacing.withLearn(false))))
                .containsExactly("pacing=" + pacing.withLearn(false));
        assertThat(between(limits, limits.withConcurrency(concurrency.withFixed(4))))
                .containsExactly("concurrency=" + concurrency.withFixed(4));
        assertThat(between(limits, limits.withAdmission(admission.withQueueCapacity(1))))
                .containsExactly("admission=" + admission.withQueueCapacity(1));
    }

    @Test
    void theLeastThatCanBeIsTaken() {
        assertThat(RampConfig.defaults().withFloor(1).floor()).isEqualTo(1);
        assertThat(RampConfig.disabled().enabled()).isFalse();
        assertThat(ConcurrencyConfig.defaults().withFixed(0).fixed()).isZero();
        assertThatThrownBy(() -> ConcurrencyConfig.defaults().withDecrease(0))
                .hasMessage("decrease must be above 0 and below 1: 0.0");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.util.Objects;

/**
 * Everything that bounds how fast and how many at once. Immutable.
 *
 * @param pacing the rate limits of a quota domain
 * @param ramp how fast the attempts at one target may grow
 * @param concurrency fixed and adaptive limits of attempts at one target
 * @param admission the wait for a slot
 */
public record LimitConfig(
        PacerConfig pacing, RampConfig ramp, ConcurrencyConfig concurrency, AdmissionConfig admission) {
    public LimitConfig {
        Objects.requireNonNull(pacing, "pacing");
        Objects.requireNonNull(ramp, "ramp");
        Objects.requireNonNull(concurrency, "concurrency");
        Objects.requireNonNull(admission, "admission");
    }

    /** No known rate but what responses state, ramp on, no other limit, 10,000 waiting calls. */
    public static LimitConfig defaults() {
        return new LimitConfig(
                PacerConfig.defaults(),
                RampConfig.defaults(),
                ConcurrencyConfig.defaults(),
                AdmissionConfig.defaults());
    }

    public LimitConfig withPacing(PacerConfig newPacing) {
        return new LimitConfig(newPacing, ramp, concurrency, admission);
    }

    public LimitConfig withRamp(RampConfig newRamp) {
        return new LimitConfig(pacing, newRamp, concurrency, admission);
    }

    public LimitConfig withConcurrency(ConcurrencyConfig newConcurrency) {
        return new LimitConfig(pacing, ramp, newConcurrency, admission);
    }

    public LimitConfig withAdmission(AdmissionConfig newAdmission) {
        return new LimitConfig(pacing, ramp, concurrency, newAdmission);
    }
}

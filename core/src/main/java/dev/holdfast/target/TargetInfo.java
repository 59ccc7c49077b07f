// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.AdmissionInfo;
import dev.holdfast.limit.PacerInfo;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a target looked like at one moment.
 *
 * @param block why its credential is not used; null when it is
 * @param pausedFor time until its quota domain's pause ends; zero when there is none
 * @param admission slots taken (streams included), their limit, and who waits for one
 * @param pacer the limits of its quota domain as far as they are known
 * @param budget tokens in its retry budget
 * @param succeeded attempts that succeeded, since the target was first used
 * @param failures attempts that failed, by category; categories that never happened are left out
 * @param firstContent how long streams take to their first content
 * @param total how long plain calls take
 */
public record TargetInfo(
        Target target,
        CircuitInfo circuit,
        @Nullable BlockInfo block,
        Duration pausedFor,
        AdmissionInfo admission,
        PacerInfo pacer,
        double budget,
        long succeeded,
        Map<Category, Long> failures,
        LatencyInfo firstContent,
        LatencyInfo total) {
    public TargetInfo {
        failures = Map.copyOf(failures);
    }

    /** Attempts on their way, streams included. */
    public int inFlight() {
        return admission.inFlight();
    }

    /** Attempts that ended with a verdict: those that succeeded and those that failed. */
    public long attempts() {
        return succeeded + failures.values().stream().mapToLong(Long::longValue).sum();
    }
}

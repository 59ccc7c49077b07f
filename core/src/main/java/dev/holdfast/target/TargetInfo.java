// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import dev.holdfast.circuit.CircuitInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a target looked like at one moment.
 *
 * @param block why its credential is not used; null when it is
 * @param pausedFor time until its quota domain's pause ends; zero when there is none
 * @param inFlight attempts on their way, streams included
 * @param budget tokens in its retry budget
 */
public record TargetInfo(
        Target target,
        CircuitInfo circuit,
        @Nullable BlockInfo block,
        Duration pausedFor,
        int inFlight,
        double budget) {}

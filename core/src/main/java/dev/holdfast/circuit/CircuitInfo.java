// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import java.time.Duration;

/**
 * What a circuit looked like at one moment.
 *
 * @param state the state
 * @param forced whether it was set by hand and stays until it is set otherwise
 * @param generation grows by one at each change of state, so that observers can put what they saw in order
 * @param attempts attempts in the window, 0 unless closed
 * @param failures failures among them
 * @param trips how many times in a row the circuit has opened without staying closed for the calm time
 * @param retryIn time until the next call can be let through: until half-open while open, at the latest until a probe's
 *     place is free while half-open, else zero. Meaningless while forced open.
 * @param liveProbes probes on their way
 */
public record CircuitInfo(
        CircuitState state,
        boolean forced,
        long generation,
        int attempts,
        int failures,
        int trips,
        Duration retryIn,
        int liveProbes) {}

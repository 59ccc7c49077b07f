// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import java.time.Duration;

/**
 * A time in which some conditions are others; of overlapping windows the later in the list rules.
 *
 * @param from after the scenario's start, inclusive
 * @param to exclusive
 * @param conditions what is absent in them stays as it is outside
 */
public record Window(Duration from, Duration to, Conditions conditions) {}

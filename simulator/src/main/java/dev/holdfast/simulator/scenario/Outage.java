// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import java.time.Duration;

/**
 * A time in which every request is answered by {@code behaviour}: refused, left hanging, a status.
 *
 * @param from after the scenario's start, inclusive
 * @param to exclusive
 * @param behaviour in the words of a model name, {@code 503} by default
 */
public record Outage(Duration from, Duration to, String behaviour) {}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import java.time.Duration;

/**
 * A time in which a target serves nothing.
 *
 * @param place index of the target
 * @param from inclusive
 * @param to exclusive
 */
public record Outage(int place, Duration from, Duration to) {}

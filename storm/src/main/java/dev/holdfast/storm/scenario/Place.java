// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import dev.holdfast.simulator.scenario.Scenario;

/**
 * A target of a storm and what happens to it.
 *
 * @param name of the target
 * @param script in scenario time
 */
public record Place(String name, Scenario script) {}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

/**
 * A part of the requests that is answered otherwise than it asked.
 *
 * @param share from 0 to 1, drawn by the scenario's seed
 * @param behaviour in the words of a model name
 */
public record ErrorShare(double share, String behaviour) {}

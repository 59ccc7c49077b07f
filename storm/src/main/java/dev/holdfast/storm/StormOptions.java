// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.storm.result.StormResult.Form;
import java.util.List;

/**
 * What to run.
 *
 * @param scenarios names, in the order to run; empty for all
 * @param engines names, in the order to show; empty for all
 * @param seed of every random choice
 * @param runs of each real-time scenario, 1 or more; figures are the medians, the spread is shown
 * @param clients simulated clients in virtual time; ignored in real time
 * @param holdfast settings of the {@code holdfast} engine
 * @param settings the same for people, as lines; empty for the defaults
 * @param command what to type to get the same again
 */
public record StormOptions(
        Form form,
        List<String> scenarios,
        List<String> engines,
        long seed,
        int runs,
        int clients,
        ResilienceConfig holdfast,
        List<String> settings,
        String command) {}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.result;

import java.util.List;
import java.util.Map;

/**
 * One run of the storms.
 *
 * @param command what to type to get these numbers again
 * @param seed of every random choice
 * @param form whether real requests went over sockets or a model was run in virtual time
 * @param timeFactor scenario seconds for each real second; 1 in virtual time
 * @param machine processors, memory, operating system, as lines for people
 * @param versions of Java, Holdfast and each peer that ran, by name
 * @param settings of Holdfast as they differ from the defaults, as lines for people; empty for the defaults
 */
public record StormResult(
        String command,
        long seed,
        Form form,
        double timeFactor,
        List<String> machine,
        Map<String, String> versions,
        List<String> settings,
        List<ScenarioResult> scenarios) {

    /** How the calls were made. */
    public enum Form {
        REAL_TIME,
        VIRTUAL_TIME
    }
}

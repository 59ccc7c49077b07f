// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.scenario.Storm;
import java.util.List;

/** What is demanded of Holdfast in every storm. */
public final class Checks {
    private Checks() {}

    /** The results, with checks for Holdfast. */
    public static List<EngineResult> added(Storm storm, List<EngineResult> engines) {
        return engines;
    }
}

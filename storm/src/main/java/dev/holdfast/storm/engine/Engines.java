// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.util.ArrayList;
import java.util.List;

/** All engines that can run here, in the order in which they are shown. */
public final class Engines {
    /** The engine that the storms are about. */
    public static final String HOLDFAST = "holdfast";

    private Engines() {}

    public static List<EngineKind> available() {
        List<EngineKind> kinds = new ArrayList<>();
        kinds.add(policy("none", "no policy", OneAttempt::new));
        kinds.add(policy("hive", "Hive", HivePolicy::new));
        kinds.add(policy("abstractcore", "AbstractCore", AbstractCorePolicy::new));
        kinds.add(new EngineKind(HOLDFAST, "Holdfast", "", HoldfastEngine::new));
        return kinds;
    }

    private static EngineKind policy(String name, String label, Policy.Maker maker) {
        return new EngineKind(name, label, "", surroundings -> new PolicyEngine(surroundings, maker));
    }
}

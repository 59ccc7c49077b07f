// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.virtual;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.storm.engine.AbstractCorePolicy;
import dev.holdfast.storm.engine.Engines;
import dev.holdfast.storm.engine.HivePolicy;
import dev.holdfast.storm.engine.OneAttempt;
import dev.holdfast.storm.engine.Policy;
import java.util.List;

/**
 * An engine that can run in virtual time.
 *
 * @param name as typed
 * @param label for people
 * @param maker makes one for one storm
 */
record VirtualKind(String name, String label, Maker maker) {
    @FunctionalInterface
    interface Maker {
        VirtualClient make(VirtualStorm.Run run, ResilienceConfig holdfast);
    }

    static List<VirtualKind> all() {
        return List.of(
                policy("none", "no policy", OneAttempt::new),
                policy("hive", "Hive", HivePolicy::new),
                policy("abstractcore", "AbstractCore", AbstractCorePolicy::new),
                new VirtualKind(Engines.HOLDFAST, "Holdfast", VirtualHoldfast::new));
    }

    private static VirtualKind policy(String name, String label, Policy.Maker maker) {
        return new VirtualKind(name, label, (run, config) -> new VirtualPolicy(run, maker));
    }
}

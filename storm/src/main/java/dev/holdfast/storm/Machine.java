// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm;

import java.util.List;

/** The machine that a storm ran on. */
final class Machine {
    private static final long MEBI = 1 << 20;

    private Machine() {}

    static List<String> lines() {
        Runtime runtime = Runtime.getRuntime();
        return List.of(
                runtime.availableProcessors() + " processors",
                "heap up to " + runtime.maxMemory() / MEBI + " MiB",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"),
                "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")");
    }
}

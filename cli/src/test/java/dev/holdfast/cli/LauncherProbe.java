// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** What the launcher's tests run in place of the command: tells what it was given. */
final class LauncherProbe {
    private LauncherProbe() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println("in " + Path.of("").toAbsolutePath());
        for (String arg : args) {
            System.out.println("arg " + arg);
        }
        if (args.length > 0 && args[0].equals("serve")) {
            System.out.println("heap " + Runtime.getRuntime().maxMemory() / (1 << 20));
            ManagementFactory.getGarbageCollectorMXBeans()
                    .forEach(collector -> System.out.println("collector " + collector.getName()));
        }
        if (args.length > 0 && args[0].equals("wait")) {
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
        if (args.length > 1 && args[0].equals("exit")) {
            System.exit(Integer.parseInt(args[1]));
        }
    }
}

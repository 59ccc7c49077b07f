// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code holdfast version}: which Holdfast, which Java, which build. */
@Command(
        name = "version",
        description = "Prints version, Java and build.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        for (String line : BuildFacts.read().lines()) {
            spec.commandLine().getOut().println(line);
        }
        return 0;
    }
}

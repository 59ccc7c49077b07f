// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast graph}: agent graphs. */
@Command(
        name = "graph",
        description = "Validates, draws and runs agent graphs.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class,
        subcommands = {GraphValidateCommand.class, GraphDrawCommand.class, GraphRunCommand.class})
final class GraphCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with a graph: validate, draw or run");
    }
}

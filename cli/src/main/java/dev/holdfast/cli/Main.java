// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code holdfast} command. Exit codes: 0 done, 1 the work failed, 2 usage or configuration. */
@Command(
        name = "holdfast",
        description = "Keeps LLM calls standing when providers do not.",
        subcommands = {VersionCommand.class})
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command line, as typed
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main());
    }
}

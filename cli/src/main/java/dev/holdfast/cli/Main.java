// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.llm.ProviderConfigurationException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code holdfast} command. Exit codes: 0 done, 1 the work failed, 2 usage or configuration. */
@Command(
        name = "holdfast",
        description = "Keeps LLM calls standing when providers do not.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class,
        subcommands = {
            ChatCommand.class,
            BatchCommand.class,
            ClassifyCommand.class,
            CheckCommand.class,
            GraphCommand.class,
            ServeCommand.class,
            SimulatorCommand.class,
            StormCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    static final int FAILED = 1;
    static final int USAGE = 2;

    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command line, as typed
     */
    public static void main(String[] args) {
        System.exit(commandLine(Surroundings.ofProcess())
                .setOut(utf8(FileDescriptor.out))
                .setErr(utf8(FileDescriptor.err))
                .execute(args));
    }

    /** UTF-8 whatever the locale: what reads the output counts on it, and a plain locale would lose every arrow. */
    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new Main(), new Commands(surroundings))
                .registerConverter(Duration.class, Durations::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((error, commandLine, parsed) -> report(error, commandLine));
    }

    private static int report(Exception error, CommandLine commandLine) {
        if (error instanceof ConfigException) {
            // one problem a line, each with its place, so that editors can go there
            commandLine.getErr().println(error.getMessage());
            return USAGE;
        }
        commandLine.getErr().println("holdfast: " + error.getMessage());
        if (error instanceof ProviderConfigurationException || error instanceof UsageException) {
            return USAGE;
        }
        if (error.getMessage() == null || error instanceof NullPointerException) {
            error.printStackTrace(commandLine.getErr());
        }
        return FAILED;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: a command is missing");
    }

    /** Makes the commands; those that look around themselves are told where to look. */
    private record Commands(Surroundings surroundings) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == ChatCommand.class) {
                return type.cast(new ChatCommand(surroundings));
            }
            if (type == BatchCommand.class) {
                return type.cast(new BatchCommand(surroundings));
            }
            if (type == ClassifyCommand.class) {
                return type.cast(new ClassifyCommand(surroundings));
            }
            if (type == ServeCommand.class) {
                return type.cast(new ServeCommand(surroundings));
            }
            if (type == CheckCommand.class) {
                return type.cast(new CheckCommand(surroundings));
            }
            if (type == StormCommand.class) {
                return type.cast(new StormCommand(surroundings));
            }
            if (type == GraphRunCommand.class) {
                return type.cast(new GraphRunCommand(surroundings));
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}

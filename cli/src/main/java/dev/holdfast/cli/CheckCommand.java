// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.config.ConfigReader;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.config.LiteLlmConverter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast check}: what a configuration file says, or everything that is wrong with it. */
@Command(
        name = "check",
        description = "Checks a configuration file and prints what would run; or turns a LiteLLM configuration into ours.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class CheckCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(names = "--json", description = "With --config: one JSON object on stdout.")
    private boolean json;

    /** One of the two. */
    private static final class What {
        @Option(names = "--config", paramLabel = "FILE", description = "The file to check.")
        private @Nullable Path config;

        @Option(
                names = "--from-litellm",
                paramLabel = "FILE",
                description = "A LiteLLM configuration: ours goes to stdout, what has no equivalent to stderr.")
        private @Nullable Path litellm;
    }

    CheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (what.litellm != null) {
            return convert(what.litellm);
        }
        return check(what.config == null ? Path.of("") : what.config);
    }

    private int check(Path file) {
        GatewayConfig config;
        try {
            config = new ConfigReader(EmbeddedSimulator.around(surroundings.environment())).read(file);
        } catch (ConfigException refused) {
            if (json) {
                print(CheckJson.refused(file, refused));
            }
            throw refused;
        }
        print(
                json
                        ? CheckJson.of(file, config)
                        : new CheckText(Colours.ofTerminal()).of(file, config, ResilienceConfig.defaults()));
        return 0;
    }

    private int convert(Path file) {
        LiteLlmConverter.Converted converted = LiteLlmConverter.convert(file);
        print(converted.yaml().stripTrailing());
        PrintWriter err = spec.commandLine().getErr();
        converted.notes().forEach(note -> err.println(note.in(file.toString())));
        err.flush();
        return 0;
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}

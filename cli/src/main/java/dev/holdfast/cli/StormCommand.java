// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.ConfigReader;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.config.PolicySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code holdfast storm}: the storms, side by side. What it is told is checked here; nothing of the storms themselves is named,
 * so that they are loaded only when they are run.
 */
@Command(
        name = "storm",
        description = "Scenarios of trouble, each met by every engine under the same seed: Holdfast, others' policies,"
                + " none at all. All of them in real time take some minutes.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class StormCommand implements Callable<Integer> {
    private static final String ALL = "all";
    private static final long DEFAULT_SEED = 42;
    private static final int DEFAULT_CLIENTS = 100_000;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Scenarios, or all (default: all).")
    private List<String> names = List.of();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A gateway's configuration: Holdfast runs with a policy of it.")
    private @Nullable Path config;

    @Option(names = "--policy", paramLabel = "NAME", description = "Which policy of the file (default: standard).")
    private @Nullable String policy;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "Only this engine; several are several (default: all).")
    private List<String> engines = List.of();

    @Option(names = "--report", paramLabel = "FILE.html", description = "A page with charts, complete in one file.")
    private @Nullable Path report;

    @Option(names = "--json", description = "One JSON object on stdout in place of tables.")
    private boolean json;

    @Option(names = "--seed", paramLabel = "N", description = "Of every random choice (default: ${DEFAULT-VALUE}).")
    private long seed = DEFAULT_SEED;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Runs of each scenario; figures are the medians (default: ${DEFAULT-VALUE}).")
    private int runs = 1;

    @Option(
            names = "--virtual",
            description = "In virtual time, with very many clients; libraries of others cannot take part.")
    private boolean virtual;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "With --virtual: how many (default: ${DEFAULT-VALUE}).")
    private int clients = DEFAULT_CLIENTS;

    @Option(names = "--strict", description = "Exit 1 if something that is demanded of Holdfast does not hold.")
    private boolean strict;

    @Option(names = "--list", description = "Only names the scenarios and engines.")
    private boolean list;

    StormCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        if (runs < 1) {
            throw new UsageException("--runs must be at least 1, not " + runs);
        }
        if (clients < 1) {
            throw new UsageException("--clients must be at least 1, not " + clients);
        }
        if (report != null) {
            checkPlace(report);
        }
        ResilienceConfig holdfast = holdfast();
        StormRun run =
                new StormRun(spec.commandLine().getOut(), spec.commandLine().getErr(), surroundings);
        return list
                ? run.list(json)
                : run.run(new StormRun.Wish(
                        scenarios(),
                        engines,
                        virtual,
                        seed,
                        runs,
                        clients,
                        holdfast,
                        settings(holdfast),
                        command(),
                        report,
                        json,
                        strict));
    }

    private List<String> scenarios() {
        return names.contains(ALL) ? List.of() : names;
    }

    /** Found out before the run, which takes minutes, and not after it. */
    private static void checkPlace(Path report) {
        Path directory = report.toAbsolutePath().getParent();
        if (Files.isDirectory(report) || directory == null || !Files.isDirectory(directory)) {
            throw new UsageException(
                    "--report " + report + " cannot be written: name a file in a directory that is there");
        }
        if (!Files.isWritable(Files.exists(report) ? report : directory)) {
            throw new UsageException("--report " + report + " cannot be written: it is protected; name another file");
        }
    }

    private ResilienceConfig holdfast() {
        if (config == null) {
            if (policy != null) {
                throw new UsageException("--policy names a policy of a file: add --config FILE");
            }
            return ResilienceConfig.defaults();
        }
        GatewayConfig file = new ConfigReader(EmbeddedSimulator.around(surroundings.environment())).read(config);
        ResilienceConfig chosen = file.policies().get(policy == null ? GatewayConfig.STANDARD : policy);
        if (chosen == null) {
            throw new UsageException(config + " has no policy '" + policy + "'; it has: "
                    + String.join(", ", file.policies().keySet()));
        }
        return chosen;
    }

    private static List<String> settings(ResilienceConfig holdfast) {
        return PolicySettings.differing(holdfast, ResilienceConfig.defaults()).stream()
                .map(setting ->
                        setting.key() + ": " + setting.value() + " (default " + setting.usual() + "), " + setting.why())
                .toList();
    }

    /** What to type for the same figures again; how they are shown is left out. */
    private String command() {
        List<String> words = new ArrayList<>(List.of("holdfast", "storm"));
        words.addAll(names.isEmpty() ? List.of(ALL) : names);
        if (config != null) {
            words.addAll(List.of("--config", config.toString()));
        }
        if (policy != null) {
            words.addAll(List.of("--policy", policy));
        }
        engines.forEach(engine -> words.addAll(List.of("--engine", engine)));
        words.addAll(List.of("--seed", Long.toString(seed)));
        if (virtual) {
            words.addAll(List.of("--virtual", "--clients", Integer.toString(clients)));
        } else if (runs > 1) {
            words.addAll(List.of("--runs", Integer.toString(runs)));
        }
        return String.join(" ", words.stream().map(StormCommand::quoted).toList());
    }

    /** As a POSIX shell reads it. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}

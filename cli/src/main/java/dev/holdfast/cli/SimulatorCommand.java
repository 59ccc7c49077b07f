// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.simulator.scenario.ScenarioException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast simulator}: the misbehaving provider, until it is stopped. */
@Command(
        name = "simulator",
        description = "A provider that misbehaves on purpose; the model asked for names the behaviour.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class SimulatorCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 4010;
    private static final int LAST_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @Option(names = "--host", description = "Address to bind (default: 127.0.0.1).")
    private String host = "127.0.0.1";

    @Option(names = "--port", description = "Port, 0 for a free one (default: 4010).")
    private int port = DEFAULT_PORT;

    @Option(names = "--scenario", paramLabel = "FILE", description = "YAML file with what changes over time.")
    private @Nullable Path scenario;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > LAST_PORT) {
            throw new UsageException("--port must be from 0 (any free one) to " + LAST_PORT + ", not " + port);
        }
        SimulatorOptions options = SimulatorOptions.defaults()
                .withHost(host)
                .withPort(port)
                .withScenario(scenario == null ? Scenario.none() : read(scenario));
        try (Simulator simulator = start(options)) {
            spec.commandLine().getOut().println("simulator " + simulator.baseUri());
            spec.commandLine().getOut().flush();
            // Until SIGINT or SIGTERM ends the process.
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private static Simulator start(SimulatorOptions options) throws IOException {
        try {
            return Simulator.start(options);
        } catch (IOException e) {
            throw new UsageException(e.getMessage() + "; choose another --port, or --port 0 for a free one");
        }
    }

    private static Scenario read(Path file) throws IOException {
        try {
            return Scenario.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no scenario file " + file);
        } catch (ScenarioException e) {
            throw new UsageException(file + " is no scenario:\n" + told(file, e.problems()));
        }
    }

    /** One problem a line, each with its place, so that editors can go there. */
    private static String told(Path file, List<ScenarioException.Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(ScenarioException.Problem::line))
                .map(problem -> file + ":" + problem.line() + ": "
                        + (problem.key().isEmpty() ? "" : problem.key() + ": ") + problem.message())
                .collect(Collectors.joining("\n"));
    }
}

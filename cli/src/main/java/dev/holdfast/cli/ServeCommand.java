// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.cli.demo.Demo;
import dev.holdfast.gateway.Gateway;
import dev.holdfast.gateway.GatewayOptions;
import dev.holdfast.gateway.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast serve}: the gateway, until it is stopped. */
@Command(
        name = "serve",
        description = "The gateway: one resilient endpoint for OpenAI and Anthropic clients, with a dashboard.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class ServeCommand implements Callable<Integer> {
    private static final int LAST_PORT = 65_535;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ResilienceOptions resilience;

    @Option(names = "--host", description = "Address to bind (default: 127.0.0.1).")
    private @Nullable String host;

    @Option(names = "--port", description = "Port, 0 for a free one (default: 4000).")
    private @Nullable Integer port;

    @Option(
            names = "--demo",
            description = "Two simulated providers, clients, and a story: an outage, a rate limit, a recovery.")
    private boolean demo;

    /** Starts on a free port, makes some calls and ends: so the launcher learns which classes a start needs. */
    @Option(names = "--rehearse", hidden = true)
    private boolean rehearse;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port != null && (port < 0 || port > LAST_PORT)) {
            throw new UsageException("--port must be from 0 (any free one) to " + LAST_PORT + ", not " + port);
        }
        if (demo && resilience.file() != null) {
            throw new UsageException("--demo brings its own configuration: leave out one of --demo and --config");
        }
        try (Models models = Models.of(List.of(), null, surroundings.environment());
                Demo story = demo || rehearse ? Demo.prepare() : null) {
            Path file = story != null ? story.config() : resilience.file();
            GatewayOptions options = (file != null
                            ? GatewayOptions.file(file)
                            : GatewayOptions.withoutFile(URI.create(models.simulatorUrl())))
                    .withEnvironment(models.environment())
                    .withDefaults(resilience.over(ResilienceConfig.defaults()))
                    .withVersion(BuildFacts.read().version())
                    .withListen(host, rehearse ? Integer.valueOf(0) : port);
            return rehearse ? rehearse(options) : serve(options, story);
        }
    }

    private static int rehearse(GatewayOptions options) throws IOException, InterruptedException {
        try (Gateway gateway = Gateway.start(options)) {
            return Demo.rehearse(gateway.uri()) ? 0 : Main.FAILED;
        }
    }

    private int serve(GatewayOptions options, @Nullable Demo story) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try (Signals signals = Signals.heard()) {
            Gateway gateway = start(options);
            try (gateway) {
                announce(gateway);
                signals.onHangUp(() -> reload(gateway, err));
                if (story != null) {
                    story.play(gateway.uri(), line -> {
                        err.println(line);
                        err.flush();
                    });
                }
                int code = signals.await();
                err.println("stopping: running calls may end, new ones are refused (a second signal stops at once)");
                err.flush();
                return code;
            }
        }
    }

    private Gateway start(GatewayOptions options) {
        try {
            return Gateway.start(options);
        } catch (FileSystemException e) {
            boolean configuration = String.valueOf(resilience.file()).equals(e.getFile());
            throw new UsageException(
                    configuration
                            ? "cannot read " + e.getFile() + ": give --config the path of a configuration file"
                            : "cannot open " + e.getFile() + ": choose another access_log.file, or make its directory");
        } catch (IOException e) {
            throw new UsageException(e.getMessage() + "; choose another --port, or --port 0 for a free one");
        }
    }

    private void announce(Gateway gateway) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("holdfast " + BuildFacts.read().version() + " is ready");
        out.println();
        out.println("  dashboard  " + gateway.uri() + "/");
        out.println("  OpenAI     " + gateway.uri() + "/v1   (base URL for clients)");
        out.println("  Anthropic  " + gateway.uri() + "/");
        out.println();
        String key = gateway.needsClientKey() ? " -H 'authorization: Bearer KEY_OF_A_CLIENT'" : "";
        out.println("  curl -s " + gateway.uri() + "/v1/chat/completions -H 'content-type: application/json'" + key
                + " \\");
        out.println("    -d '{\"model\":\"" + gateway.models().get(0)
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'");
        out.println();
        gateway.notices().forEach(notice -> out.println("  note: " + notice));
        out.flush();
    }

    private static void reload(Gateway gateway, PrintWriter err) {
        try {
            gateway.reload();
            err.println("the configuration was read again");
        } catch (ConfigException e) {
            err.println("the configuration was not taken over, the old one goes on:\n" + e.getMessage());
        } catch (IOException e) {
            err.println("the configuration could not be read, the old one goes on: " + e.getMessage());
        }
        err.flush();
    }
}

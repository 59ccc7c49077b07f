// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli.demo;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two simulated providers, a configuration that names them, clients, and a story that repeats. The providers stand for
 * two companies: each is a server of its own and speaks the dialect of one of them.
 */
public final class Demo implements AutoCloseable {
    private final Simulator openAi;
    private final Simulator anthropic;
    private final Path config;
    private @Nullable Story story;
    private @Nullable Clients clients;

    private Demo(Simulator openAi, Simulator anthropic, Path config) {
        this.openAi = openAi;
        this.anthropic = anthropic;
        this.config = config;
    }

    /** Starts the providers, which are well, and writes the configuration. */
    public static Demo prepare() throws IOException {
        Simulator openAi = Simulator.start(SimulatorOptions.defaults());
        try {
            Simulator anthropic = Simulator.start(SimulatorOptions.defaults());
            Path config = Files.createTempFile("holdfast-demo-", ".yaml");
            Files.writeString(config, configuration(openAi.baseUri(), anthropic.baseUri()));
            return new Demo(openAi, anthropic, config);
        } catch (IOException e) {
            openAi.close();
            throw e;
        }
    }

    private static String configuration(URI openAi, URI anthropic) {
        return """
                targets:
                  gpt:    { provider: sim,           model: "tokens=40,as=openai",    base_url: %s/v1 }
                  claude: { provider: sim-anthropic, model: "tokens=40,as=anthropic", base_url: %s }
                models:
                  default: { targets: [gpt, claude] }
                  claude:  { targets: [claude, gpt] }
                policies:
                  standard:
                    deadline: 20s
                    timeouts: { first_content: 4s, idle: 4s }
                    circuit:  { recovery: 15s }
                """.formatted(openAi, anthropic);
    }

    /** The configuration that sends calls to the providers; deleted at the end. */
    public Path config() {
        return config;
    }

    /**
     * Lets clients call the gateway from now on, and the story begin; both go on until {@link #close}.
     *
     * @param told hears each turn of the story as one line
     */
    public void play(URI gateway, Consumer<String> told) {
        clients = Clients.start(gateway);
        story = Story.begin(openAi, anthropic, told);
    }

    /** One call of each kind; false if one was not answered. */
    public static boolean rehearse(URI gateway) throws IOException, InterruptedException {
        return Clients.once(gateway);
    }

    @Override
    public void close() throws IOException {
        if (story != null) {
            story.close();
        }
        if (clients != null) {
            clients.close();
        }
        openAi.close();
        anthropic.close();
        Files.deleteIfExists(config);
    }
}

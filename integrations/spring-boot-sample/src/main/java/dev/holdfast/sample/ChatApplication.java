// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.sample;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/**
 * A chat service on Spring AI's OpenAI and Anthropic models. In place of both providers stands the simulator, started here, so
 * that the service runs without a key; {@code application.yaml} holds what makes its models keep standing.
 */
@SpringBootApplication
public class ChatApplication {
    public static void main(String... args) throws IOException {
        run(args);
    }

    /** Starts the provider and the service before it; both end with the context. */
    static ConfigurableApplicationContext run(String... args) throws IOException {
        Simulator provider = Simulator.start(SimulatorOptions.defaults());
        SpringApplication application = new SpringApplication(ChatApplication.class);
        application.setDefaultProperties(
                Map.of("provider.url", provider.baseUri().toString()));
        ApplicationListener<ContextClosedEvent> end = closed -> provider.close();
        application.addListeners(end);
        return application.run(args);
    }
}

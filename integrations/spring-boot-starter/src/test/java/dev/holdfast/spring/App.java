// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.model.anthropic.autoconfigure.AnthropicChatAutoConfiguration;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.openai.autoconfigure.OpenAiChatAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A Spring application without a web server, with the real OpenAI and Anthropic models of Spring AI before a simulator. */
final class App implements AutoCloseable {
    final Simulator simulator;
    final ConfigurableApplicationContext context;

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ToolCallingAutoConfiguration.class,
        OpenAiChatAutoConfiguration.class,
        AnthropicChatAutoConfiguration.class,
        ChatClientAutoConfiguration.class,
        HoldfastAutoConfiguration.class,
        ActuatorAutoConfiguration.class
    })
    static class Models {}

    private App(Simulator simulator, ConfigurableApplicationContext context) {
        this.simulator = simulator;
        this.context = context;
    }

    static App start(List<Class<?>> configurations, String... properties) {
        Simulator simulator = simulator();
        try {
            return new App(simulator, run(simulator, configurations, properties));
        } catch (RuntimeException e) {
            simulator.close();
            throw e;
        }
    }

    static App start(String... properties) {
        return start(List.of(), properties);
    }

    private static Simulator simulator() {
        try {
            return Simulator.start(SimulatorOptions.defaults());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConfigurableApplicationContext run(
            Simulator simulator, List<Class<?>> configurations, String... properties) {
        List<Class<?>> sources = new ArrayList<>(configurations);
        sources.add(Models.class);
        List<String> all = new ArrayList<>(List.of(
                "sim.url=" + simulator.baseUri(),
                "spring.ai.openai.base-url=" + simulator.baseUri() + "/v1",
                "spring.ai.openai.api-key=key",
                "spring.ai.openai.chat.model=sim/ok",
                "spring.ai.anthropic.base-url=" + simulator.baseUri(),
                "spring.ai.anthropic.api-key=key",
                "spring.ai.anthropic.chat.model=sim/ok",
                "spring.main.banner-mode=off",
                "logging.level.root=off",
                "logging.level.dev.holdfast=info",
                "holdfast.retry.backoff.initial=10ms"));
        all.addAll(List.of(properties));
        return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .properties(all.toArray(String[]::new))
                .run();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ResilientChatModel openAi() {
        return context.getBean("openAiChatModel", ResilientChatModel.class);
    }

    ResilientChatModel anthropic() {
        return context.getBean("anthropicChatModel", ResilientChatModel.class);
    }

    @Override
    public void close() {
        context.close();
        simulator.close();
    }
}

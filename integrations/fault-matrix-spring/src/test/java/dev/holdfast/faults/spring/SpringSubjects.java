// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults.spring;

import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.faults.Heard;
import dev.holdfast.faults.Subject;
import dev.holdfast.spring.HoldfastAutoConfiguration;
import dev.holdfast.spring.ResilientChatModel;
import java.time.Duration;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.openai.autoconfigure.OpenAiChatAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The OpenAI model of Spring AI: built by hand, and as an application's bean with the starter. */
final class SpringSubjects {
    static final String NAME = "Spring AI, OpenAI";

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private SpringSubjects() {}

    /** From the jar's name. */
    static String version() {
        String jar = OpenAiChatModel.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return jar.replaceAll(".*-(\\d[^/]*)\\.jar", "$1");
    }

    static Subject bare(String url) {
        return (model, stream, heard) -> ask(
                OpenAiChatModel.builder()
                        .options(OpenAiChatOptions.builder()
                                .baseUrl(url + "/v1")
                                .apiKey("key")
                                .model(model)
                                .timeout(TIMEOUT)
                                .build())
                        .build(),
                new Prompt("hello"),
                stream,
                heard);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ToolCallingAutoConfiguration.class,
        OpenAiChatAutoConfiguration.class,
        HoldfastAutoConfiguration.class
    })
    static class Models {}

    /** An application whose model's own timeout is left to Holdfast: in Spring AI one timeout bounds streams too. */
    static ConfigurableApplicationContext application(String url) {
        return new SpringApplicationBuilder(Models.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .properties(
                        "spring.ai.openai.base-url=" + url + "/v1",
                        "spring.ai.openai.api-key=key",
                        "spring.ai.openai.chat.timeout=60s",
                        "spring.main.banner-mode=off",
                        "holdfast.deadline=10s",
                        "holdfast.retry.backoff.initial=50ms",
                        "holdfast.retry.backoff.max=200ms",
                        "holdfast.timeouts.first-content=2s",
                        "holdfast.timeouts.idle=2s")
                .run();
    }

    /** One cell at a time: all share the bean's circuit, which is reset before each. */
    static Subject guarded(ConfigurableApplicationContext application) {
        Holdfast engine = application.getBean(Holdfast.class);
        ResilientChatModel bean = (ResilientChatModel) application.getBean(ChatModel.class);
        TimeoutConfig plain = engine.config().timeouts().withAttempt(TIMEOUT);
        return (model, stream, heard) -> {
            engine.targets().forEach(info -> engine.reset(info.target()));
            ask(
                    stream ? bean : bean.with(CallOptions.none().withTimeouts(plain)),
                    new Prompt("hello", OpenAiChatOptions.builder().model(model).build()),
                    stream,
                    heard);
        };
    }

    private static void ask(ChatModel model, Prompt prompt, boolean stream, Heard heard) {
        if (stream) {
            model.stream(prompt).subscribe(part -> heard.text(text(part)), heard::error, heard::complete);
        } else {
            heard.text(text(model.call(prompt)));
            heard.complete();
        }
    }

    private static String text(ChatResponse response) {
        String text = response.getResult() == null
                ? null
                : response.getResult().getOutput().getText();
        return text == null ? "" : text;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.CallException;
import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.simulator.Simulator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;

/** Beans that stand in for each other, of two providers, over sockets. */
@Timeout(120)
class FailoverTest {
    private static App app;

    static class Spare {
        @Bean
        ChatModel spare(@Value("${sim.url}") String url, List<OpenAiHttpClientBuilderCustomizer> customizers) {
            return OpenAiChatModel.builder()
                    .options(OpenAiChatOptions.builder()
                            .baseUrl(url + "/v1")
                            .apiKey("key")
                            .model("sim/500")
                            .maxRetries(0)
                            .build())
                    .httpClientBuilderCustomizers(customizers)
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        app = App.start(
                List.of(Spare.class),
                "holdfast.failover.openAiChatModel=spare,anthropicChatModel",
                "holdfast.failover.spare=openAiChatModel");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @BeforeEach
    void fresh() {
        Holdfast engine = app.bean(Holdfast.class);
        engine.targets().forEach(info -> engine.reset(info.target()));
        app.simulator.reset();
    }

    @AfterEach
    void everythingCameBack() {
        Conservation.awaitAllReturned(app.bean(Holdfast.class));
    }

    private static Prompt prompt(String model) {
        return new Prompt("Hello", OpenAiChatOptions.builder().model(model).build());
    }

    @Test
    void goesFromBeanToBeanInOrderAndEachIsAskedForItsOwnModel() {
        ChatResponse response = app.openAi().call(prompt("sim/503"));

        assertThat((String) response.getMetadata().get(ResilientChatModel.SERVED_BY))
                .isEqualTo("anthropicChatModel");
        assertThat((Integer) response.getMetadata().get(ResilientChatModel.ATTEMPTS))
                .isEqualTo(3);
        assertThat(app.simulator.stats().byModel()).isEqualTo(Map.of("sim/503", 1L, "sim/500", 1L, "sim/ok", 1L));
        assertThat(app.simulator.stats().attemptsPerCall()).containsValue(3L);
    }

    @Test
    void streamGoesToAnotherBeanBeforeItsFirstContent() {
        List<ChatResponse> parts =
                app.openAi().stream(prompt("sim/meta-then-error")).collectList().block();

        String text = parts.stream()
                .filter(part -> part.getResult() != null)
                .map(part -> part.getResult().getOutput().getText())
                .collect(Collectors.joining());
        assertThat(text).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(parts)
                .allSatisfy(part -> assertThat((String) part.getMetadata().get(ResilientChatModel.SERVED_BY))
                        .isEqualTo("anthropicChatModel"));
    }

    @Test
    void hopelessRequestGoesNowhere() {
        assertThat(catchThrowable(() -> app.openAi().call(prompt("sim/400,as=nginx"))))
                .isInstanceOf(CallException.class);

        assertThat(app.simulator.stats().requests()).isEqualTo(1);
    }

    @Test
    void chatClientFailsOverThoughItsPromptsCarryTheOptionsOfTheFirstModel() {
        ChatModel spare = app.context.getBean("spare", ChatModel.class);

        ChatResponse response =
                ChatClient.create(spare).prompt().user("Hello").call().chatResponse();

        assertThat((String) response.getMetadata().get(ResilientChatModel.SERVED_BY))
                .isEqualTo("openAiChatModel");
        assertThat(app.simulator.stats().byModel()).isEqualTo(Map.of("sim/500", 1L, "sim/ok", 1L));
    }
}

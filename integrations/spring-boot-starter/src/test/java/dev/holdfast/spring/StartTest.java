// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.CallException;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Category;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.ai.retry.autoconfigure.SpringAiRetryAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryTemplate;
import reactor.core.publisher.Flux;

/** What a start does with properties, beans and the retries of clients. */
@Timeout(120)
class StartTest {
    @ImportAutoConfiguration(SpringAiRetryAutoConfiguration.class)
    static class Retries {}

    @ParameterizedTest
    @CsvSource({
        "holdfast.timeouts.idle, 0s, holdfast.timeouts.idle",
        "holdfast.models, nobody, holdfast.models",
        "holdfast.failover.openAiChatModel, nobody, holdfast.failover.openAiChatModel",
        "holdfast.failover.nobody, openAiChatModel, holdfast.failover.nobody",
        "holdfast.failover.openAiChatModel, openAiChatModel, holdfast.failover.openAiChatModel"
    })
    void badValueFailsTheStartWithTheNameOfItsProperty(String property, String value, String named) {
        Throwable failed =
                catchThrowable(() -> App.start(property + "=" + value).close());

        Throwable root = failed;
        while (!(root instanceof InvalidConfigurationPropertyValueException) && root.getCause() != null) {
            root = root.getCause();
        }
        assertThat(root)
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, e -> assertThat(e.getName())
                        .isEqualTo(named));
    }

    @Test
    void everyChatModelIsMadeResilientAndItsOwnTypeIsReached() {
        try (App app = App.start()) {
            assertThat(app.context.getBeansOfType(ChatModel.class))
                    .containsOnlyKeys("openAiChatModel", "anthropicChatModel")
                    .allSatisfy((name, model) -> assertThat(model).isInstanceOf(ResilientChatModel.class));
            assertThat(app.openAi().unwrap()).isInstanceOf(OpenAiChatModel.class);
            assertThat(app.openAi().getOptions()).isSameAs(app.openAi().unwrap().getOptions());
            assertThat(app.openAi().name()).isEqualTo("openAiChatModel");
        }
    }

    @Test
    void onlyTheNamedModelsAreMadeResilient() {
        try (App app = App.start("holdfast.models=openAiChatModel")) {
            assertThat(app.context.getBean("openAiChatModel")).isInstanceOf(ResilientChatModel.class);
            assertThat(app.context.getBean("anthropicChatModel")).isInstanceOf(AnthropicChatModel.class);
        }
    }

    @Test
    void switchedOffItLeavesEverythingAsItIs() {
        try (App app = App.start("holdfast.enabled=false")) {
            assertThat(app.context.getBean("openAiChatModel")).isInstanceOf(OpenAiChatModel.class);
            assertThat(app.context.getEnvironment().getProperty("spring.ai.openai.chat.max-retries"))
                    .isNull();
            assertThat(app.context.getBeansOfType(Holdfast.class)).isEmpty();
        }
    }

    @Test
    void clientsKeepTheirRetriesWhereThatIsWanted() {
        try (App app = App.start(
                "holdfast.client-retries=keep",
                "spring.ai.openai.chat.max-retries=1",
                "spring.ai.openai.chat.model=sim/500,retry-after-ms=1",
                "holdfast.retry.max-attempts=2")) {
            Throwable failed = catchThrowable(() -> app.openAi().call("Hello"));

            assertThat(failed).isInstanceOf(CallException.class);
            assertThat(app.simulator.stats().requests()).isEqualTo(4);
        }
    }

    @Test
    void retryTemplateOfSpringAiTriesOnceInsideAnAttemptAndAsBeforeElsewhere() {
        try (App app = App.start(
                List.of(Retries.class),
                "spring.ai.retry.max-attempts=2",
                "spring.ai.retry.backoff.initial-interval=1ms")) {
            RetryTemplate template = app.bean(RetryTemplate.class);
            int[] tries = {0};

            Throwable inside = catchThrowable(() -> OnceInAttempt.attempt(() -> failing(template, tries)));
            int insideTries = tries[0];
            Throwable outside = catchThrowable(() -> failing(template, tries));

            assertThat(insideTries).isEqualTo(1);
            assertThat(tries[0] - insideTries).isEqualTo(3);
            assertThat(inside).hasRootCauseInstanceOf(TransientAiException.class);
            assertThat(outside).hasRootCauseInstanceOf(TransientAiException.class);
            assertThat(ModelErrors.CLASSIFIER.classify(inside).category()).isEqualTo(Category.SERVER_ERROR);
        }
    }

    private static Object failing(RetryTemplate template, int[] tries) {
        try {
            return template.execute(() -> {
                tries[0]++;
                throw new TransientAiException("HTTP 500 - oops");
            });
        } catch (RetryException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void startsWithoutWhatAnApplicationNeedNotHave() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(HoldfastAutoConfiguration.class, ActuatorAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.ai.openai",
                        "org.springframework.ai.anthropic",
                        "org.springframework.ai.chat.client",
                        "io.micrometer",
                        "okhttp3"))
                .withBean("own", ChatModel.class, () -> FakeModel.streaming(prompt -> Flux.empty()))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean("own")).isInstanceOf(ResilientChatModel.class);
                });
    }

    @Test
    void clientsHaveTheTimeOfAnAttempt() {
        try (App app = App.start("holdfast.timeouts.attempt=7m")) {
            assertThat(app.context.getEnvironment().getProperty("spring.ai.openai.chat.timeout"))
                    .isEqualTo("7m");
            assertThat(app.context.getEnvironment().getProperty("spring.ai.anthropic.timeout"))
                    .isEqualTo("7m");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.PageSnippets;
import dev.holdfast.limit.Priority;
import dev.holdfast.llm.Advice;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.simulator.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
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
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The code of docs/spring.md and docs/coming-from-spring-ai.md, run against a real server, and their tables. */
@Timeout(120)
class SpringPagesTest {
    private static final String OURS =
            "integrations/spring-boot-starter/src/test/java/dev/holdfast/spring/SpringPagesTest.java";

    private static App app;
    private final StringBuilder printed = new StringBuilder();

    @Component
    static class Assistant {
        private final ChatClient client;

        Assistant(@Qualifier("openAiChatModel") ChatModel model) {
            client = ChatClient.create(model);
        }

        String answer(String question) {
            return client.prompt().user(question).call().content();
        }
    }

    static class Spare {
        @Bean
        ChatModel spare(List<OpenAiHttpClientBuilderCustomizer> customizers, Environment environment) {
            return OpenAiChatModel.builder()
                    .options(OpenAiChatOptions.builder()
                            .baseUrl(environment.getProperty("spring.ai.openai.base-url"))
                            .apiKey(environment.getProperty("spring.ai.openai.api-key"))
                            .model("sim/ok")
                            .timeout(Duration.ofMinutes(10))
                            .maxRetries(0) // the resilient model does
                            .build())
                    .httpClientBuilderCustomizers(customizers) // tell the client when an attempt is over
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        app = App.start(
                List.of(Assistant.class, Spare.class),
                "spring.ai.openai.chat.model=sim/fail=1,status=503",
                "holdfast.failover.openAiChatModel=spare");
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

    private void print(String line) {
        printed.append(line).append('\n');
    }

    @Test
    void codeAroundTheModelStaysAsItIs() {
        assertThat(app.bean(Assistant.class).answer("Hello")).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void responseSaysWhoServedIt() {
        ResilientChatModel model = app.openAi();

        ChatResponse response = model.call(new Prompt("Hello"));
        String servedBy = response.getMetadata().get(ResilientChatModel.SERVED_BY);
        int attempts = response.getMetadata().get(ResilientChatModel.ATTEMPTS);

        assertThat(servedBy).isEqualTo("spare");
        assertThat(attempts).isEqualTo(2);
    }

    @Test
    void failureSaysWhatToDo() {
        ResilientChatModel model = ResilientChatModel.of(app.bean(Holdfast.class), Map.of("refused", refused()));

        try {
            model.call(new Prompt("Hello"));
        } catch (CallException e) {
            print(e.category() + " after " + e.report().attempts().size() + " attempt, retry after " + e.retryAfter());
            print(Advice.of(e.category(), null));
        }

        assertThat(printed.toString()).startsWith("auth after 1 attempt").contains("check the key");
    }

    private static ChatModel refused() {
        return OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(app.simulator.baseUri() + "/v1")
                        .apiKey("key")
                        .model("sim/401")
                        .maxRetries(0)
                        .build())
                .build();
    }

    @Test
    void callHasOptionsOfItsOwn() {
        ResilientChatModel model = app.openAi();

        ResilientChatModel urgent =
                model.with(CallOptions.deadline(Duration.ofSeconds(20)).withPriority(Priority.HIGH));
        urgent.call(new Prompt("Hello"));

        assertThat(app.simulator.stats().requests()).isEqualTo(2);
    }

    @Test
    void advisorGuardsAClientOfItsOwn() {
        ChatModel model = app.openAi().unwrap();
        HoldfastAdvisor advisor = app.bean(HoldfastAdvisor.class);

        String answer = ChatClient.builder(model)
                .defaultAdvisors(advisor) // the bean HoldfastAdvisor, or HoldfastAdvisor.of(holdfast, "my-client")
                .build()
                .prompt()
                .user("Hello")
                .advisors(a -> a.param(HoldfastAdvisor.OPTIONS, CallOptions.deadline(Duration.ofSeconds(20))))
                .call()
                .content();

        assertThat(answer).isEqualTo(Simulator.textOf("sim/fail=1,status=503"));
        assertThat(app.simulator.stats().requests()).isEqualTo(2);
    }

    @Test
    void templateBefore() throws Exception {
        ChatModel model = app.openAi().unwrap();

        RetryPolicy policy = RetryPolicy.builder()
                .maxRetries(3)
                .delay(Duration.ofMillis(100))
                .multiplier(2)
                .build();
        String text = new RetryTemplate(policy).execute(() -> model.call("Hello"));

        assertThat(text).isEqualTo(Simulator.textOf("sim/fail=1,status=503"));
    }

    @Test
    void templateAfter() {
        ChatModel model = app.openAi();

        String text = model.call("Hello");

        assertThat(text).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void streamBefore() {
        ChatModel model = app.openAi().unwrap();

        Flux<String> text = Flux.defer(() -> model.stream("Hello")).retryWhen(Retry.backoff(3, Duration.ofMillis(100)));

        assertThat(String.join("", text.collectList().block())).isEqualTo(Simulator.textOf("sim/fail=1,status=503"));
    }

    @Test
    void streamAfter() {
        ChatModel model = app.openAi();

        Flux<String> text = model.stream("Hello");

        assertThat(String.join("", text.collectList().block())).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void anotherModelBefore() {
        ChatModel first = app.openAi().unwrap();
        ChatModel second =
                app.context.getBean("spare", ResilientChatModel.class).unwrap();

        String text;
        try {
            text = first.call("Hello");
        } catch (RuntimeException e) {
            text = second.call("Hello");
        }

        assertThat(text).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void anotherModelAfter() {
        ChatModel first = app.openAi();

        String text = first.call("Hello");

        assertThat(text).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void withoutSpringBoot() {
        ChatModel first = app.openAi().unwrap();
        ChatModel second =
                app.context.getBean("spare", ResilientChatModel.class).unwrap();

        Holdfast holdfast = Holdfast.builder()
                .classifier(ProviderErrorClassifier.create().asFailureClassifier())
                .threadBridge(true)
                .build();
        Map<String, ChatModel> order = new LinkedHashMap<>();
        order.put("first", first);
        order.put("second", second);
        ChatModel model = ResilientChatModel.of(holdfast, order);

        assertThat(model.call("Hello")).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void pagesShowWhatRunsHere() throws IOException {
        PageSnippets.assertRun("docs/spring.md", 6, OURS);
        PageSnippets.assertRun("docs/coming-from-spring-ai.md", 7, OURS);
    }

    @Test
    void everyPropertyIsOnThePageAsTheMetadataHasIt() throws IOException {
        TreeSet<String> rows = new TreeSet<>();
        try (InputStream json =
                HoldfastProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : JsonMapper.shared().readTree(json).get("properties")) {
                String name = property.get("name").stringValue();
                if (name.startsWith("holdfast.")) {
                    JsonNode usual = property.get("defaultValue");
                    String shown = usual == null ? "–" : "`" + usual.asString() + "`";
                    rows.add("| `" + name + "` | " + shown + " | "
                            + property.get("description").stringValue() + " |");
                }
            }
        }

        Path page = Path.of(System.getenv("HOLDFAST_ROOT"), "docs/spring.md");
        assertThat(Files.readAllLines(page))
                .filteredOn(line -> line.startsWith("| `holdfast."))
                .containsExactlyElementsOf(rows);
        assertThat(rows).hasSizeGreaterThan(50);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.Await;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Target;
import dev.holdfast.target.TargetInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** The advisor in the chain of a chat client, over sockets. */
@Timeout(120)
class HoldfastAdvisorTest {
    private static App app;
    private final AtomicInteger toolRuns = new AtomicInteger();

    record City(String city) {}

    @BeforeAll
    static void start() {
        app = App.start();
        app.openAi().unwrap().stream("Hello").blockLast();
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

    /** After it has run, what fails a few times at first fails anew. */
    private ToolCallback weather() {
        return FunctionToolCallback.builder("weather", (City city) -> {
                    toolRuns.incrementAndGet();
                    app.simulator.reset();
                    return "sunny";
                })
                .description("The weather in a city")
                .inputType(City.class)
                .build();
    }

    private ChatClient.ChatClientRequestSpec asking(ChatModel model, HoldfastAdvisor advisor, String name) {
        return ChatClient.builder(model)
                .defaultAdvisors(advisor)
                .build()
                .prompt()
                .user("Hello")
                .options(OpenAiChatOptions.builder().model(name));
    }

    private static ChatModel unguarded() {
        return app.openAi().unwrap();
    }

    @Test
    void retriesAModelThatIsNotResilientItself() {
        String text = asking(unguarded(), app.bean(HoldfastAdvisor.class), "sim/fail=2,status=500")
                .call()
                .content();

        assertThat(text).isNotBlank();
        assertThat(app.simulator.stats().requests()).isEqualTo(3);
    }

    @Test
    void retryInsideTheToolLoopRunsNoToolTwice() {
        String text = asking(unguarded(), app.bean(HoldfastAdvisor.class), "sim/tool,fail=1,status=503")
                .tools(weather())
                .call()
                .content();

        assertThat(text).isNotBlank();
        assertThat(toolRuns).hasValue(1);
        assertThat(app.simulator.stats().requests()).isEqualTo(2);
    }

    @Test
    void streamedRetryInsideTheToolLoopRunsNoToolTwice() {
        String text = String.join(
                "",
                asking(unguarded(), app.bean(HoldfastAdvisor.class), "sim/tool,fail=1,status=503")
                        .tools(weather())
                        .stream()
                        .content()
                        .collectList()
                        .block());

        assertThat(text).isNotBlank();
        assertThat(toolRuns).hasValue(1);
        assertThat(app.simulator.stats().requests()).isEqualTo(2);
    }

    @Test
    void aroundAResilientModelNothingIsRetriedTwice() {
        long failures = failuresOfTheAdvisor();
        CallException failed = catchThrowableOfType(
                CallException.class, () -> asking(app.openAi(), app.bean(HoldfastAdvisor.class), "sim/500")
                        .call()
                        .content());

        assertThat(failed.category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(app.simulator.stats().requests()).isEqualTo(3);
        assertThat(app.simulator.stats().attemptsPerCall()).hasSize(1);
        assertThat(failuresOfTheAdvisor()).isEqualTo(failures);
    }

    private static long failuresOfTheAdvisor() {
        TargetInfo info = app.bean(Holdfast.class).info(Target.of("chat-client"));
        return info == null ? 0 : info.attempts() - info.succeeded();
    }

    @Test
    void streamedAroundAResilientModelNothingIsRetriedTwice() {
        CallException failed = catchThrowableOfType(
                CallException.class, () -> asking(app.openAi(), app.bean(HoldfastAdvisor.class), "sim/500").stream()
                        .content()
                        .blockLast());

        assertThat(failed.category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(app.simulator.stats().requests()).isEqualTo(3);
    }

    @Test
    void requestHasOptionsOfItsOwn() {
        long start = System.nanoTime();

        CallException failed = catchThrowableOfType(
                CallException.class, () -> asking(app.openAi(), app.bean(HoldfastAdvisor.class), "sim/hang")
                        .advisors(advisors ->
                                advisors.param(HoldfastAdvisor.OPTIONS, CallOptions.deadline(Duration.ofSeconds(1))))
                        .call()
                        .content());

        assertThat(failed.category()).isEqualTo(Category.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(50));
        Await.until(() -> app.simulator.stats().open() == 0);
    }

    @Test
    void placeOutsideOfTheToolLoopIsRefused() {
        HoldfastAdvisor outside = app.bean(HoldfastAdvisor.class).withOrder(ToolCallingAdvisor.DEFAULT_ORDER - 1);

        assertThatThrownBy(() -> asking(unguarded(), outside, "sim/ok")
                        .tools(weather())
                        .call()
                        .content())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("run tools twice");
    }
}

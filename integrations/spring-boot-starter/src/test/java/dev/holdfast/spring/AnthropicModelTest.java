// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.Await;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Category;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.target.TargetInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/** Spring AI's Anthropic model as its auto-configuration makes it, over sockets. */
@Timeout(120)
class AnthropicModelTest {
    private static App app;

    @BeforeAll
    static void start() {
        app = App.start("holdfast.timeouts.first-content=3s", "holdfast.timeouts.idle=3s");
        app.anthropic().unwrap().stream(prompt("sim/ok")).blockLast();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @BeforeEach
    void fresh() {
        app.bean(Holdfast.class).targets().stream().map(TargetInfo::target).forEach(app.bean(Holdfast.class)::reset);
        app.simulator.reset();
    }

    @AfterEach
    void everythingCameBack() {
        Conservation.awaitAllReturned(app.bean(Holdfast.class));
        assertThat(app.bean(ChatModelSettings.class).running().size()).isZero();
    }

    private static Prompt prompt(String model) {
        return new Prompt(
                "Hello",
                AnthropicChatOptions.builder().model(model).maxTokens(100).build());
    }

    @Test
    void answersWithUsageAndIsOneRequest() {
        ChatResponse response = app.anthropic().call(prompt("sim/ok"));

        assertThat(response.getResult().getOutput().getText()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(20);
        assertThat(app.simulator.stats().attemptsPerCall())
                .isEqualTo(Map.of(response.getMetadata().get(ResilientChatModel.CALL_ID), 1L));
    }

    @Test
    void streamIsWholeAfterARetry() {
        List<ChatResponse> parts = app.anthropic().stream(prompt("sim/fail=1,status=529"))
                .collectList()
                .block();

        String text = parts.stream()
                .filter(part -> part.getResult() != null)
                .map(part -> part.getResult().getOutput().getText())
                .collect(Collectors.joining());
        assertThat(text).isEqualTo(Simulator.textOf("sim/fail=1,status=529"));
        assertThat(app.simulator.stats().attemptsPerCall()).containsValue(2L);
    }

    @ParameterizedTest
    @CsvSource({"sim/401, auth, 1", "sim/529, overloaded, 3", "'sim/429,retry-after-ms=5', rate_limit, 3"})
    void errorsAreKnownAndTheClientRetriesNothing(String model, String category, int requests) {
        CallException failed =
                catchThrowableOfType(CallException.class, () -> app.anthropic().call(prompt(model)));

        assertThat(failed.category()).hasToString(category);
        assertThat(app.simulator.stats().requests()).isEqualTo(requests);
    }

    @ParameterizedTest
    @CsvSource({
        "'sim/cut,after=3', stream_interrupted",
        "'sim/error-mid,after=3', overloaded",
        "'sim/stall,after=3', timeout"
    })
    void streamThatIsCutEndsInAnErrorAndIsNotRepeated(String model, String category) {
        StreamBrokenException broken =
                catchThrowableOfType(StreamBrokenException.class, () -> app.anthropic().stream(prompt(model))
                        .blockLast());

        assertThat(broken.category()).hasToString(category);
        assertThat(app.simulator.stats().requests()).isEqualTo(1);
        Await.until(() -> app.simulator.stats().open() == 0);
    }

    @Test
    void cancellingTheFluxCancelsTheRequest() {
        app.anthropic().stream(prompt("sim/tokens=1000,rate=20")).take(2).blockLast();

        Await.until(() -> app.simulator.stats().open() == 0);
        assertThat(app.simulator.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void requestWithoutAnAnswerIsEndedAtTheProviderToo() {
        CallException failed = catchThrowableOfType(
                CallException.class,
                () -> app.anthropic().with(CallOptions.deadline(Duration.ofSeconds(2))).stream(prompt("sim/hang"))
                        .blockLast());

        assertThat(failed.category()).isEqualTo(Category.TIMEOUT);
        Await.until(() -> app.simulator.stats().open() == 0);
    }
}

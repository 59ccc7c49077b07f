// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.errors.OpenAIServiceException;
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
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import reactor.core.Disposable;

/** Spring AI's OpenAI model as its auto-configuration makes it, over sockets. */
@Timeout(120)
class OpenAiModelTest {
    private static App app;

    @BeforeAll
    static void start() {
        app = App.start("holdfast.timeouts.first-content=3s", "holdfast.timeouts.idle=3s");
        // the first stream of a process loads much of the client
        app.openAi().unwrap().stream(prompt("sim/ok")).blockLast();
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
                "Hello", OpenAiChatOptions.builder().model(model).maxTokens(100).build());
    }

    private static String text(List<ChatResponse> parts) {
        return parts.stream()
                .filter(part -> part.getResult() != null)
                .map(part -> part.getResult().getOutput().getText())
                .collect(Collectors.joining());
    }

    @Test
    void answersWithTextUsageAndWhoServedIt() {
        ChatResponse response = app.openAi().call(prompt("sim/ok"));

        assertThat(response.getResult().getOutput().getText()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(20);
        assertThat(response.getMetadata().getModel()).isEqualTo("sim/ok");
        assertThat((String) response.getMetadata().get(ResilientChatModel.SERVED_BY))
                .isEqualTo("openAiChatModel");
        assertThat((Integer) response.getMetadata().get(ResilientChatModel.ATTEMPTS))
                .isEqualTo(1);
        assertThat(app.simulator.stats().attemptsPerCall())
                .isEqualTo(Map.of(response.getMetadata().get(ResilientChatModel.CALL_ID), 1L));
    }

    @Test
    void eachAttemptIsOneRequestAndTheClientRetriesNothing() {
        CallException failed =
                catchThrowableOfType(CallException.class, () -> app.openAi().call(prompt("sim/500")));

        assertThat(failed.category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(app.simulator.stats().attemptsPerCall())
                .isEqualTo(Map.of(failed.report().callId(), 3L));
    }

    @Test
    void streamsAsTheyCome() {
        List<ChatResponse> parts =
                app.openAi().stream(prompt("sim/tokens=5")).collectList().block();

        assertThat(text(parts)).isEqualTo(Simulator.textOf("sim/tokens=5"));
        assertThat(parts)
                .allSatisfy(part -> assertThat((String) part.getMetadata().get(ResilientChatModel.SERVED_BY))
                        .isEqualTo("openAiChatModel"));
    }

    @Test
    void streamIsTriedAgainBeforeItsFirstContent() {
        List<ChatResponse> parts = app.openAi().stream(prompt("sim/fail=2,status=503"))
                .collectList()
                .block();

        assertThat(text(parts)).isEqualTo(Simulator.textOf("sim/fail=2,status=503"));
        assertThat(app.simulator.stats().attemptsPerCall()).containsValue(3L);
    }

    @ParameterizedTest
    @CsvSource({
        "sim/no-terminal, stream_interrupted",
        "'sim/cut,after=3', stream_interrupted",
        "'sim/error-mid,after=3', stream_interrupted",
        "'sim/stall,after=3', timeout"
    })
    void streamThatIsCutEndsInAnErrorAndIsNotRepeated(String model, String category) {
        StringBuilder seen = new StringBuilder();

        StreamBrokenException broken =
                catchThrowableOfType(StreamBrokenException.class, () -> app.openAi().stream(prompt(model))
                        .doOnNext(part -> seen.append(text(List.of(part))))
                        .blockLast());

        assertThat(broken.category()).hasToString(category);
        assertThat(seen).isNotEmpty();
        assertThat(broken.report().attempts()).hasSize(1);
        assertThat(app.simulator.stats().requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "sim/400, invalid_request, 1",
        "sim/401, auth, 1",
        "sim/404, not_found, 1",
        "'sim/429,retry-after-ms=5', rate_limit, 3",
        "sim/500, server_error, 3",
        "sim/503, server_error, 3",
        "sim/empty, empty_response, 3",
        "sim/refuse, network, 3",
        "sim/cut, stream_interrupted, 3"
    })
    void errorsAreKnownForWhatTheyAre(String model, String category, int requests) {
        CallException failed =
                catchThrowableOfType(CallException.class, () -> app.openAi().call(prompt(model)));

        assertThat(failed.category()).hasToString(category);
        assertThat(failed.report().attempts()).hasSize(requests);
        if (!model.contains("refuse")) {
            assertThat(app.simulator.stats().requests()).isEqualTo(requests);
        }
    }

    @Test
    void exceptionOfTheClientIsTheCause() {
        CallException failed =
                catchThrowableOfType(CallException.class, () -> app.openAi().call(prompt("sim/400")));

        assertThat(failed).hasRootCauseInstanceOf(OpenAIServiceException.class);
    }

    @Test
    void statedWaitIsKept() {
        long start = System.nanoTime();
        ChatResponse response = app.openAi().call(prompt("sim/fail=1,status=429,retry-after-ms=700"));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(700));
        assertThat((Integer) response.getMetadata().get(ResilientChatModel.ATTEMPTS))
                .isEqualTo(2);
    }

    @Test
    void statedWaitBeyondTheDeadlineIsNotSlept() {
        CallException failed = catchThrowableOfType(CallException.class, () -> app.openAi()
                .with(CallOptions.deadline(Duration.ofSeconds(20)))
                .call(prompt("sim/429,retry-after=3600")));

        assertThat(failed.retryAfter()).isGreaterThan(Duration.ofMinutes(50));
        assertThat(app.simulator.stats().requests()).isEqualTo(1);
    }

    @Test
    void requestThatHangsIsEndedAtTheProviderToo() {
        CallException failed = catchThrowableOfType(CallException.class, () -> app.openAi()
                .with(CallOptions.deadline(Duration.ofSeconds(2)))
                .call(prompt("sim/hang")));

        assertThat(failed.category()).isEqualTo(Category.TIMEOUT);
        awaitCancelled(1);
    }

    @Test
    void streamThatNeverBeginsIsEndedAndTriedAgain() {
        CallException failed = catchThrowableOfType(CallException.class, () -> app.openAi().stream(prompt("sim/hang"))
                .blockLast());

        assertThat(failed.category()).isEqualTo(Category.TIMEOUT);
        assertThat(failed.report().attempts()).hasSize(3);
        awaitCancelled(3);
    }

    @Test
    void cancellingTheFluxCancelsTheRequest() {
        List<Map<Category, Long>> failures = failures();
        Disposable reading =
                app.openAi().stream(prompt("sim/tokens=1000,rate=20")).subscribe();
        awaitOpen();

        reading.dispose();

        awaitCancelled(1);
        assertThat(failures()).isEqualTo(failures);
    }

    @Test
    void takingTheFirstPartCancelsTheRest() {
        app.openAi().stream(prompt("sim/tokens=1000,rate=20")).take(2).blockLast();

        awaitCancelled(1);
    }

    private static List<Map<Category, Long>> failures() {
        return app.bean(Holdfast.class).targets().stream()
                .map(TargetInfo::failures)
                .toList();
    }

    private static void awaitOpen() {
        Await.until(() -> app.simulator.stats().open() == 1);
    }

    private static void awaitCancelled(int requests) {
        Await.until(() -> app.simulator.stats().open() == 0);
        assertThat(app.simulator.stats().cancelled()).isEqualTo(requests);
    }
}

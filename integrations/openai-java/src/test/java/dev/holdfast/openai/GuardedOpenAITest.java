// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.holdfast.RealHoldfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.RetryConfig;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The official client with our engine at its HTTP client, over sockets. */
class GuardedOpenAITest {
    private Simulator simulator;
    private RealHoldfast holdfast;

    /** What carries the requests. */
    enum Below {
        OWN_TRANSPORT,
        OKHTTP
    }

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
        holdfast = engine(TimeoutConfig.defaults()
                .withFirstContent(Duration.ofSeconds(20))
                .withIdle(Duration.ofSeconds(20))
                .withAttempt(Duration.ofSeconds(60)));
    }

    @AfterEach
    void everythingHasComeBack() {
        holdfast.awaitAllReturned();
        await(() -> simulator.stats().open() == 0);
        holdfast.close();
        simulator.close();
    }

    private static RealHoldfast engine(TimeoutConfig timeouts) {
        Backoff soon = Backoff.exponential(Duration.ofMillis(20), 2, Duration.ofMillis(200));
        return new RealHoldfast(builder -> builder.config(ResilienceConfig.defaults()
                .withRetry(RetryConfig.defaults().withBackoff(soon))
                .withTimeouts(timeouts)));
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30)) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private ClientOptions.Builder options() {
        return ClientOptions.builder()
                .baseUrl(simulator.baseUri() + "/v1")
                .apiKey("test-key")
                .maxRetries(2);
    }

    private GuardedHttpClient http(Below below) {
        GuardedHttpClient.Builder builder = GuardedHttpClient.builder(holdfast.engine);
        return below == Below.OWN_TRANSPORT
                ? builder.build()
                : builder.around(OkHttpClient.builder().build()).build();
    }

    private OpenAIClient client(Below below) {
        return GuardedOpenAI.client(options(), http(below));
    }

    private static ChatCompletionCreateParams question(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("hello")
                .putAdditionalHeader("x-sim-call", "one")
                .build();
    }

    private static String text(ChatCompletion completion) {
        return completion.choices().get(0).message().content().orElse("");
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        StringBuilder text = new StringBuilder();
        for (ChatCompletionChunk chunk : chunks) {
            chunk.choices()
                    .forEach(choice -> text.append(choice.delta().content().orElse("")));
        }
        return text.toString();
    }

    private static List<ChatCompletionChunk> read(OpenAIClient client, String model) {
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(question(model))) {
            stream.stream().forEach(chunks::add);
        }
        return chunks;
    }

    private long requests() {
        return simulator.stats().requests();
    }

    @ParameterizedTest
    @EnumSource
    void answersPlainAndStreamedAreTheProvidersOwn(Below below) {
        OpenAIClient client = client(below);

        assertThat(text(client.chat().completions().create(question("sim/ok")))).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(text(read(client, "sim/tokens=30"))).isEqualTo(Simulator.textOf("sim/tokens=30"));
        assertThat(requests()).isEqualTo(2);
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void twoFailuresAreRetriedByOneLayer(Below below) {
        OpenAIClient client = client(below);

        String plain = text(client.chat().completions().create(question("sim/fail=2")));
        String streamed = text(read(client, "sim/fail=2,status=529"));

        assertThat(plain).isEqualTo(Simulator.textOf("sim/fail=2"));
        assertThat(streamed).isEqualTo(Simulator.textOf("sim/fail=2,status=529"));
        assertThat(requests()).isEqualTo(6);
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void attemptsNeverMultiplyEvenIfTheClientIsToldToRetry(Below below) {
        OpenAIClient client = client(below).withOptions(options -> options.maxRetries(4));

        assertThatThrownBy(() -> client.chat().completions().create(question("sim/500")))
                .isInstanceOf(InternalServerException.class);
        assertThat(requests()).isEqualTo(3);
        assertThatThrownBy(() -> client.chat().completions().create(question("sim/refuse")))
                .isInstanceOfSatisfying(GuardedCallException.class, failed -> {
                    assertThat(failed.category()).isEqualTo(Category.NETWORK);
                    assertThat(failed.report().attempts()).hasSize(3);
                });
        assertThat(requests()).isEqualTo(6);
        client.close();
    }

    @Test
    void aRefusalIsTheClientsOwnExceptionWithAllThatTheServerSaid() {
        RateLimitException refused = catchThrowableOfType(
                RateLimitException.class,
                () -> client(Below.OWN_TRANSPORT).chat().completions().create(question("sim/429,retry-after=3600")));

        assertThat(refused.headers().values("retry-after")).containsExactly("3600");
        assertThat(refused.headers().values("x-should-retry")).containsExactly("false");
        assertThat(refused.headers().values("x-holdfast-category")).containsExactly("rate_limit");
        assertThat(requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim/400", "sim/401", "sim/404", "sim/422"})
    void theHopelessIsNotRetried(String model) {
        assertThatThrownBy(
                        () -> client(Below.OWN_TRANSPORT).chat().completions().create(question(model)))
                .isInstanceOf(com.openai.errors.OpenAIServiceException.class);

        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void aStatedWaitIsKept() {
        long start = System.nanoTime();

        String answer = text(client(Below.OWN_TRANSPORT)
                .chat()
                .completions()
                .create(question("sim/fail=1,status=429,retry-after-ms=1500")));

        assertThat(answer).isNotEmpty();
        assertThat(requests()).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatBreaksBeforeItsContentIsRetried(Below below) {
        OpenAIClient client = client(below);

        assertThat(catchThrowable(() -> read(client, "sim/meta-then-error")))
                .isInstanceOfSatisfying(GuardedCallException.class, failed -> {
                    assertThat(failed.category().targetAtFault()).isTrue();
                    assertThat(failed.report().attempts()).hasSize(3);
                });
        assertThat(requests()).isEqualTo(3);
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim/cut,after=4", "sim/no-terminal", "sim/error-mid,after=4", "sim/reset,after=4"})
    void aStreamThatBreaksAfterItsContentEndsInAnExceptionAndIsNotRepeated(String model) {
        for (Below below : Below.values()) {
            OpenAIClient client = client(below);
            List<ChatCompletionChunk> seen = new ArrayList<>();

            Throwable broken = catchThrowable(() -> {
                try (StreamResponse<ChatCompletionChunk> stream =
                        client.chat().completions().createStreaming(question(model))) {
                    stream.stream().forEach(seen::add);
                }
            });

            assertThat(broken)
                    .as(below + " " + model)
                    .isInstanceOfSatisfying(GuardedCallException.class, failed -> assertThat(failed.category())
                            .isIn(Category.STREAM_INTERRUPTED, Category.OVERLOADED, Category.SERVER_ERROR));
            assertThat(text(seen)).isNotEmpty();
            assertThat(Simulator.textOf(model)).startsWith(text(seen));
            client.close();
        }
        assertThat(requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim/empty", "sim/502,as=nginx"})
    void whatIsNoAnswerIsNeverASuccess(String model) {
        assertThatThrownBy(() -> read(client(Below.OWN_TRANSPORT), model))
                .isInstanceOf(com.openai.errors.OpenAIException.class);
        assertThat(requests()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aStallEndsAtTheIdleTimeoutAndAHealthyStreamOutlastsEveryTimeout(Below below) {
        holdfast.close();
        holdfast = engine(TimeoutConfig.defaults().withIdle(Duration.ofSeconds(2)));
        OpenAIClient client = client(below).withOptions(options -> options.timeout(Duration.ofSeconds(2)));

        String slow = text(read(client, "sim/tokens=40,rate=10"));
        Throwable stalled = catchThrowable(() -> read(client, "sim/stall,after=3"));

        assertThat(slow).isEqualTo(Simulator.textOf("sim/tokens=40,rate=10"));
        assertThat(stalled).isInstanceOfSatisfying(GuardedCallException.class, failed -> assertThat(failed.category())
                .isEqualTo(Category.TIMEOUT));
        assertThat(requests()).isEqualTo(2);
        client.close();
    }

    @Test
    void closingAStreamCancelsUpstreamAndCountsAgainstNobody() {
        try (StreamResponse<ChatCompletionChunk> stream =
                client(Below.OWN_TRANSPORT).chat().completions().createStreaming(question("sim/tokens=5000,rate=50"))) {
            stream.stream().limit(3).forEach(chunk -> {});
        }

        await(() -> simulator.stats().cancelled() == 1);
        assertThat(holdfast.engine.targets())
                .allSatisfy(target -> assertThat(target.circuit().state()).isEqualTo(CircuitState.CLOSED));
    }

    @Test
    void anotherEndpointServesWhatTheFirstCannot() throws IOException {
        try (Simulator other = Simulator.start(SimulatorOptions.defaults())) {
            GuardedHttpClient http = GuardedHttpClient.builder(holdfast.engine)
                    .failover(other.baseUri() + "/v1", "other-key", "sim/tokens=7")
                    .build();
            OpenAIClient client = GuardedOpenAI.client(options(), http);

            assertThat(text(client.chat().completions().create(question("sim/503"))))
                    .isEqualTo(Simulator.textOf("sim/tokens=7"));
            assertThat(text(read(client, "sim/meta-then-error"))).isEqualTo(Simulator.textOf("sim/tokens=7"));
            assertThat(other.stats().byModel()).containsOnlyKeys("sim/tokens=7");
        }
    }

    @Test
    void theAsynchronousClientIsGuardedAlike() throws Exception {
        var client = GuardedOpenAI.async(options(), holdfast.engine);
        List<ChatCompletionChunk> seen = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        List<Throwable> errors = new ArrayList<>();

        String plain =
                text(client.chat().completions().create(question("sim/fail=1")).get(30, TimeUnit.SECONDS));
        client.chat()
                .completions()
                .createStreaming(question("sim/cut,after=4"))
                .subscribe(new com.openai.core.http.AsyncStreamResponse.Handler<>() {
                    @Override
                    public void onNext(ChatCompletionChunk chunk) {
                        seen.add(chunk);
                    }

                    @Override
                    public void onComplete(java.util.Optional<Throwable> error) {
                        error.ifPresent(errors::add);
                        ended.countDown();
                    }
                });

        assertThat(plain).isEqualTo(Simulator.textOf("sim/fail=1"));
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(errors).singleElement().isInstanceOf(GuardedCallException.class);
        assertThat(text(seen)).isNotEmpty();
        client.close();
    }

    @Test
    void embeddingsAndModelListsPassThroughGuarded() {
        OpenAIClient client = client(Below.OWN_TRANSPORT);

        var vectors = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("sim/fail=1")
                        .input("hello")
                        .build());

        assertThat(vectors.data()).hasSize(1);
        assertThat(client.models().list().data()).isNotEmpty();
        assertThat(requests()).isEqualTo(2);
    }
}

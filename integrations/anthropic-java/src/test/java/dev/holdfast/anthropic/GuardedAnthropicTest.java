// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClientAsync;
import com.anthropic.core.http.AsyncStreamResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.holdfast.Await;
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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The official client with our engine as its interceptor, over sockets. */
class GuardedAnthropicTest {
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
        Await.until(() -> simulator.stats().open() == 0);
        holdfast.close();
        simulator.close();
    }

    private static RealHoldfast engine(TimeoutConfig timeouts) {
        Backoff soon = Backoff.exponential(Duration.ofMillis(20), 2, Duration.ofMillis(200));
        return new RealHoldfast(builder -> builder.config(ResilienceConfig.defaults()
                .withRetry(RetryConfig.defaults().withBackoff(soon))
                .withTimeouts(timeouts)));
    }

    private GuardedInterceptor interceptor(Below below) {
        GuardedInterceptor.Builder builder = GuardedInterceptor.builder(holdfast.engine);
        return below == Below.OWN_TRANSPORT ? builder.ownTransport().build() : builder.build();
    }

    private AnthropicOkHttpClient.Builder options() {
        return AnthropicOkHttpClient.builder()
                .baseUrl(simulator.baseUri().toString())
                .apiKey("test-key")
                .maxRetries(2);
    }

    private AnthropicClient client(Below below) {
        return GuardedAnthropic.client(options(), interceptor(below));
    }

    private static MessageCreateParams question(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(500)
                .addUserMessage("hello")
                .build();
    }

    private static String text(Message message) {
        return message.content().get(0).asText().text();
    }

    private static String text(List<RawMessageStreamEvent> events) {
        StringBuilder text = new StringBuilder();
        for (RawMessageStreamEvent event : events) {
            event.contentBlockDelta()
                    .flatMap(delta -> delta.delta().text())
                    .ifPresent(delta -> text.append(delta.text()));
        }
        return text.toString();
    }

    private static void read(AnthropicClient client, String model, List<RawMessageStreamEvent> seen) {
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(question(model))) {
            stream.stream().forEach(seen::add);
        }
    }

    private static String read(AnthropicClient client, String model) {
        List<RawMessageStreamEvent> seen = new ArrayList<>();
        read(client, model, seen);
        return text(seen);
    }

    private long requests() {
        return simulator.stats().requests();
    }

    @ParameterizedTest
    @EnumSource
    void answersPlainAndStreamedAreTheProvidersOwn(Below below) {
        AnthropicClient client = client(below);

        assertThat(text(client.messages().create(question("sim/ok")))).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(read(client, "sim/tokens=30")).isEqualTo(Simulator.textOf("sim/tokens=30"));
        assertThat(requests()).isEqualTo(2);
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void twoFailuresAreRetriedByOneLayer(Below below) {
        AnthropicClient client = client(below);

        String plain = text(client.messages().create(question("sim/fail=2")));
        String streamed = read(client, "sim/fail=2,status=529");

        assertThat(plain).isEqualTo(Simulator.textOf("sim/fail=2"));
        assertThat(streamed).isEqualTo(Simulator.textOf("sim/fail=2,status=529"));
        assertThat(requests()).isEqualTo(6);
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void attemptsNeverMultiplyEvenIfTheClientRetries(Below below) {
        // added by hand, to a client whose own retries are on
        AnthropicClient client =
                options().maxRetries(4).addInterceptor(interceptor(below)).build();

        assertThatThrownBy(() -> client.messages().create(question("sim/529")))
                .isInstanceOf(AnthropicServiceException.class);
        assertThat(requests()).isEqualTo(3);
        assertThatThrownBy(() -> client.messages().create(question("sim/refuse")))
                .isInstanceOfSatisfying(GuardedCallException.class, failed -> {
                    assertThat(failed.category()).isEqualTo(Category.NETWORK);
                    assertThat(failed.report().attempts()).hasSize(3);
                });
        assertThat(requests()).isEqualTo(6);
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void aWaitThatIsTooLongIsNotSleptAndReachesTheCaller(Below below) {
        AnthropicClient client = client(below);

        RateLimitException refused = catchThrowableOfType(
                RateLimitException.class, () -> client.messages().create(question("sim/429,retry-after=3600")));

        assertThat(refused.headers().values("retry-after")).containsExactly("3600");
        assertThat(refused.headers().values("x-holdfast-category")).containsExactly("rate_limit");
        assertThat(requests()).isEqualTo(1);
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim/400", "sim/401", "sim/404", "sim/413"})
    void theHopelessIsNotRetried(String model) {
        assertThatThrownBy(() -> client(Below.OKHTTP).messages().create(question(model)))
                .isInstanceOf(AnthropicServiceException.class);

        assertThat(requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim/cut,after=4", "sim/no-terminal", "sim/error-mid,after=4", "sim/reset,after=4"})
    void aStreamThatBreaksAfterItsContentEndsInAnExceptionAndIsNotRepeated(String model) {
        for (Below below : Below.values()) {
            AnthropicClient client = client(below);
            List<RawMessageStreamEvent> seen = new ArrayList<>();

            Throwable broken = catchThrowable(() -> read(client, model, seen));

            assertThat(broken)
                    .as(below + " " + model)
                    .isInstanceOfSatisfying(GuardedCallException.class, failed -> assertThat(failed.category())
                            .isIn(Category.STREAM_INTERRUPTED, Category.OVERLOADED));
            assertThat(text(seen)).isNotEmpty();
            assertThat(Simulator.textOf(model)).startsWith(text(seen));
            client.close();
        }
        assertThat(requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim/empty", "sim/meta-then-error", "sim/error-first"})
    void whatHasNoContentIsRetriedAndNeverASuccess(String model) {
        assertThatThrownBy(() -> read(client(Below.OKHTTP), model)).isInstanceOf(AnthropicException.class);
        assertThat(requests()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aStallEndsAtTheIdleTimeoutAndAHealthyStreamOutlastsEveryTimeout(Below below) {
        holdfast.close();
        holdfast = engine(TimeoutConfig.defaults().withIdle(Duration.ofSeconds(2)));
        AnthropicClient client = GuardedAnthropic.client(options().timeout(Duration.ofSeconds(2)), interceptor(below));

        String slow = read(client, "sim/tokens=40,rate=10");
        Throwable stalled = catchThrowable(() -> read(client, "sim/stall,after=3"));

        assertThat(slow).isEqualTo(Simulator.textOf("sim/tokens=40,rate=10"));
        assertThat(stalled).isInstanceOfSatisfying(GuardedCallException.class, failed -> assertThat(failed.category())
                .isEqualTo(Category.TIMEOUT));
        assertThat(requests()).isEqualTo(2);
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void closingAStreamCancelsUpstreamAndCountsAgainstNobody(Below below) {
        AnthropicClient client = client(below);
        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(question("sim/tokens=5000,rate=50"))) {
            stream.stream().limit(4).forEach(event -> {});
        }

        Await.until(() -> simulator.stats().cancelled() == 1);
        assertThat(holdfast.engine.targets())
                .allSatisfy(target -> assertThat(target.circuit().state()).isEqualTo(CircuitState.CLOSED));
        client.close();
    }

    @Test
    void anotherEndpointServesWhatTheFirstCannot() throws IOException {
        try (Simulator other = Simulator.start(SimulatorOptions.defaults())) {
            GuardedInterceptor interceptor = GuardedInterceptor.builder(holdfast.engine)
                    .ownTransport()
                    .failover(other.baseUri().toString(), "other-key", "sim/tokens=7")
                    .build();
            AnthropicClient client = GuardedAnthropic.client(options(), interceptor);

            assertThat(text(client.messages().create(question("sim/529")))).isEqualTo(Simulator.textOf("sim/tokens=7"));
            assertThat(read(client, "sim/meta-then-error")).isEqualTo(Simulator.textOf("sim/tokens=7"));
            assertThat(other.stats().byModel()).containsOnlyKeys("sim/tokens=7");
        }
        assertThatThrownBy(() -> GuardedInterceptor.builder(holdfast.engine)
                        .failover("http://localhost", null, null)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ownTransport()");
    }

    @ParameterizedTest
    @EnumSource
    void theAsynchronousClientIsGuardedAlike(Below below) throws Exception {
        var client = GuardedAnthropic.async(
                AnthropicOkHttpClientAsync.builder()
                        .baseUrl(simulator.baseUri().toString())
                        .apiKey("test-key"),
                interceptor(below));
        List<RawMessageStreamEvent> seen = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);

        String plain = text(client.messages().create(question("sim/fail=1")).get(30, TimeUnit.SECONDS));
        client.messages().createStreaming(question("sim/cut,after=4")).subscribe(new AsyncStreamResponse.Handler<>() {
            @Override
            public void onNext(RawMessageStreamEvent event) {
                seen.add(event);
            }

            @Override
            public void onComplete(Optional<Throwable> error) {
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
}

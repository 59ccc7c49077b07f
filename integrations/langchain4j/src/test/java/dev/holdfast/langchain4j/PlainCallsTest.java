// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.CallException;
import dev.holdfast.Holdfast;
import dev.holdfast.RealHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.langchain4j.http.HttpResponseException;
import dev.holdfast.langchain4j.http.OnePage;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Plain calls of LangChain4j's models over real sockets; the models have their default of two retries throughout. */
@Timeout(120)
class PlainCallsTest {
    private static Simulator simulator;
    private RealHoldfast real;
    private Holdfast engine;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void fresh() {
        simulator.reset();
        real = new RealHoldfast(builder -> builder.config(Houses.quick()));
        engine = real.engine;
    }

    @AfterEach
    void everythingIsReturned() {
        real.awaitAllReturned();
        real.close();
    }

    private ResilientChatModel over(Houses house, String model) {
        return ResilientChatModel.builder()
                .route("only", house.plain(simulator, model))
                .holdfast(engine)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerIsTheModelsOwn(Houses house) {
        ChatResponse answer = over(house, "sim/ok")
                .chat(ChatRequest.builder().messages(UserMessage.from("hi")).build());

        assertThat(answer.aiMessage().text()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource
    void aFailureThatPassesIsRepeatedHereAndNowhereElse(Houses house) {
        String text = over(house, "sim/fail=2").chat("hi");

        assertThat(text).isEqualTo(Simulator.textOf("sim/fail=2"));
        assertThat(simulator.stats().attemptsPerCall()).hasSize(1).containsValue(3L);
    }

    /** Three attempts of ours, none of the two retries that each model has of its own: three requests and not nine. */
    @ParameterizedTest
    @EnumSource
    void retriesOfTheModelsDoNotMultiplyOurs(Houses house) {
        Throwable thrown = catchThrowable(() -> over(house, "sim/500").chat("hi"));

        assertThat(thrown).isInstanceOf(InternalServerException.class).hasCauseInstanceOf(CallException.class);
        assertThat(((CallException) thrown.getCause()).report().attempts()).hasSize(3);
        assertThat(simulator.stats().attemptsPerCall()).hasSize(1).containsValue(3L);
    }

    static Stream<Arguments> hopeless() {
        return Stream.of(Houses.values())
                .flatMap(house -> Stream.of(
                        Arguments.of(house, "sim/400", Category.INVALID_REQUEST, InvalidRequestException.class),
                        Arguments.of(house, "sim/401", Category.AUTH, AuthenticationException.class),
                        Arguments.of(house, "sim/404", Category.NOT_FOUND, ModelNotFoundException.class),
                        Arguments.of(house, "sim/402", Category.QUOTA_EXHAUSTED, RateLimitException.class)));
    }

    @ParameterizedTest
    @MethodSource("hopeless")
    void whatIsHopelessIsAskedOnce(Houses house, String model, Category category, Class<?> type) {
        Throwable thrown = catchThrowable(() -> over(house, model).chat("hi"));

        assertThat(thrown).isInstanceOf(type).hasCauseInstanceOf(CallException.class);
        assertThat(((CallException) thrown.getCause()).category()).isEqualTo(category);
        assertThat(simulator.stats().requests()).isEqualTo(1);
    }

    /** Status and class say that it passes; the code says that it does not. */
    @Test
    void anAccountWithoutCreditIsAskedOnce() throws IOException {
        String body = "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\","
                + "\"code\":\"insufficient_quota\"}}";
        try (OnePage page = new OnePage(429, "application/json", body)) {
            ChatModel model = ResilientChatModel.builder()
                    .route(
                            "only",
                            OpenAiChatModel.builder()
                                    .httpClientBuilder(Houses.http())
                                    .baseUrl(page.uri() + "/v1")
                                    .apiKey("k")
                                    .modelName("m")
                                    .build())
                    .holdfast(engine)
                    .build();

            Throwable thrown = catchThrowable(() -> model.chat("hi"));

            assertThat(thrown).isInstanceOf(RateLimitException.class);
            assertThat(((CallException) thrown.getCause()).category()).isEqualTo(Category.QUOTA_EXHAUSTED);
            assertThat(page.requests()).isEqualTo(1);
        }
    }

    @Test
    void theKeyOfACallGoesWithItsRequests() throws IOException {
        try (OnePage page = new OnePage(503, "application/json", "{}")) {
            ChatModel model = ResilientChatModel.builder()
                    .route(
                            "only",
                            OpenAiChatModel.builder()
                                    .httpClientBuilder(Houses.http())
                                    .baseUrl(page.uri() + "/v1")
                                    .apiKey("k")
                                    .modelName("m")
                                    .build())
                    .holdfast(engine)
                    .build();
            ChatRequestOptions options = ChatRequestOptions.builder()
                    .addListenerAttribute(CallAttribute.IDEMPOTENCY_KEY, "order-4711")
                    .addListenerAttribute(CallAttribute.MAX_ATTEMPTS, 2)
                    .build();

            Throwable thrown = catchThrowable(() -> model.chat(
                    ChatRequest.builder().messages(UserMessage.from("hi")).build(), options));

            CallException call = (CallException) thrown.getCause();
            assertThat(page.requests()).isEqualTo(2);
            assertThat(page.header("Idempotency-Key")).isEqualTo("order-4711");
            assertThat(page.header("x-holdfast-call-id"))
                    .isEqualTo(call.report().callId());
        }
    }

    /** A model that repeats whatever the error says gets the same error again, and no request. */
    @ParameterizedTest
    @EnumSource
    void aModelThatInsistsOnRepeatingSendsNothing(Houses house) {
        ChatModel real = house.plain(simulator, "sim/503");
        ChatModel stubborn = new ChatModel() {
            @Override
            public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
                try {
                    return real.chat(request, options);
                } catch (RuntimeException e) {
                    return real.chat(request, options);
                }
            }
        };

        Throwable thrown = catchThrowable(() -> ResilientChatModel.builder()
                .route("only", stubborn)
                .holdfast(engine)
                .build()
                .chat("hi"));

        assertThat(thrown).isInstanceOf(InternalServerException.class);
        assertThat(simulator.stats().attemptsPerCall()).hasSize(1).containsValue(3L);
    }

    /** Without our client below, attempts multiply: this is why models there need {@code maxRetries(0)}. */
    @Test
    void onAnotherClientTheModelsRetriesMultiplyOursUnlessTheyAreOff() {
        OpenAiChatModel.OpenAiChatModelBuilder builder = OpenAiChatModel.builder()
                .baseUrl(simulator.baseUri() + "/v1")
                .apiKey("k")
                .modelName("sim/500");

        for (int retries : new int[] {2, 0}) {
            simulator.reset();
            ChatModel model = ResilientChatModel.builder()
                    .route("only-" + retries, builder.maxRetries(retries).build())
                    .holdfast(engine)
                    .build();

            assertThat(catchThrowable(() -> model.chat("hi"))).isInstanceOf(InternalServerException.class);
            assertThat(simulator.stats().requests()).isEqualTo(3 * (1 + retries));
        }
    }

    /** LangChain4j's own clients throw the header away and pause for half a second. */
    @ParameterizedTest
    @EnumSource
    void aStatedWaitIsKept(Houses house) {
        ResilientChatModel model = over(house, "sim/fail=1,status=429,retry-after-ms=700");

        long startNanos = System.nanoTime();
        model.chat("hi");

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(700));
        assertThat(simulator.stats().attemptsPerCall()).containsValue(2L);
    }

    @ParameterizedTest
    @EnumSource
    void aStatedWaitIsInTheErrorWhenItIsTooLong(Houses house) {
        Throwable thrown =
                catchThrowable(() -> over(house, "sim/429,retry-after=3600").chat("hi"));

        assertThat(thrown).isInstanceOf(RateLimitException.class);
        CallException call = (CallException) thrown.getCause();
        assertThat(call.retryAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(call).hasCauseInstanceOf(HttpResponseException.class);
        assertThat(((HttpResponseException) call.getCause()).headers()).containsKey("Retry-After");
        assertThat(simulator.stats().requests()).isEqualTo(1);
    }

    static Stream<Arguments> broken() {
        return Stream.of(Houses.values()).flatMap(house -> Map.of(
                        "sim/error-first", InternalServerException.class,
                        "sim/522,as=cloudflare", TimeoutException.class,
                        "sim/malformed", InternalServerException.class,
                        "sim/empty", InternalServerException.class,
                        "sim/cut", LangChain4jException.class,
                        "sim/reset", LangChain4jException.class,
                        "sim/refuse", LangChain4jException.class)
                .entrySet()
                .stream()
                .map(row -> Arguments.of(house, row.getKey(), row.getValue())));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void anAnswerThatIsNoneFailsOverToTheOtherDialect(Houses house, String fault, Class<?> type) {
        Houses other = house == Houses.OPENAI ? Houses.ANTHROPIC : Houses.OPENAI;
        ChatModel broken = house.plain(simulator, fault);
        ResilientChatModel alone = ResilientChatModel.builder()
                .route("alone", broken)
                .holdfast(engine)
                .build();
        ResilientChatModel both = ResilientChatModel.builder()
                .route("first", broken)
                .route("second", other.plain(simulator, "sim/ok"))
                .holdfast(engine)
                .build();

        assertThat(both.chat("hi")).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(simulator.stats().byModel()).containsEntry(fault, 1L);
        assertThat(catchThrowable(() -> alone.chat("hi"))).isInstanceOf(type);
    }
}

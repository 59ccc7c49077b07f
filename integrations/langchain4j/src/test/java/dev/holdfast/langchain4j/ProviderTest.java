// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.CallException;
import dev.holdfast.RealHoldfast;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EmbeddingResponse;
import dev.holdfast.llm.EventStream;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** LangChain4j's models as targets of ours, over real sockets. */
@Timeout(120)
class ProviderTest {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"port\":{\"type\":\"string\",\"minLength\":2},"
                    + "\"berths\":{\"type\":\"integer\",\"minimum\":1}},\"required\":[\"port\",\"berths\"],"
                    + "\"additionalProperties\":false}";

    private static Simulator simulator;
    private RealHoldfast real;

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
        real = new RealHoldfast(builder -> builder.config(
                Houses.quick().withTimeouts(TimeoutConfig.defaults().withIdle(Duration.ofSeconds(3)))));
    }

    @AfterEach
    void everythingIsReturned() {
        real.awaitAllReturned();
        real.close();
    }

    private static LangChain4jProvider provider(Houses house, String model) {
        return LangChain4jProvider.builder(house + "/" + model)
                .chat(house.plain(simulator, model))
                .streaming(house.streaming(simulator, model))
                .build();
    }

    private Llm over(LangChain4jProvider... providers) {
        Llm.Builder builder = Llm.builder().holdfast(real.engine);
        for (LangChain4jProvider provider : providers) {
            builder.provider(provider);
        }
        return builder.build();
    }

    private static List<StreamEvent> read(Llm llm, LlmRequest request) {
        List<StreamEvent> events = new ArrayList<>();
        try (EventStream stream = llm.blocking().stream(request)) {
            stream.forEach(events::add);
        }
        return events;
    }

    private static StreamEvent last(List<StreamEvent> events) {
        return events.get(events.size() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerIsReadWhole(Houses house) {
        LlmResponse answer = over(provider(house, "sim/ok")).blocking().complete("hi");

        assertThat(answer.text()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.usage().outputTokens()).isEqualTo(20);
        assertThat(answer.report().attempts()).hasSize(1);
        assertThat(answer.translation()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamIsReadAsEvents(Houses house) {
        List<StreamEvent> events = read(over(provider(house, "sim/ok")), LlmRequest.of("hi"));

        assertThat(events).filteredOn(StreamEvent.TextDelta.class::isInstance).hasSize(20);
        assertThat(events).filteredOn(StreamEvent.TextEnd.class::isInstance).hasSize(1);
        StreamEvent.Finish finish = (StreamEvent.Finish) last(events);
        assertThat(finish.response().text()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(finish.response().usage().outputTokens()).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource
    void faultsAreRetriedByTheEngineAlone(Houses house) {
        Llm llm = over(provider(house, "sim/fail=2"));
        assertThat(llm.blocking().complete("hi").text()).isEqualTo(Simulator.textOf("sim/fail=2"));
        assertThat(simulator.stats().requests()).isEqualTo(3);

        Throwable thrown =
                catchThrowable(() -> over(provider(house, "sim/500")).blocking().complete("hi"));
        assertThat(((CallException) thrown).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(simulator.stats().requests()).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource
    void streamsFailOverBeforeTheirContentAndAreHonestAfterIt(Houses house) {
        Houses other = house == Houses.OPENAI ? Houses.ANTHROPIC : Houses.OPENAI;

        List<StreamEvent> saved =
                read(over(provider(house, "sim/meta-then-error"), provider(other, "sim/ok")), LlmRequest.of("hi"));
        List<StreamEvent> cut = read(over(provider(house, "sim/cut,after=4")), LlmRequest.of("hi"));

        assertThat(last(saved)).isInstanceOf(StreamEvent.Finish.class);
        assertThat(((StreamEvent.Finish) last(saved)).response().text()).isEqualTo(Simulator.textOf("sim/ok"));
        StreamEvent.Error error = (StreamEvent.Error) last(cut);
        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error.textSoFar()).isNotEmpty();
        assertThat(error.report().attempts()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void toolsGoBothWays(Houses house) {
        Llm llm = over(provider(house, "sim/tool"));
        LlmRequest request = LlmRequest.builder()
                .system("Be brief.")
                .user("a berth, please")
                .tool(new ToolDefinition("book", "Books a berth", SCHEMA, true))
                .build();

        LlmResponse asked = llm.blocking().complete(request);
        List<StreamEvent> streamed = read(llm, request);

        Content.ToolCall call = asked.toolCalls().get(0);
        assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(call.argumentsJson()).contains("\"port\"", "\"berths\"");
        assertThat(streamed)
                .filteredOn(StreamEvent.ToolCallComplete.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamEvent.ToolCallComplete.class,
                        complete -> assertThat(complete.call().name()).isEqualTo("book"));

        LlmResponse after = llm.blocking()
                .complete(request.withMessage(asked.toMessage())
                        .withMessage(Message.tool(Content.ToolResult.of(call.id(), "berth 1"))));
        assertThat(after.text()).isEqualTo(Simulator.textOf("sim/tool"));
    }

    @ParameterizedTest
    @EnumSource
    void imagesAndFormatsAreCarried(Houses house) {
        LlmRequest request = LlmRequest.builder()
                .message(Message.user(
                        new Content.Text("what is this?"),
                        new Content.ImageData("image/png", "iVBORw0KGgo="),
                        new Content.ImageUrl("https://example.org/a.png", "high")))
                .responseFormat(ResponseFormat.jsonSchema("berth", SCHEMA))
                .build();

        LlmResponse answer = over(provider(house, "sim/json")).blocking().complete(request);

        assertThat(answer.text()).contains("\"port\"", "\"berths\"");
        assertThat(answer.translation())
                .extracting(TranslationNote::path)
                .containsExactly("response_format.json_schema.strict");
    }

    @Test
    void whatCannotBeCarriedIsReported() {
        LlmRequest request = LlmRequest.builder()
                .user("hi")
                .seed(7L)
                .userId("u")
                .metadata("a", "b")
                .parallelToolCalls(false)
                .extraJson("{\"service_tier\":\"flex\"}")
                .tool(new ToolDefinition("book", "", SCHEMA))
                .tool(new ToolDefinition("leave", "", "{\"type\":\"object\",\"properties\":{},\"minProperties\":1}"))
                .toolChoice(ToolChoice.tool("leave"))
                .build();

        LlmResponse answer =
                over(provider(Houses.OPENAI, "sim/tool")).blocking().complete(request);

        assertThat(answer.toolCalls().get(0).name()).isEqualTo("leave");
        assertThat(answer.translation())
                .extracting(TranslationNote::path)
                .containsExactlyInAnyOrder(
                        "seed",
                        "user",
                        "metadata",
                        "parallel_tool_calls",
                        "extraJson",
                        "tool_choice",
                        "tools[1].parameters.minProperties");
    }

    @Test
    void aPartThatCannotBeCarriedGoesToATargetThatCan() {
        LlmRequest request = LlmRequest.builder()
                .message(Message.user(
                        new Content.Text("read"), new Content.Other("openai", "{\"type\":\"file\",\"file\":{}}")))
                .build();
        LangChain4jProvider first = provider(Houses.OPENAI, "sim/ok");

        Throwable alone = catchThrowable(() -> over(first).blocking().complete(request));
        Llm both = Llm.builder()
                .targets("sim/ok,tokens=3")
                .baseUrl("sim", simulator.baseUri() + "/v1")
                .provider(first)
                .holdfast(real.engine)
                .build();

        assertThat(((CallException) alone).category()).isEqualTo(Category.INVALID_REQUEST);
        assertThat(alone).hasMessageContaining("messages[0].content[1]");
        assertThat(simulator.stats().requests()).isZero();
        assertThat(both.blocking().complete(request).text()).isEqualTo(Simulator.textOf("sim/ok,tokens=3"));
    }

    @ParameterizedTest
    @EnumSource
    void eitherKindOfModelDoesTheOthersWork(Houses house) {
        LangChain4jProvider plainOnly = LangChain4jProvider.builder("plain")
                .chat(house.plain(simulator, "sim/ok"))
                .build();
        LangChain4jProvider streamingOnly = LangChain4jProvider.builder("streaming")
                .streaming(house.streaming(simulator, "sim/ok"))
                .build();

        StreamEvent.Finish finish = (StreamEvent.Finish) last(read(over(plainOnly), LlmRequest.of("hi")));
        LlmResponse whole = over(streamingOnly).blocking().complete("hi");

        assertThat(finish.response().text()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(whole.text()).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @ParameterizedTest
    @EnumSource
    void cancellingEndsTheRequest(Houses house) {
        CompletableFuture<LlmResponse> call = over(provider(house, "sim/hang")).complete(LlmRequest.of("hi"));
        await(() -> simulator.stats().open() == 1);
        call.cancel(true);
        await(() -> simulator.stats().cancelled() == 1);

        try (EventStream stream = over(provider(house, "sim/tokens=2000,rate=20")).blocking().stream("hi")) {
            assertThat(stream.iterator().next()).isInstanceOf(StreamEvent.TextDelta.class);
        }
        await(() -> simulator.stats().cancelled() == 2);
    }

    private static void await(java.util.function.BooleanSupplier reached) {
        long start = System.nanoTime();
        while (!reached.getAsBoolean() && System.nanoTime() - start < 30_000_000_000L) {
            Thread.onSpinWait();
        }
        assertThat(reached.getAsBoolean()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void silenceIsEndedByTheEngine(Houses house) {
        List<StreamEvent> events = read(over(provider(house, "sim/stall,after=3")), LlmRequest.of("hi"));

        StreamEvent.Error error = (StreamEvent.Error) last(events);
        assertThat(error.failure().category()).isEqualTo(Category.TIMEOUT);
        assertThat(error.textSoFar()).isNotEmpty();
    }

    @Test
    void vectorsAreReadWhereThereAreAny() {
        LangChain4jProvider provider = LangChain4jProvider.builder("vectors")
                .embeddings(OpenAiEmbeddingModel.builder()
                        .httpClientBuilder(Houses.http())
                        .baseUrl(simulator.baseUri() + "/v1")
                        .apiKey("k")
                        .modelName("sim/ok")
                        .build())
                .build();

        EmbeddingResponse vectors = over(provider).embed(List.of("a", "b")).join();

        assertThat(vectors.vectors()).hasSize(2);
        assertThat(vectors.usage().inputTokens()).isPositive();
        assertThatThrownBy(() -> over(provider(Houses.OPENAI, "sim/ok"))
                        .embed(List.of("a"))
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(CallException.class)
                .hasMessageContaining("has no embedding model");
    }

    @Test
    @Tag("langchain4j-1.18")
    void vectorsHaveTheLengthThatWasAskedFor() {
        LangChain4jProvider provider = LangChain4jProvider.builder("vectors")
                .embeddings(OpenAiEmbeddingModel.builder()
                        .httpClientBuilder(Houses.http())
                        .baseUrl(simulator.baseUri() + "/v1")
                        .apiKey("k")
                        .modelName("sim/ok")
                        .build())
                .build();

        EmbeddingRequest request = EmbeddingRequest.of(List.of("a")).withDimensions(8);

        assertThat(over(provider).embed(request).join().dimensions()).isEqualTo(8);
    }
}

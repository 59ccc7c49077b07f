// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallException;
import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.RealHoldfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams of LangChain4j's models over real sockets, with every fault of the simulator. */
@Timeout(120)
class StreamedCallsTest {
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

    private Heard ask(Houses house, String model) throws InterruptedException {
        return ask(house, model, engine);
    }

    private static Heard ask(Houses house, String model, Holdfast engine) throws InterruptedException {
        Heard heard = new Heard();
        ResilientStreamingChatModel.builder()
                .route("only", house.streaming(simulator, model))
                .holdfast(engine)
                .build()
                .chat("hi", heard);
        return heard.awaitEnd();
    }

    private static RealHoldfast impatient(UnaryOperator<TimeoutConfig> timeouts) {
        ResilienceConfig config =
                Houses.quick().withMaxAttempts(2).withTimeouts(timeouts.apply(TimeoutConfig.defaults()));
        return new RealHoldfast(builder -> builder.config(config));
    }

    @ParameterizedTest
    @EnumSource
    void aStreamIsTheModelsOwn(Houses house) throws InterruptedException {
        Heard heard = ask(house, "sim/ok");

        assertThat(heard.text()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(heard.partials).hasSize(20);
        assertThat(heard.completion().aiMessage().text()).isEqualTo(heard.text());
        assertThat(heard.completion().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(heard.completion().tokenUsage().outputTokenCount()).isEqualTo(20);
        assertThat(simulator.stats().requests()).isEqualTo(1);
    }

    static Stream<Arguments> beforeContent() {
        return Stream.of(Houses.values()).flatMap(house -> Stream.of(
                        "sim/503",
                        "sim/error-first",
                        "sim/meta-then-error",
                        "sim/522,as=cloudflare",
                        "sim/refuse",
                        "sim/reset",
                        "sim/malformed",
                        "sim/cut,after=0",
                        "sim/empty")
                .map(fault -> Arguments.of(house, fault)));
    }

    /** No stream of LangChain4j's own is ever tried again. */
    @ParameterizedTest
    @MethodSource("beforeContent")
    void whatNobodyHasSeenFailsOverToTheOtherDialect(Houses house, String fault) throws InterruptedException {
        Houses other = house == Houses.OPENAI ? Houses.ANTHROPIC : Houses.OPENAI;
        Heard heard = new Heard();
        ResilientStreamingChatModel.builder()
                .route("first", house.streaming(simulator, fault))
                .route("second", other.streaming(simulator, "sim/ok"))
                .holdfast(engine)
                .build()
                .chat("hi", heard);

        heard.awaitEnd();

        assertThat(heard.completion().aiMessage().text()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(heard.text()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(simulator.stats().byModel()).containsEntry(fault, 1L).containsEntry("sim/ok", 1L);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatFailsAtFirstIsTriedAgain(Houses house) throws InterruptedException {
        Heard heard = ask(house, "sim/fail=2");

        assertThat(heard.text()).isEqualTo(Simulator.textOf("sim/fail=2"));
        assertThat(simulator.stats().attemptsPerCall()).hasSize(1).containsValue(3L);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsHopelessIsAskedOnce(Houses house) throws InterruptedException {
        Heard heard = ask(house, "sim/401");

        assertThat(heard.error()).isInstanceOf(AuthenticationException.class).hasCauseInstanceOf(CallException.class);
        assertThat(simulator.stats().requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void anOutageEndsInOneErrorAfterAllAttempts(Houses house) throws InterruptedException {
        Heard heard = ask(house, "sim/500");

        assertThat(heard.error()).isInstanceOf(InternalServerException.class);
        assertThat(simulator.stats().attemptsPerCall()).hasSize(1).containsValue(3L);
    }

    static Stream<Arguments> afterContent() {
        return Stream.of(Houses.values()).flatMap(house -> Stream.of(
                        "sim/cut,after=5", "sim/error-mid,after=5", "sim/reset,after=5", "sim/malformed,after=5")
                .map(fault -> Arguments.of(house, fault)));
    }

    @ParameterizedTest
    @MethodSource("afterContent")
    void aStreamThatBreaksInTheMiddleIsOneErrorWithTheTextSoFar(Houses house, String fault)
            throws InterruptedException {
        Heard heard = ask(house, fault);

        assertThat(heard.error()).isInstanceOf(BrokenStreamException.class);
        BrokenStreamException broken = (BrokenStreamException) heard.error();
        assertThat(broken.textSoFar()).isEqualTo(heard.text()).isNotEmpty();
        assertThat(Simulator.textOf(fault)).startsWith(broken.textSoFar());
        assertThat(broken.report().attempts()).hasSize(1);
        assertThat(simulator.stats().requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamWithoutItsLastEventIsNoAnswer(Houses house) throws InterruptedException {
        Heard heard = ask(house, "sim/no-terminal");

        assertThat(heard.error()).isInstanceOf(BrokenStreamException.class);
        assertThat(((BrokenStreamException) heard.error()).category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(heard.text()).isEqualTo(Simulator.textOf("sim/no-terminal"));
    }

    /** LangChain4j's own clients wait for ever. */
    @ParameterizedTest
    @EnumSource
    void silenceInTheMiddleIsEnded(Houses house) throws InterruptedException {
        try (RealHoldfast impatient = impatient(timeouts -> timeouts.withIdle(Duration.ofMillis(500)))) {
            Heard heard = ask(house, "sim/stall,after=3", impatient.engine);

            assertThat(heard.error()).isInstanceOf(BrokenStreamException.class);
            assertThat(((BrokenStreamException) heard.error()).category()).isEqualTo(Category.TIMEOUT);
            assertThat(heard.partials).hasSize(3);
            impatient.awaitAllReturned();
        }
    }

    @ParameterizedTest
    @EnumSource
    void silenceBeforeTheFirstContentIsTriedAgainAndEnded(Houses house) throws InterruptedException {
        try (RealHoldfast impatient = impatient(timeouts -> timeouts.withFirstContent(Duration.ofMillis(500)))) {
            Heard heard = ask(house, "sim/hang", impatient.engine);

            assertThat(heard.error()).isInstanceOf(TimeoutException.class);
            assertThat(simulator.stats().attemptsPerCall()).containsValue(2L);
            impatient.awaitAllReturned();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHealthyStreamMayTakeLongerThanItsSilence(Houses house) throws InterruptedException {
        try (RealHoldfast impatient = impatient(timeouts -> timeouts.withIdle(Duration.ofSeconds(3)))) {
            Heard heard = ask(house, "sim/tokens=30,rate=8", impatient.engine);

            assertThat(heard.completion().aiMessage().text()).isEqualTo(Simulator.textOf("sim/tokens=30,rate=8"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatLeavesStopsTheServer(Houses house) throws InterruptedException {
        Heard heard = new Heard();
        ResilientStreamingChatModel.builder()
                .route("only", house.streaming(simulator, "sim/tokens=2000,rate=20"))
                .holdfast(engine)
                .build()
                .chat("hi", heard);

        heard.awaitFirst().handle.cancel();

        long start = System.nanoTime();
        while (simulator.stats().cancelled() == 0 && System.nanoTime() - start < 30_000_000_000L) {
            Thread.onSpinWait();
        }
        assertThat(simulator.stats().cancelled()).isEqualTo(1);
        Conservation.awaitAllReturned(engine);
        assertThat(heard.handle.isCancelled()).isTrue();
        assertThat(heard.completions).isEmpty();
        assertThat(heard.errors).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallException;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.structured.InvalidOutputException;
import dev.holdfast.llm.structured.StructuredAnswer;
import dev.holdfast.llm.structured.StructuredConfig;
import dev.holdfast.llm.tool.Tool;
import dev.holdfast.llm.tool.ToolAnswer;
import dev.holdfast.llm.tool.ToolLoopException;
import dev.holdfast.llm.tool.ToolTurnLimitException;
import dev.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools and objects over real sockets, in both dialects; what reached the server is counted there. */
@Timeout(120)
class GuardedToolLoopTest {
    record Place(String city, int days) {}

    private static final LlmRequest ASK = LlmRequest.of("Rain?");

    private final AtomicInteger ran = new AtomicInteger();
    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded();
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    private Tool weather() {
        return Tool.of(
                "weather",
                "Tells the weather",
                Place.class,
                place -> "rain in " + place.city() + " number " + ran.incrementAndGet());
    }

    private static Throwable failure(CompletableFuture<?> call) throws Exception {
        try {
            throw new AssertionError("it did not fail: " + call.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    // Tools.

    @ParameterizedTest
    @ValueSource(strings = {"sim", "sim-anthropic"})
    void aToolRunsOnceAndTheAnswerFollows(String provider) throws Exception {
        ToolAnswer answer = guarded.llm(provider + "/tool")
                .withTools(weather())
                .complete(ASK)
                .get(30, TimeUnit.SECONDS);

        assertThat(answer.text()).isEqualTo(Simulator.textOf("sim/tool"));
        assertThat(answer.turns()).hasSize(2);
        assertThat(answer.turns().get(0).results())
                .extracting(Content.ToolResult::error)
                .containsExactly(false);
        assertThat(answer.usage())
                .isEqualTo(answer.turns()
                        .get(0)
                        .response()
                        .usage()
                        .plus(answer.response().usage()));
        assertThat(ran).hasValue(1);
        assertThat(guarded.requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"sim,1", "sim-anthropic,1"})
    void retriesAreInsideOneTurnAndNeverRunAToolAgain(String provider, int failures) throws Exception {
        ToolAnswer answer = guarded.llm(provider + "/fail=" + failures + ",tool")
                .withTools(weather())
                .complete(ASK)
                .get(30, TimeUnit.SECONDS);

        assertThat(answer.turns()).hasSize(2);
        assertThat(ran).hasValue(1);
        assertThat(guarded.requests()).isEqualTo(failures + 2L);
        assertThat(guarded.simulator.stats().attemptsPerCall().values())
                .as("one call id for the whole loop")
                .containsExactly(failures + 2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim", "sim-anthropic"})
    void aServerThatFailsForGoodIsAskedAsOftenAsOneCallAllowsAndNoMore(String provider) throws Exception {
        ToolLoopException failed = (ToolLoopException)
                failure(guarded.llm(provider + "/fail=9").withTools(weather()).complete(ASK));

        assertThat(failed.category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(failed).hasCauseInstanceOf(CallException.class);
        assertThat(guarded.requests()).isEqualTo(2);
        assertThat(ran).hasValue(0);
    }

    @Test
    void cancellingInterruptsABlockingTool() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Tool blocking = Tool.of("block", "", "{\"type\":\"object\"}", input -> {
            entered.countDown();
            try {
                return new CountDownLatch(1).await(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });

        CompletableFuture<ToolAnswer> call =
                guarded.llm("sim/tool").withTools(blocking).complete(ASK);
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        call.cancel(true);

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(guarded.requests()).isEqualTo(1);
    }

    @Test
    void aBlockingToolThatTakesTooLongIsInterruptedAndTheModelIsTold() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Tool blocking = Tool.of("block", "", "{\"type\":\"object\"}", input -> {
                    try {
                        return new CountDownLatch(1).await(1, TimeUnit.HOURS);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                })
                .withTimeout(Duration.ofMillis(50));

        ToolAnswer answer =
                guarded.llm("sim/tool").withTools(blocking).complete(ASK).get(30, TimeUnit.SECONDS);

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(answer.turns().get(0).results().get(0).error()).isTrue();
    }

    @Test
    void aTurnLimitOfOneRunsNothing() throws Exception {
        assertThat(failure(guarded.llm("sim/tool")
                        .withTools(weather())
                        .withMaxTurns(1)
                        .complete(ASK)))
                .isInstanceOf(ToolTurnLimitException.class);

        assertThat(ran).hasValue(0);
        assertThat(guarded.requests()).isEqualTo(1);
    }

    @Test
    void manyLoopsAtOnceRunEachToolOnce() throws Exception {
        Llm llm = guarded.llm("sim/tool");
        List<CompletableFuture<ToolAnswer>> calls = IntStream.range(0, 50)
                .mapToObj(i -> llm.withTools(weather()).complete(ASK))
                .toList();

        for (CompletableFuture<ToolAnswer> call : calls) {
            assertThat(call.get(20, TimeUnit.SECONDS).turns()).hasSize(2);
        }

        assertThat(ran).hasValue(50);
        assertThat(guarded.requests()).isEqualTo(100);
    }

    // Objects.

    @ParameterizedTest
    @ValueSource(strings = {"sim", "sim-anthropic"})
    void aRecordComesBackAtTheFirstAttempt(String provider) throws Exception {
        StructuredAnswer<Place> answer =
                guarded.llm(provider + "/json").complete(ASK, Place.class).get(30, TimeUnit.SECONDS);

        assertThat(answer.value().city()).isNotEmpty();
        assertThat(answer.attempts()).hasSize(1);
        assertThat(guarded.requests()).isEqualTo(1);
    }

    @Test
    void blockingGivesTheSame() {
        assertThat(guarded.llm("sim/json")
                        .blocking()
                        .complete("Rain?", Place.class)
                        .value()
                        .city())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim", "sim-anthropic"})
    void brokenJsonIsAskedForThreeTimesInAll(String provider) throws Exception {
        InvalidOutputException failed = (InvalidOutputException)
                failure(guarded.llm(provider + "/bad-json").complete(ASK, Place.class));

        assertThat(failed.category()).isEqualTo(Category.INVALID_OUTPUT);
        assertThat(guarded.requests()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim", "sim-anthropic"})
    void failuresOfTheServerAndInvalidAnswersAddUpAndDoNotMultiply(String provider) throws Exception {
        failure(guarded.llm(provider + "/fail=1,bad-json").complete(ASK, Place.class));

        assertThat(guarded.requests()).isEqualTo(1 + 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim", "sim-anthropic"})
    void aServerThatFailsForGoodEndsAStructuredCallToo(String provider) throws Exception {
        assertThat(failure(guarded.llm(provider + "/fail=9").complete(ASK, Place.class)))
                .isInstanceOfSatisfying(
                        CallException.class, e -> assertThat(e.category()).isEqualTo(Category.SERVER_ERROR));

        assertThat(guarded.requests()).isEqualTo(2);
    }

    @Test
    void inWordsAlsoWorks() throws Exception {
        Llm llm = guarded.llm("sim/json");
        StructuredConfig inWords = StructuredConfig.DEFAULTS
                .withMode(StructuredConfig.Mode.PROMPTED)
                .withMaxAttempts(1);

        // The simulator, told of no schema, says some object of its own.
        Throwable failed = failure(llm.structured(inWords).complete(ASK, Place.class));

        assertThat(((InvalidOutputException) failed).problems())
                .allSatisfy(problem -> assertThat(problem.rule()).isIn("required", "additionalProperties"));
    }
}

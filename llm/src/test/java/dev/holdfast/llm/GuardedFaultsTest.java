// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONFLICT;
import static dev.holdfast.failure.Category.EMPTY_RESPONSE;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.NETWORK;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.REQUEST_TOO_LARGE;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.failure.Category.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallException;
import dev.holdfast.CallReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault of the simulator, in both dialects, plain and streamed: the verdict, the attempts that reached the server,
 * the text that came before, one end, and nothing left behind.
 */
@Timeout(120)
class GuardedFaultsTest {
    private static final RequestTimeouts SHORT =
            new RequestTimeouts(null, null, Duration.ofMillis(250), Duration.ofMillis(250), Duration.ofMillis(350));
    private static final int ALL = -1;

    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded();
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    /** What one way of asking must meet; without a category it is a success. */
    private record Expected(@Nullable Category category, int attempts, int words) {
        static Expected success(int attempts) {
            return new Expected(null, attempts, ALL);
        }

        static Expected failure(Category category, int attempts) {
            return new Expected(category, attempts, 0);
        }

        static Expected cutAfter(Category category, int words) {
            return new Expected(category, 1, words);
        }
    }

    private record Fault(String model, RequestTimeouts timeouts, Expected plain, Expected stream) {}

    private record Case(String provider, boolean streamed, Fault fault) {
        Expected expected() {
            return streamed ? fault.stream : fault.plain;
        }

        @Override
        public String toString() {
            return provider + "/" + fault.model + (streamed ? " streamed" : " plain");
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String provider : List.of("sim", "sim-anthropic")) {
            for (Fault fault : faults(provider.equals("sim"))) {
                cases.add(new Case(provider, false, fault));
                cases.add(new Case(provider, true, fault));
            }
        }
        return cases.stream();
    }

    /** An error inside a 200 is a 503 in OpenAI's dialect, which after content is a cut answer, and in Anthropic's a 529. */
    private static List<Fault> faults(boolean openAi) {
        Category inBand = openAi ? SERVER_ERROR : OVERLOADED;
        Category inBandAfterContent = openAi ? STREAM_INTERRUPTED : OVERLOADED;
        return List.of(
                same("ok", Expected.success(1)),
                same("fail=1", Expected.success(2)),
                same("fail=1,status=429,retry-after-ms=20", Expected.success(2)),
                same("tokens=200", Expected.success(1)),
                same("ttft=20,rate=1000", Expected.success(1)),
                same("slow-headers=20", Expected.success(1)),
                same("stall=20", Expected.success(1)),
                same("400", Expected.failure(INVALID_REQUEST, 1)),
                same("401", Expected.failure(AUTH, 1)),
                same("402", Expected.failure(QUOTA_EXHAUSTED, 1)),
                same("403", Expected.failure(PERMISSION, 1)),
                same("404", Expected.failure(NOT_FOUND, 1)),
                same("408", Expected.failure(TIMEOUT, 2)),
                same("409", Expected.failure(CONFLICT, 2)),
                same("413", Expected.failure(REQUEST_TOO_LARGE, 1)),
                same("422", Expected.failure(INVALID_REQUEST, 1)),
                same("429", Expected.failure(RATE_LIMIT, 2)),
                same("500", Expected.failure(SERVER_ERROR, 2)),
                same("502", Expected.failure(SERVER_ERROR, 2)),
                same("503", Expected.failure(SERVER_ERROR, 2)),
                same("504", Expected.failure(TIMEOUT, 2)),
                same("529", Expected.failure(OVERLOADED, 2)),
                same("599", Expected.failure(SERVER_ERROR, 2)),
                same("refuse", Expected.failure(NETWORK, 2)),
                same("reset", Expected.failure(NETWORK, 2)),
                same("empty", Expected.failure(EMPTY_RESPONSE, 2)),
                same("error-first", Expected.failure(inBand, 2)),
                same("meta-then-error", Expected.failure(inBand, 2)),
                inTime("hang", Expected.failure(TIMEOUT, 2), Expected.failure(TIMEOUT, 2)),
                inTime("slow-headers=9000", Expected.failure(TIMEOUT, 2), Expected.failure(TIMEOUT, 2)),
                inTime("ttft=9000", Expected.failure(TIMEOUT, 2), Expected.failure(TIMEOUT, 2)),
                inTime("stall", Expected.failure(TIMEOUT, 2), Expected.cutAfter(TIMEOUT, 3)),
                inTime("stall=9000,after=5", Expected.failure(TIMEOUT, 2), Expected.cutAfter(TIMEOUT, 5)),
                new Fault(
                        "error-mid",
                        RequestTimeouts.CONFIGURED,
                        Expected.failure(inBand, 2),
                        Expected.cutAfter(inBandAfterContent, 3)),
                streamed("cut", Expected.failure(STREAM_INTERRUPTED, 2), Expected.cutAfter(STREAM_INTERRUPTED, 3)),
                streamed(
                        "cut,after=7",
                        Expected.failure(STREAM_INTERRUPTED, 2),
                        Expected.cutAfter(STREAM_INTERRUPTED, 7)),
                streamed(
                        "reset,after=3",
                        Expected.failure(STREAM_INTERRUPTED, 2),
                        Expected.cutAfter(STREAM_INTERRUPTED, 3)),
                streamed("no-terminal", Expected.success(1), Expected.cutAfter(STREAM_INTERRUPTED, 20)),
                streamed("malformed", Expected.failure(SERVER_ERROR, 2), Expected.failure(STREAM_INTERRUPTED, 2)),
                streamed(
                        "malformed,after=3",
                        Expected.failure(SERVER_ERROR, 2),
                        Expected.cutAfter(STREAM_INTERRUPTED, 3)));
    }

    private static Fault same(String model, Expected both) {
        return new Fault(model, RequestTimeouts.CONFIGURED, both, both);
    }

    private static Fault streamed(String model, Expected plain, Expected stream) {
        return new Fault(model, RequestTimeouts.CONFIGURED, plain, stream);
    }

    private static Fault inTime(String model, Expected plain, Expected stream) {
        return new Fault(model, SHORT, plain, stream);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aFaultMeetsTheSameVerdictInEveryDialect(Case given) throws Exception {
        Llm llm = guarded.llm(given.provider + "/" + given.fault.model);
        LlmRequest request = LlmRequest.of("Hello").withTimeouts(given.fault.timeouts);

        Met met = given.streamed ? streamed(llm, request) : plain(llm, request);

        Expected expected = given.expected();
        assertThat(met.failure == null ? null : met.failure.category())
                .as("category, rule %s", met.failure)
                .isEqualTo(expected.category);
        assertThat(guarded.simulator.stats().attemptsPerCall())
                .as("attempts that reached the simulator, all under the id of the call")
                .isEqualTo(Map.of(met.report.callId(), (long) expected.attempts));
        assertThat(met.report.attempts()).hasSize(expected.attempts);
        assertThat(met.text).isEqualTo(firstWords(given.fault.model, expected.words));
        assertThatScopeAllowsWhatWasDone(met, expected);
    }

    private static void assertThatScopeAllowsWhatWasDone(Met met, Expected expected) {
        if (met.failure == null) {
            return;
        }
        List<RetryScope> scopes = met.report.attempts().stream()
                .map(attempt -> attempt.failure().scope())
                .toList();
        if (expected.attempts == 2) {
            assertThat(scopes).containsOnly(RetryScope.SAME_TARGET);
        } else if (expected.words == 0) {
            assertThat(scopes).doesNotContain(RetryScope.SAME_TARGET);
        }
    }

    private record Met(@Nullable Failure failure, String text, CallReport report) {}

    private static Met plain(Llm llm, LlmRequest request) throws Exception {
        return llm.complete(request)
                .handle((response, error) -> {
                    if (error == null) {
                        return new Met(null, response.text(), response.report());
                    }
                    assertThat(error).isInstanceOf(CallException.class);
                    CallException failed = (CallException) error;
                    return new Met(failed.failure(), "", failed.report());
                })
                .get(15, TimeUnit.SECONDS);
    }

    private static Met streamed(Llm llm, LlmRequest request) throws Exception {
        Reading reading = Reading.all(llm.stream(request));
        if (reading.end() instanceof StreamEvent.Error error) {
            assertThat(error.textSoFar()).isEqualTo(reading.text());
            return new Met(error.failure(), error.textSoFar(), error.report());
        }
        LlmResponse response = reading.response();
        assertThat(response.text()).isEqualTo(reading.text());
        return new Met(null, response.text(), response.report());
    }

    private static String firstWords(String model, int words) {
        if (words == 0) {
            return "";
        }
        String whole = Simulator.textOf(model);
        String[] pieces = whole.split("(?= )");
        return words == ALL ? whole : String.join("", List.of(pieces).subList(0, words));
    }
}

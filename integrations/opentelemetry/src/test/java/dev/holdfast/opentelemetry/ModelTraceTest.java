// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EventStream;
import dev.holdfast.llm.Guarded;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.StreamRecovery;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls to models before a real server, as spans and metrics of the conventions. */
@Timeout(120)
class ModelTraceTest {
    private final Recorded recorded = new Recorded();

    @AfterEach
    void nothingIsLeft() {
        recorded.assertNoneOpen();
        recorded.close();
    }

    private void awaitNoneOpen() {
        Guarded.await("every span has ended", () -> recorded.open() == 0);
    }

    @Test
    void operationHasTheAttributesOfTheConventionsAndSoHaveItsAttempts() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.llm("sim/fail=1", "sim/ok");
            recorded.telemetry.follow(llm);

            llm.complete(LlmRequest.builder()
                            .user("Hello")
                            .maxTokens(50)
                            .temperature(0.5)
                            .build())
                    .get(30, TimeUnit.SECONDS);
        }

        SpanData call = recorded.root();
        assertThat(call.getName()).isEqualTo("chat fail=1");
        assertThat(call.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(Recorded.attribute(call, Names.OPERATION)).isEqualTo("chat");
        assertThat(Recorded.attribute(call, Names.PROVIDER)).isEqualTo("openai");
        assertThat(Recorded.attribute(call, Names.REQUEST_MODEL)).isEqualTo("fail=1");
        assertThat(Recorded.attribute(call, Names.MAX_TOKENS)).isEqualTo(50);
        assertThat(Recorded.attribute(call, Names.TEMPERATURE)).isEqualTo(0.5);
        assertThat(Recorded.attribute(call, Names.REQUEST_STREAM)).isNull();
        assertThat(Recorded.attribute(call, Names.RESPONSE_MODEL)).isNotEmpty();
        assertThat(Recorded.attribute(call, Names.RESPONSE_ID)).isNotEmpty();
        assertThat(Recorded.attribute(call, Names.FINISH_REASONS)).containsExactly("stop");
        assertThat(Recorded.attribute(call, Names.INPUT_TOKENS)).isPositive();
        assertThat(Recorded.attribute(call, Names.OUTPUT_TOKENS)).isPositive();
        List<SpanData> attempts = recorded.childrenOf(call);
        assertThat(attempts).extracting(SpanData::getName).containsExactly("chat fail=1", "chat ok");
        assertThat(attempts).extracting(SpanData::getKind).containsOnly(SpanKind.CLIENT);
        assertThat(Recorded.attribute(attempts.get(0), Names.ERROR_TYPE)).isEqualTo("server_error");
        assertThat(Recorded.attribute(attempts.get(0), Names.RESEND_COUNT)).isNull();
        assertThat(Recorded.attribute(attempts.get(1), Names.RESEND_COUNT)).isEqualTo(1);
        assertThat(Recorded.attribute(attempts.get(1), Names.TARGET)).isEqualTo("sim/ok");
        assertThat(Recorded.attribute(attempts.get(1), Names.SERVER_ADDRESS)).isEqualTo("127.0.0.1");
        assertThat(Recorded.attribute(attempts.get(1), Names.SERVER_PORT)).isPositive();
        assertThat(Recorded.attribute(attempts.get(1), Names.RESPONSE_MODEL))
                .isEqualTo(Recorded.attribute(call, Names.RESPONSE_MODEL));
    }

    @Test
    void durationIsRecordedOnceForAnOperationAndTokensOnceForAnAttempt() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.llm("sim/fail=1", "sim/ok");
            recorded.telemetry.follow(llm);

            llm.complete("Hello").get(30, TimeUnit.SECONDS);
        }

        List<HistogramPointData> durations = recorded.points(Names.OPERATION_DURATION);
        assertThat(durations).hasSize(1);
        assertThat(durations.get(0).getCount()).isEqualTo(1);
        assertThat(durations.get(0).getBoundaries())
                .hasSize(14)
                .startsWith(0.01, 0.02)
                .endsWith(40.96, 81.92);
        assertThat(durations.get(0).getAttributes().get(Names.ERROR_TYPE)).isNull();
        List<HistogramPointData> tokens = recorded.points(Names.TOKEN_USAGE);
        assertThat(tokens)
                .extracting(point -> point.getAttributes().get(Names.TOKEN_TYPE))
                .containsExactlyInAnyOrder("input", "output");
        assertThat(tokens).allMatch(point -> point.getCount() == 1);
        assertThat(tokens.get(0).getBoundaries())
                .hasSize(14)
                .startsWith(1.0, 4.0)
                .endsWith(67_108_864.0);
        assertThat(tokens)
                .extracting(point -> point.getAttributes().get(Names.REQUEST_MODEL))
                .containsOnly("ok");
    }

    @Test
    void operationThatFailsSaysWhyInItsSpanAndItsDuration() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.llm("sim/401");
            recorded.telemetry.follow(llm);

            assertThat(llm.complete("Hello")).failsWithin(30, TimeUnit.SECONDS);
        }

        assertThat(recorded.root().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(Recorded.attribute(recorded.root(), Names.ERROR_TYPE)).isEqualTo("auth");
        assertThat(recorded.points(Names.OPERATION_DURATION))
                .extracting(point -> point.getAttributes().get(Names.ERROR_TYPE))
                .containsExactly("auth");
        assertThat(recorded.points(Names.TOKEN_USAGE)).isEmpty();
    }

    @Test
    void streamsSpanEndsWithItsTerminalEvent() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.llm("sim/ok");
            recorded.telemetry.follow(llm);

            try (EventStream stream = llm.blocking().stream("Hello")) {
                Iterator<StreamEvent> events = stream.iterator();
                events.next();
                assertThat(recorded.open()).isEqualTo(2);
                events.forEachRemaining(event -> {});
            }
            awaitNoneOpen();
        }

        SpanData call = recorded.root();
        assertThat(Recorded.attribute(call, Names.REQUEST_STREAM)).isTrue();
        assertThat(Recorded.attribute(call, Names.FINISH_REASONS)).containsExactly("stop");
        assertThat(Recorded.attribute(call, Names.OUTPUT_TOKENS)).isPositive();
        assertThat(Recorded.attribute(call, Names.FIRST_CHUNK)).isPositive();
        HistogramPointData first = recorded.points(Names.TIME_TO_FIRST_CHUNK).get(0);
        assertThat(first.getCount()).isEqualTo(1);
        assertThat(first.getSum()).isCloseTo(Recorded.attribute(call, Names.FIRST_CHUNK), within(1e-9));
    }

    @Test
    void streamThatIsLeftEndsItsSpansAsCancelled() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.llm("sim/tokens=2000,rate=50");
            recorded.telemetry.follow(llm);

            try (EventStream stream = llm.blocking().stream("Hello")) {
                stream.iterator().next();
            }
            awaitNoneOpen();
        }

        assertThat(recorded.spans()).hasSize(2);
        assertThat(recorded.spans())
                .extracting(span -> Recorded.attribute(span, Names.OUTCOME))
                .containsOnly("cancelled");
    }

    @Test
    void streamThatIsCutFailsAndEndsItsSpans() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.llm("sim/cut,after=3");
            recorded.telemetry.follow(llm);

            try (EventStream stream = llm.blocking().stream("Hello")) {
                stream.forEach(event -> {});
            }
            awaitNoneOpen();
        }

        assertThat(Recorded.attribute(recorded.root(), Names.ERROR_TYPE)).isEqualTo("stream_interrupted");
        assertThat(recorded.root().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    /** It is asked for by a second call, on the thread that heard of the end of the first. */
    @Test
    void continuedStreamStaysInTheTraceOfItsCaller() throws Exception {
        Span request = recorded.tracer().spanBuilder("request").startSpan();
        try (Guarded guarded = new Guarded(config -> config.withMaxAttempts(4))) {
            Llm llm = guarded.llm("sim-anthropic/cut,after=3", "sim-anthropic/ok");
            recorded.telemetry.follow(llm);
            LlmRequest asked = LlmRequest.builder()
                    .user("Hello")
                    .streamRecovery(StreamRecovery.CONTINUE)
                    .build();

            List<StreamEvent> events;
            try (Scope scope = request.makeCurrent()) {
                events = Recorded.readAll(llm.stream(asked));
            }
            Guarded.await(
                    "the stream has ended",
                    () -> !events.isEmpty() && events.get(events.size() - 1).isTerminal());
            assertThat(events).anyMatch(StreamEvent.Continued.class::isInstance);
            Guarded.await("only the request's span is open", () -> recorded.open() == 1);
        } finally {
            request.end();
        }

        assertThat(recorded.childrenOf(recorded.span("request"))).hasSizeGreaterThan(1);
        assertThat(recorded.spans()).allMatch(span -> span.getTraceId()
                .equals(request.getSpanContext().getTraceId()));
    }

    @Test
    void embeddingsAreAnOperationOfTheirOwn() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.llm("sim/ok");
            recorded.telemetry.follow(llm);

            llm.embed(EmbeddingRequest.of(List.of("Hello"))).get(30, TimeUnit.SECONDS);
        }

        assertThat(recorded.root().getName()).isEqualTo("embeddings ok");
        assertThat(Recorded.attribute(recorded.root(), Names.INPUT_TOKENS)).isPositive();
        assertThat(Recorded.attribute(recorded.root(), Names.FINISH_REASONS)).isNull();
    }

    @Test
    void neitherPromptsNorAnswersNorKeysAreInSpansMetricsAndLogs() throws Exception {
        String answer;
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.builder()
                    .targets("sim/fail=1", "sim/ok")
                    .key("sim", Secret.of("sk-very-secret"))
                    .build();
            recorded.telemetry.follow(llm);

            answer = llm.complete("the word is xylophone")
                    .get(30, TimeUnit.SECONDS)
                    .text();
        }

        String everything = recorded.spans() + " " + recorded.points(Names.OPERATION_DURATION)
                + recorded.points(Names.TOKEN_USAGE) + recorded.logs();
        assertThat(everything).contains("chat ok").doesNotContain("xylophone", "very-secret", answer);
    }
}

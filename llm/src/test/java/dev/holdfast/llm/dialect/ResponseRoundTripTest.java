// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.anthropic.AnthropicDialect;
import dev.holdfast.llm.anthropic.AnthropicServer;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.openai.OpenAiQuirks;
import dev.holdfast.llm.openai.OpenAiServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseRoundTripTest {
    private static final long SEED = 20_260_102;

    private final Dialect openAi = new OpenAiDialect(OpenAiQuirks.OPENAI, Decoding.errors());
    private final Dialect anthropic = new AnthropicDialect(Decoding.errors());

    @Test
    void anAnswerIsReadBackAsItWas() {
        for (long seed = SEED; seed < SEED + 300; seed++) {
            assertReadBack(openAi, new OpenAiServer(), seed);
            assertReadBack(anthropic, new AnthropicServer(), seed);
        }
    }

    private static void assertReadBack(Dialect dialect, ServerDialect server, long seed) {
        LlmResponse response = new Answered(seed, dialect.name()).next(false);
        EncodedResponse encoded = server.encodeResponse(response, Answered.head(response));

        String body = new String(encoded.body(), StandardCharsets.UTF_8);
        LlmResponse decoded = Decoding.decode(dialect, 200, body);

        assertThat(withoutRaw(decoded)).as("seed %d: %s", seed, body).isEqualTo(response);
        assertThat(encoded.translation()).isEmpty();
    }

    private static LlmResponse withoutRaw(LlmResponse r) {
        return new LlmResponse(r.id(), r.model(), r.content(), r.finishReason(), r.usage(), null).withExtra(r.extra());
    }

    @Test
    void aBodyIsWrittenAgainAsItWasRead() {
        OpenAiWire.RESPONSES.forEach(wire -> assertWrittenAgain(openAi, new OpenAiServer(), wire));
        AnthropicWire.RESPONSES.forEach(wire -> assertWrittenAgain(anthropic, new AnthropicServer(), wire));
    }

    private static void assertWrittenAgain(Dialect dialect, ServerDialect server, String wire) {
        LlmResponse response = Decoding.decode(dialect, 200, wire);

        EncodedResponse encoded = server.encodeResponse(response, new AnswerHead("", "", 0, true));

        assertThat(Samples.same(Json.read(encoded.body()), Json.read(wire)))
                .as("read %s%nwrote %s", wire, new String(encoded.body(), StandardCharsets.UTF_8))
                .isTrue();
        assertThat(encoded.translation()).isEmpty();
    }

    @Test
    void aStreamIsReadBackAsItWas() {
        for (long seed = SEED; seed < SEED + 300; seed++) {
            assertStreamReadBack(openAi, new OpenAiServer(), seed);
            assertStreamReadBack(anthropic, new AnthropicServer(), seed);
        }
    }

    private static void assertStreamReadBack(Dialect dialect, ServerDialect server, long seed) {
        Answered answered = new Answered(seed, dialect.name());
        LlmResponse response = answered.next(true);
        List<StreamEvent> events = answered.events(response);

        byte[] written = write(server.streamEncoder(Answered.head(response)), events);
        List<StreamEvent> read = Decoding.stream(dialect, written, Integer.MAX_VALUE);

        assertThat(Answered.said(read))
                .as("seed %d: %s", seed, new String(written, StandardCharsets.UTF_8))
                .isEqualTo(Answered.said(events));
    }

    @Test
    void aStreamCutAnywhereIntoTwoPiecesTellsTheSame() {
        for (long seed = SEED; seed < SEED + 4; seed++) {
            assertPiecesTellTheSame(openAi, new OpenAiServer(), seed);
            assertPiecesTellTheSame(anthropic, new AnthropicServer(), seed);
        }
    }

    private static void assertPiecesTellTheSame(Dialect dialect, ServerDialect server, long seed) {
        Answered answered = new Answered(seed, dialect.name());
        LlmResponse response = answered.next(true);
        byte[] written = write(server.streamEncoder(Answered.head(response)), answered.events(response));
        List<StreamEvent> whole = Decoding.stream(dialect, written, Integer.MAX_VALUE);

        for (int at = 0; at <= written.length; at++) {
            assertThat(Decoding.stream(dialect, written, at))
                    .as("cut at %d", at)
                    .isEqualTo(whole);
        }
    }

    @Test
    void aStreamThatFailsHasAnErrorAndNoTerminalMarker() {
        StreamEvent.Error error = new StreamEvent.Error(
                Failure.of(Category.STREAM_INTERRUPTED, "stream.cut", "the stream ended too early"), "Hel");
        List<StreamEvent> events = List.of(new StreamEvent.TextDelta("Hel"), error, new StreamEvent.TextDelta("late"));

        for (ServerDialect server : List.of(new OpenAiServer(), new AnthropicServer())) {
            StreamEncoder encoder = server.streamEncoder(new AnswerHead("id-1", "m", 0, true));
            String written = new String(write(encoder, events), StandardCharsets.UTF_8);
            Dialect dialect = server.name().equals("openai") ? openAi : anthropic;
            List<StreamEvent> read = Decoding.stream(dialect, written);

            assertThat(written)
                    .contains("\"stream_interrupted\"", "the stream ended too early")
                    .doesNotContain("[DONE]", "message_stop", "finish_reason\":\"stop", "late");
            assertThat(read.get(read.size() - 1))
                    .isInstanceOfSatisfying(StreamEvent.Error.class, last -> assertThat(last.textSoFar())
                            .isEqualTo("Hel"));
            assertThat(encoder.fail(new ErrorBody(500, "x", "x", null, ""))).isEmpty();
        }
    }

    @Test
    void usageEndsAnOpenAiStreamOnlyWhenAskedFor() {
        LlmResponse response = new Answered(SEED, "openai").next(true);
        List<StreamEvent> events = List.of(new StreamEvent.Finish(response));

        String asked = text(new OpenAiServer().streamEncoder(new AnswerHead("i", "m", 0, true)), events);
        String unasked = text(new OpenAiServer().streamEncoder(new AnswerHead("i", "m", 0, false)), events);

        assertThat(asked).contains("\"choices\":[],\"usage\":{").endsWith("data: [DONE]\n\n");
        assertThat(unasked).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }

    @Test
    void whatKeepsAConnectionBusyTellsNothing() {
        for (ServerDialect server : List.of(new OpenAiServer(), new AnthropicServer())) {
            Dialect dialect = server.name().equals("openai") ? openAi : anthropic;
            Answered answered = new Answered(SEED, server.name());
            LlmResponse response = answered.next(true);
            StreamEncoder encoder = server.streamEncoder(Answered.head(response));
            ByteArrayOutputStream busy = new ByteArrayOutputStream();
            for (StreamEvent event : answered.events(response)) {
                busy.writeBytes(encoder.keepAlive());
                busy.writeBytes(encoder.encode(event));
            }

            List<StreamEvent> read = Decoding.stream(dialect, busy.toByteArray(), Integer.MAX_VALUE);

            assertThat(read.get(read.size() - 1)).isEqualTo(new StreamEvent.Finish(response));
        }
    }

    private static String text(StreamEncoder encoder, List<StreamEvent> events) {
        return new String(write(encoder, events), StandardCharsets.UTF_8);
    }

    static byte[] write(StreamEncoder encoder, List<StreamEvent> events) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        events.forEach(event -> written.writeBytes(encoder.encode(event)));
        return written.toByteArray();
    }
}

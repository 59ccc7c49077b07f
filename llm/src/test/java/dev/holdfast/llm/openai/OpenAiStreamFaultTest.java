// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import static dev.holdfast.llm.openai.Chunks.DONE;
import static dev.holdfast.llm.openai.Chunks.META;
import static dev.holdfast.llm.openai.Chunks.STOP;
import static dev.holdfast.llm.openai.Chunks.TEXT;
import static dev.holdfast.llm.openai.Chunks.TOOLS;
import static dev.holdfast.llm.openai.Chunks.USAGE;
import static dev.holdfast.llm.openai.Chunks.bytes;
import static dev.holdfast.llm.openai.Chunks.data;
import static dev.holdfast.llm.openai.Chunks.delta;
import static dev.holdfast.llm.openai.Chunks.finish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.Decoding;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.dialect.StatusClassifier;
import dev.holdfast.llm.dialect.StreamDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenAiStreamFaultTest {
    private final Dialect dialect = new OpenAiDialect(OpenAiQuirks.OPENAI, Decoding.errors());

    @Test
    void aFinishReasonIsEnoughAndDoneIsNot() {
        assertThat(last(META + TEXT + STOP)).isInstanceOf(StreamEvent.Finish.class);
        assertThat(error(META + TEXT + DONE).failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error(META + TEXT).failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error(META + TEXT).textSoFar()).isEqualTo("Grüß 😀");
    }

    @Test
    void aConnectionLostAfterTheFinishReasonCutsNothing() {
        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = dialect.streamDecoder(Decoding.head(200, "text/event-stream"), events::add);
        decoder.feed(bytes(META + TEXT + STOP));

        decoder.fail(new IOException("connection reset"), true);

        assertThat(events.get(events.size() - 1)).isInstanceOf(StreamEvent.Finish.class);
    }

    @Test
    void aConnectionLostBeforeItIsAnErrorWithTheTextSoFar() {
        List<StreamEvent> events = new ArrayList<>();
        StreamDecoder decoder = dialect.streamDecoder(Decoding.head(200, "text/event-stream"), events::add);
        decoder.feed(bytes(META + TEXT));

        decoder.fail(new IOException("connection reset"), true);
        decoder.fail(Failure.of(Category.TIMEOUT, "late", "late"));
        decoder.feed(bytes(STOP));
        decoder.end();

        assertThat(events)
                .filteredOn(StreamEvent::isTerminal)
                .singleElement()
                .isInstanceOfSatisfying(StreamEvent.Error.class, error -> {
                    assertThat(error.failure().category()).isEqualTo(Category.NETWORK);
                    assertThat(error.failure().cause()).isInstanceOf(IOException.class);
                    assertThat(error.textSoFar()).isEqualTo("Grüß 😀");
                });
    }

    @Test
    void anAnswerThatHoldsNothingIsEmpty() {
        for (String body :
                List.of("", "\n", ": keep-alive\n\n: keep-alive\n\n", DONE, META + DONE, META + STOP + USAGE + DONE)) {
            assertThat(error(body).failure().category()).as(body).isEqualTo(Category.EMPTY_RESPONSE);
        }
        assertThat(error(META + finish("content_filter") + DONE).failure().category())
                .isEqualTo(Category.CONTENT_FILTER);
        assertThat(last(META + finish("length") + DONE)).isInstanceOf(StreamEvent.Finish.class);
    }

    @Test
    void anErrorInTheStreamIsJudgedByTheRulesWhateverFollows() {
        for (String error : List.of(
                data("{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}"),
                data("{\"error\":\"overloaded\"}"),
                data("{\"object\":\"error\",\"message\":\"overloaded\"}"),
                "event: error\n" + data("{\"message\":\"overloaded\"}"),
                data("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}"))) {
            assertThat(error(META + error + DONE).failure().rule()).as(error).isEqualTo("stream.error");
            assertThat(error(META + TEXT + error + STOP + DONE).textSoFar())
                    .as(error)
                    .isEqualTo("Grüß 😀");
        }
    }

    @Test
    void aMalformedChunkIsAnInterruption() {
        for (String chunk : List.of("{\"choices\":[{\"delta\":", "nonsense", "[]", "7", "{\"a\":".repeat(100_000))) {
            assertThat(error(META + TEXT + data(chunk) + STOP + DONE).failure().category())
                    .as(chunk.substring(0, Math.min(20, chunk.length())))
                    .isEqualTo(Category.STREAM_INTERRUPTED);
        }
    }

    @Test
    void aPageInPlaceOfAStreamIsAServerError() {
        for (String body :
                List.of("<!doctype html><html></html>", "\r\n <html>", "Welcome to this server\n", "[{\"a\":1}]")) {
            assertThat(error(body).failure().rule()).as(body).isEqualTo("response.unreadable");
        }
    }

    @Test
    void anAnswerBeyondTheLimitFails() {
        Dialect small = new OpenAiDialect(
                OpenAiQuirks.OPENAI,
                new ErrorReader(
                        "test",
                        new StatusClassifier(),
                        DecodeLimits.DEFAULTS.withResponseBytes(1000).withEventBytes(500)));
        String endlessText = META + delta("{\"content\":\"0123456789\"}").repeat(200) + STOP;
        String endlessTools = META
                + IntStream.range(0, 200)
                        .mapToObj(i -> delta("{\"tool_calls\":[{\"index\":" + i
                                + ",\"function\":{\"name\":\"a\",\"arguments\":\"\"}}]}"))
                        .collect(Collectors.joining());
        String largeEvent = META + delta("{\"content\":\"" + "x".repeat(600) + "\"}");

        for (String body : List.of(endlessText, endlessTools, largeEvent)) {
            List<StreamEvent> events = Decoding.stream(small, body);
            assertThat(events.get(events.size() - 1))
                    .isInstanceOfSatisfying(
                            StreamEvent.Error.class,
                            error -> assertThat(error.failure().rule()).isEqualTo("response.too_large"));
        }
    }

    @Test
    void everyCutEndsInExactlyOneTerminalEvent() {
        byte[] bytes = (META + TEXT + STOP + USAGE + DONE).getBytes(StandardCharsets.UTF_8);
        int complete = (META + TEXT + STOP).stripTrailing().getBytes(StandardCharsets.UTF_8).length;

        for (int length = 0; length < bytes.length; length++) {
            List<StreamEvent> events = Decoding.stream(dialect, Arrays.copyOf(bytes, length), 0);

            assertThat(events)
                    .as("cut at %d", length)
                    .filteredOn(StreamEvent::isTerminal)
                    .hasSize(1);
            if (length < complete) {
                assertThat(events.get(events.size() - 1))
                        .as("cut at %d", length)
                        .isInstanceOf(StreamEvent.Error.class);
            }
        }
    }

    @Test
    void noDamageMakesItThrowOrEndTwice() {
        byte[] good = (META + TEXT + TOOLS + STOP + USAGE + DONE).getBytes(StandardCharsets.UTF_8);
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                        ? (byte) random.nextInt()
                        : (byte) "{}[]\",:\n0ntf".charAt(random.nextInt(12));
            }

            List<StreamEvent> events = Decoding.stream(dialect, bytes, random.nextInt(bytes.length));

            assertThat(events)
                    .as("seed %d", seed)
                    .filteredOn(StreamEvent::isTerminal)
                    .hasSize(1);
            assertThat(events.get(events.size() - 1).isTerminal())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    private List<StreamEvent> stream(String body) {
        return Decoding.stream(dialect, body);
    }

    private StreamEvent last(String body) {
        List<StreamEvent> events = stream(body);
        return events.get(events.size() - 1);
    }

    private StreamEvent.Error error(String body) {
        return (StreamEvent.Error) last(body);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of Gemini's own wire format is an answer, and when it is whole. */
@Timeout(60)
class GeminiAnswersTest {
    private static final String WHOLE = "/v1beta/models/m:generateContent";
    private static final String STREAM = "/v1beta/models/m:streamGenerateContent?alt=sse";
    private static final String OVERLOADED =
            "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}";

    private final VirtualHoldfast virtual = new VirtualHoldfast();
    private final WireGuard guard =
            WireGuard.gemini(virtual.engine, (failure, report) -> new ProviderException(failure, 0, Map.of()));
    private final Scripted server = new Scripted();

    @AfterEach
    void everythingHasComeBack() {
        virtual.run();
        virtual.assertAllReturned();
    }

    private record Scene(int status, String type, boolean cut, List<String> pieces) {}

    /** Plays one scene after the other, the last one again and again. */
    private static final class Scripted implements Transport {
        final List<Scene> scenes = new ArrayList<>();
        int requests;

        Scripted answers(int status, String type, String... pieces) {
            scenes.add(new Scene(status, type, false, List.of(pieces)));
            return this;
        }

        Scripted streams(String... objects) {
            return answers(
                    200,
                    "text/event-stream",
                    List.of(objects).stream().map(o -> "data: " + o + "\n\n").toArray(String[]::new));
        }

        @Override
        public Exchange send(TransportRequest request, TransportListener listener) {
            Scene scene = scenes.get(Math.min(requests++, scenes.size() - 1));
            listener.onConnected();
            listener.onHead(new ResponseHead(scene.status, Map.of("content-type", List.of(scene.type))));
            for (String piece : scene.pieces) {
                listener.onBytes(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
            }
            if (scene.cut) {
                listener.onFailure(new IOException("Connection reset"));
            } else {
                listener.onEnd();
            }
            return new Exchange() {
                @Override
                public void request(long pieces) {}

                @Override
                public void cancel() {}
            };
        }

        @Override
        public void close() {}
    }

    private static String part(String parts, String finish) {
        return "{\"candidates\":[{\"content\":{\"parts\":[" + parts + "]}"
                + (finish.isEmpty() ? "" : ",\"finishReason\":\"" + finish + "\"") + "}]}";
    }

    private static String says(String text, String finish) {
        return part("{\"text\":\"" + text + "\"}", finish);
    }

    private static WireRequest request(String path, String key) {
        return new WireRequest(
                "POST",
                "https://localhost",
                path,
                Map.of("x-goog-api-key", key),
                "{\"contents\":[]}".getBytes(StandardCharsets.UTF_8),
                true);
    }

    /** The response's body as far as it can be read; what breaks it is thrown. */
    private String ask(String path, StringBuilder read) throws Exception {
        CompletableFuture<WireResponse> call = guard.send(request(path, "k"), server, CallOptions.none());
        virtual.run();
        try (WireResponse response = call.get()) {
            InputStream body = response.body();
            for (int next = body.read(); next >= 0; next = body.read()) {
                read.append((char) next);
            }
        } catch (ExecutionException e) {
            throw (CallException) e.getCause();
        }
        return read.toString();
    }

    private String ask(String path) throws Exception {
        return ask(path, new StringBuilder());
    }

    private void assertBreaks(String path, StringBuilder read, Category category) {
        assertThatThrownBy(() -> ask(path, read)).isInstanceOfSatisfying(Classified.class, broken -> assertThat(
                        broken.failure().category())
                .isEqualTo(category));
    }

    @Test
    void aStreamIsWholeWhenItHasEndedAndAFinishReasonWasInIt() throws Exception {
        server.streams(says("one ", ""), says("two", ""), says("", "STOP"));

        assertThat(ask(STREAM)).contains("one ", "two", "STOP");
        assertThat(server.requests).isEqualTo(1);
    }

    @Test
    void aStreamWithoutAFinishReasonIsBrokenBehindWhatCame() {
        server.streams(says("one ", ""), says("two", ""));
        StringBuilder read = new StringBuilder();

        assertBreaks(STREAM, read, Category.STREAM_INTERRUPTED);
        assertThat(read).contains("one ", "two");
        assertThat(server.requests).isEqualTo(1);
    }

    @Test
    void aFinishReasonWithEveryEventEndsNothing() {
        server.scenes.add(new Scene(200, "text/event-stream", true, List.of("data: " + says("one ", "STOP") + "\n\n")));
        StringBuilder read = new StringBuilder();

        assertBreaks(STREAM, read, Category.STREAM_INTERRUPTED);
        assertThat(read).contains("one ");
        assertThat(server.requests).isEqualTo(1);
    }

    @Test
    void whatFailsBeforeTheFirstContentIsTriedAgain() throws Exception {
        server.streams(OVERLOADED).streams(part("", "")).streams(says("one", "STOP"));

        assertThat(ask(STREAM)).contains("one").doesNotContain("overloaded");
        assertThat(server.requests).isEqualTo(3);
    }

    @Test
    void anErrorBehindContentIsNotShownAndNotRepeated() {
        server.streams(says("one ", ""), OVERLOADED);
        StringBuilder read = new StringBuilder();

        assertBreaks(STREAM, read, Category.OVERLOADED);
        assertThat(read).contains("one ").doesNotContain("overloaded");
        assertThat(server.requests).isEqualTo(1);
    }

    @Test
    void anEventThatIsNoObjectBreaksAStreamThatHasBegun() {
        server.streams(says("one ", ""), "{\"candidates\":[");

        assertBreaks(STREAM, new StringBuilder(), Category.STREAM_INTERRUPTED);
    }

    @Test
    void thoughtsAreShownButAreNoAnswer() {
        server.streams(part("{\"text\":\"hmm\",\"thought\":true}", ""), says("", "STOP"));
        StringBuilder read = new StringBuilder();

        assertBreaks(STREAM, read, Category.EMPTY_RESPONSE);
        assertThat(read).contains("hmm");
    }

    @ParameterizedTest
    @CsvSource({"STOP, EMPTY_RESPONSE, 3", "SAFETY, CONTENT_FILTER, 1", "OTHER, EMPTY_RESPONSE, 3"})
    void anAnswerWithoutContentIsNone(String finish, Category category, int requests) {
        server.answers(200, "application/json", part("", finish));

        assertBreaks(WHOLE, new StringBuilder(), category);
        assertThat(server.requests).isEqualTo(requests);
    }

    @Test
    void aRefusedPromptIsNotAskedAgain() {
        server.streams("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}");

        assertBreaks(STREAM, new StringBuilder(), Category.CONTENT_FILTER);
        assertThat(server.requests).isEqualTo(1);
    }

    @Test
    void whatTheTokenLimitEmptiedIsAnAnswerAndACallOfAFunctionToo() throws Exception {
        server.answers(200, "application/json", part("", "MAX_TOKENS"))
                .answers(200, "application/json", part("{\"functionCall\":{\"name\":\"f\",\"args\":{}}}", "STOP"));

        assertThat(ask(WHOLE)).contains("MAX_TOKENS");
        assertThat(ask(WHOLE)).contains("functionCall");
        assertThat(server.requests).isEqualTo(2);
    }

    @Test
    void aPageAnErrorAndNothingAreNoAnswers() throws Exception {
        server.answers(200, "text/html", "<html>hello</html>")
                .answers(200, "application/json", OVERLOADED)
                .answers(200, "application/json", says("one", "STOP"));

        assertThat(ask(WHOLE)).contains("one");
        assertThat(server.requests).isEqualTo(3);
    }

    @Test
    void theWaitThatTheBodyStatesIsKept() throws Exception {
        server.answers(
                        429,
                        "application/json",
                        "{\"error\":{\"code\":429,\"message\":\"Resource exhausted.\",\"status\":\"RESOURCE_EXHAUSTED\","
                                + "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"7.5s\"}]}}")
                .answers(200, "application/json", says("one", "STOP"));

        assertThat(ask(WHOLE)).contains("one");
        assertThat(Duration.ofNanos(virtual.time.nanos())).isGreaterThanOrEqualTo(Duration.ofMillis(7_500));
    }

    @Test
    void aStreamThatIsNoEventStreamPassesAsItIs() throws Exception {
        String array = "[" + says("one", "STOP") + "]";
        server.answers(200, "application/json", array);

        assertThat(ask("/v1beta/models/m:streamGenerateContent")).isEqualTo(array);
    }

    @Test
    void modelsHaveTargetsOfTheirOwnAndKeysAreToldApart() throws Exception {
        server.answers(200, "application/json", says("one", "STOP"));

        guard.send(request(WHOLE, "k"), server, CallOptions.none()).get().close();
        guard.send(request(WHOLE, "other"), server, CallOptions.none()).get().close();
        guard.send(request("/v1beta/models/n:countTokens", "k"), server, CallOptions.none())
                .get()
                .close();

        assertThat(virtual.engine.targets())
                .extracting(info -> info.target().name())
                .containsExactlyInAnyOrder("gemini/m", "gemini/m", "gemini/n");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1beta/models/gemini-3:generateContent, gemini-3",
        "/v1/projects/p/locations/l/publishers/google/models/g-1:streamGenerateContent?alt=sse, g-1",
        "/v1beta/models/g:batchEmbedContents?key=a:b, g",
        "/v1beta/models/g, ''",
        "/v1/operations/a:cancel, ''",
        "/v1/chat/completions, ''",
    })
    void theModelStandsInThePathOfAQuestion(String path, String model) {
        assertThat(GeminiRequests.model(request(path, "k"))).isEqualTo(model);
        assertThat(GeminiRequests.isQuestion(request(path, "k"))).isEqualTo(!model.isEmpty());
    }

    @Test
    void thoughtsCountAmongTheTokensOfTheAnswer() {
        GeminiAnswer answer = GeminiAnswer.of(Json.requireObject(
                "{\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":6,\"thoughtsTokenCount\":20}}",
                "answer"));

        assertThat(answer.usage()).isEqualTo(new Usage(3, 26, 0, 0, 20));
    }
}

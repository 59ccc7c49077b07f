// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.openai.client.OpenAIClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.StreamResponse;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.RealHoldfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.RetryConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints that the simulator does not have: responses by their typed events, and requests that make something. */
class RawAnswersTest {
    private static final String CREATED = event(
            "response.created", ",\"response\":{\"id\":\"r\",\"object\":\"response\",\"status\":\"in_progress\"}");
    private static final String DELTA = event(
            "response.output_text.delta",
            ",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"hi\",\"logprobs\":[]");
    private static final String COMPLETED = event(
            "response.completed", ",\"response\":{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\"}");
    private static final String ERROR =
            event("error", ",\"code\":\"server_error\",\"message\":\"The server had an error\",\"param\":null");

    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private RealHoldfast holdfast;
    private OpenAIClient client;

    private static String event(String type, String rest) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"sequence_number\":1" + rest + "}\n\n";
    }

    @BeforeEach
    void start() throws IOException {
        holdfast = new RealHoldfast(builder -> builder.config(ResilienceConfig.defaults()
                .withRetry(RetryConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(20))))));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.start();
        client = GuardedOpenAI.client(
                ClientOptions.builder()
                        .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
                        .apiKey("test-key"),
                holdfast.engine);
    }

    @AfterEach
    void everythingHasComeBack() {
        holdfast.awaitAllReturned();
        holdfast.close();
        server.stop(0);
    }

    /** Answers one after the other; the last one again and again. */
    private void answers(String path, int status, String type, String... answers) {
        server.createContext(path, exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("idempotency-key")));
            byte[] answer = answers[Math.min(bodies.size(), answers.length) - 1].getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", type);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
    }

    private List<ResponseStreamEvent> read() {
        List<ResponseStreamEvent> seen = new ArrayList<>();
        read(seen);
        return seen;
    }

    private void read(List<ResponseStreamEvent> seen) {
        ResponseCreateParams question =
                ResponseCreateParams.builder().model("m").input("hello").build();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(question)) {
            stream.stream().forEach(seen::add);
        }
    }

    @Test
    void aStreamOfTypedEventsIsRetriedBeforeItsContentWithTheSameKey() {
        answers("/v1/responses", 200, "text/event-stream", CREATED + ERROR, CREATED, CREATED + DELTA + COMPLETED);

        assertThat(read()).hasSize(3);
        assertThat(bodies).hasSize(3);
        assertThat(keys).hasSize(3).doesNotContain("null");
        assertThat(keys.stream().distinct()).hasSize(1);
    }

    @Test
    void aStreamOfTypedEventsThatEndsWithoutItsClosingOneIsBroken() {
        answers("/v1/responses", 200, "text/event-stream", CREATED + DELTA);
        List<ResponseStreamEvent> seen = new ArrayList<>();

        Throwable broken = catchThrowable(() -> read(seen));

        assertThat(broken).isInstanceOfSatisfying(GuardedCallException.class, failed -> assertThat(failed.category())
                .isEqualTo(Category.STREAM_INTERRUPTED));
        assertThat(seen).hasSize(2);
        assertThat(bodies).hasSize(1);
    }

    @Test
    void whatMakesSomethingIsNotRepeatedOnceItMayHaveHappened() {
        answers("/v1/batches", 200, "text/html", "<html>gateway timeout</html>");

        assertThatThrownBy(() -> client.batches()
                        .create(com.openai.models.batches.BatchCreateParams.builder()
                                .inputFileId("f")
                                .endpoint(com.openai.models.batches.BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                                .completionWindow(com.openai.models.batches.BatchCreateParams.CompletionWindow._24H)
                                .build()))
                .isInstanceOf(GuardedCallException.class);
        assertThat(bodies).hasSize(1);
    }
}

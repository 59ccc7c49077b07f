// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP client by itself, as models see it that no engine guards. */
@Timeout(120)
class HttpClientTest {
    private static Simulator simulator;
    private JdkTransport transport;

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
        transport = new JdkTransport(HoldfastRuntime.executor());
    }

    @AfterEach
    void nothingIsLeftOpen() {
        long start = System.nanoTime();
        while (transport.inFlight() > 0 && System.nanoTime() - start < 30_000_000_000L) {
            Thread.onSpinWait();
        }
        assertThat(transport.inFlight()).isZero();
        transport.close();
    }

    private HoldfastHttpClientBuilder client() {
        return new HoldfastHttpClientBuilder().transport(transport);
    }

    private static HttpRequest openAi(String model, boolean stream) {
        return request("/v1/chat/completions", model, stream);
    }

    private static HttpRequest request(String path, String model, boolean stream) {
        return HttpRequest.builder()
                .method(HttpMethod.POST)
                .url(simulator.baseUri() + path)
                .addHeader("Content-Type", "application/json")
                .body("{\"model\":\"" + model + "\",\"max_tokens\":100,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .build();
    }

    /** Notes what a listener hears. */
    private static final class Noted implements ServerSentEventListener {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        final CountDownLatch end = new CountDownLatch(1);
        volatile int cancelAfter = Integer.MAX_VALUE;
        volatile int throwAfter = Integer.MAX_VALUE;

        @Override
        public void onOpen(SuccessfulHttpResponse response) {
            heard.add("open " + response.statusCode());
        }

        @Override
        public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
            heard.add("event");
            if (heard.size() > cancelAfter) {
                context.parsingHandle().cancel();
            }
            if (heard.size() > throwAfter) {
                throw new IllegalStateException("full");
            }
        }

        @Override
        public void onError(Throwable error) {
            heard.add("error");
            errors.add(error);
            end.countDown();
        }

        @Override
        public void onClose() {
            heard.add("close");
            end.countDown();
        }

        Noted awaited() throws InterruptedException {
            assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(heard.stream().filter(note -> note.equals("error") || note.equals("close")))
                    .hasSize(1);
            return this;
        }

        String last() {
            return heard.get(heard.size() - 1);
        }
    }

    private Noted streamed(HttpClient client, HttpRequest request) throws InterruptedException {
        Noted noted = new Noted();
        client.execute(request, noted);
        return noted.awaited();
    }

    @Test
    void anAnswerHasItsHeadersAndItsBody() {
        SuccessfulHttpResponse response = client().build().execute(openAi("sim/ok", false));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().get("content-type")).contains("application/json");
        assertThat(response.body()).contains(Simulator.textOf("sim/ok").substring(0, 10));
    }

    @Test
    void anErrorKeepsItsHeaders() {
        Throwable thrown = catchThrowable(() -> client().build().execute(openAi("sim/429,retry-after=7", false)));

        HttpResponseException refused = (HttpResponseException) thrown;
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().get("RETRY-AFTER")).containsExactly("7");
        assertThat(refused.body()).contains("error");
        assertThat(refused).hasNoCause();
    }

    /** LangChain4j's own client stops watching at the head. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages"})
    void aBodyThatStallsIsEnded(String path) {
        HttpClient silent = client().idleTimeout(Duration.ofMillis(400)).build();
        HttpClient slow = client().firstByteTimeout(Duration.ofMillis(400)).build();

        assertThatThrownBy(() -> silent.execute(request(path, "sim/stall", false)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no further byte for 400 ms");
        assertThatThrownBy(() -> slow.execute(request(path, "sim/hang", false)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no response within 400 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim/ttft=60000", "sim/stall,after=3"})
    void aStreamThatStallsIsEnded(String model) throws InterruptedException {
        HttpClient client = client().idleTimeout(Duration.ofMillis(400)).build();

        Noted noted = streamed(client, openAi(model, true));

        assertThat(noted.errors.get(0))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no further byte for 400 ms");
    }

    @Test
    void aStreamThatNeverBeginsIsEnded() throws InterruptedException {
        HttpClient client = client().readTimeout(Duration.ofMillis(400)).build();

        Noted noted = streamed(client, openAi("sim/hang", true));

        assertThat(noted.errors.get(0)).isInstanceOf(TimeoutException.class).hasMessageContaining("400 ms");
    }

    @Test
    void theWholeIsBoundedToo() throws InterruptedException {
        HttpClient client = client().idleTimeout(Duration.ofSeconds(20))
                .firstByteTimeout(Duration.ofSeconds(20))
                .wholeTimeout(Duration.ofMillis(600))
                .build();

        Noted noted = streamed(client, openAi("sim/tokens=1000,rate=10", true));

        assertThat(noted.errors.get(0))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no end within 600 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages"})
    void aWholeStreamIsClosedOnce(String path) throws InterruptedException {
        Noted noted = streamed(client().build(), request(path, "sim/ok", true));

        assertThat(noted.heard.get(0)).isEqualTo("open 200");
        assertThat(noted.last()).isEqualTo("close");
        assertThat(noted.heard).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({
        "'sim/cut,after=3', stream_interrupted",
        "'sim/reset,after=3', stream_interrupted",
        "sim/no-terminal, stream_interrupted",
        "'sim/error-mid,after=3,status=429', rate_limit",
        "'sim/malformed,after=3', stream_interrupted",
        "sim/empty, empty_response"
    })
    void aStreamThatIsNoneIsAnErrorAndNoClose(String model, String category) throws InterruptedException {
        for (String path : List.of("/v1/chat/completions", "/v1/messages")) {
            Noted noted = streamed(client().build(), request(path, model, true));

            assertThat(noted.errors).as(path).hasSize(1);
            HttpFailedException failed = (HttpFailedException) noted.errors.get(0);
            assertThat(failed.failure().category().word()).as(path).isEqualTo(category);
        }
    }

    @Test
    void aPageInPlaceOfAStreamIsAnError() throws Exception {
        try (OnePage page = new OnePage("text/html", "<html><body>Sign in</body></html>")) {
            HttpRequest request = HttpRequest.builder()
                    .method(HttpMethod.POST)
                    .url(page.uri() + "/v1/chat/completions")
                    .body("{}")
                    .build();

            Noted noted = streamed(client().build(), request);
            Throwable plain = catchThrowable(() -> client().build().execute(request));

            HttpFailedException failed = (HttpFailedException) noted.errors.get(0);
            assertThat(failed.failure().rule()).isEqualTo("response.unreadable");
            assertThat(plain).isInstanceOf(HttpFailedException.class);
        }
    }

    @Test
    void aPageIsNoAnswerOfAnyEndpoint() throws Exception {
        try (OnePage page = new OnePage("text/html; charset=utf-8", "<html><body>Sign in</body></html>")) {
            HttpRequest request = HttpRequest.builder()
                    .method(HttpMethod.GET)
                    .url(page.uri() + "/api/other")
                    .build();

            assertThat(streamed(client().build(), request).errors).hasSize(1);
            assertThatThrownBy(() -> client().build().execute(request)).isInstanceOf(HttpFailedException.class);
        }
    }

    @Test
    void aWholeAnswerInPlaceOfAStreamIsAnError() throws Exception {
        String answer = client().build().execute(openAi("sim/ok", false)).body();
        try (OnePage page = new OnePage("application/json", answer)) {
            Noted noted = streamed(
                    client().build(),
                    HttpRequest.builder()
                            .method(HttpMethod.POST)
                            .url(page.uri() + "/v1/chat/completions")
                            .body("{}")
                            .build());

            HttpFailedException failed = (HttpFailedException) noted.errors.get(0);
            assertThat(failed.failure().rule()).isEqualTo("response.not_streamed");
        }
    }

    @Test
    void aListenerThatLeavesStopsTheServer() throws InterruptedException {
        Noted noted = new Noted();
        noted.cancelAfter = 4;
        client().build().execute(openAi("sim/tokens=2000,rate=50", true), noted);
        noted.awaited();

        assertThat(noted.last()).isEqualTo("close");
        long start = System.nanoTime();
        while (simulator.stats().cancelled() == 0 && System.nanoTime() - start < 30_000_000_000L) {
            Thread.onSpinWait();
        }
        assertThat(simulator.stats().cancelled()).isEqualTo(1);
    }

    /** LangChain4j's own clients log it and go on, and what the event held is lost. */
    @Test
    void aListenerThatThrowsHearsOfItOnce() throws InterruptedException {
        Noted noted = new Noted();
        noted.throwAfter = 4;
        client().build().execute(openAi("sim/tokens=50", true), noted);
        noted.awaited();

        assertThat(noted.errors.get(0)).hasMessage("full");
        assertThat(noted.heard).hasSize(6);
    }

    @Test
    void aConnectionThatIsRefusedSaysSo() {
        HttpRequest nowhere = HttpRequest.builder()
                .method(HttpMethod.POST)
                .url("http://127.0.0.1:1/v1/chat/completions")
                .body("{}")
                .build();

        HttpFailedException failed =
                (HttpFailedException) catchThrowable(() -> client().build().execute(nowhere));

        assertThat(failed.failure().category()).isEqualTo(Category.NETWORK);
        assertThat(failed.failure().sent()).isFalse();
    }

    @Test
    void anInterruptEndsTheWaitAndStaysVisible() {
        Thread.currentThread().interrupt();

        Throwable thrown = catchThrowable(() -> client().build().execute(openAi("sim/hang", false)));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void formsAreSentAsForms() throws Exception {
        try (OnePage page = new OnePage("application/json", "{}")) {
            client().build()
                    .execute(HttpRequest.builder()
                            .method(HttpMethod.POST)
                            .url(page.uri() + "/v1/audio/transcriptions")
                            .addFormDataField("model", "whisper")
                            .addFormDataFile("file", "a\"b.wav", "audio/wav", new byte[] {1, 2, 3})
                            .build());

            assertThat(page.received())
                    .contains("multipart/form-data; boundary=")
                    .contains("name=\"model\"\r\n\r\nwhisper\r\n")
                    .contains("name=\"file\"; filename=\"a%22b.wav\"\r\nContent-Type: audio/wav\r\n\r\n");
        }
    }

    @Test
    void timeoutsMustBePositive() {
        assertThatThrownBy(() -> client().idleTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("idleTimeout must be positive");
    }
}

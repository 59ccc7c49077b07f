// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.NETWORK;
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.failure.Category.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.failure.RetryScope;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults on a real wire through real clients: what they throw is understood. Sockets, because the exceptions are theirs. */
@org.junit.jupiter.api.Timeout(30)
class ClientFaultsTest {
    /** Bounds failure alone. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Where the timeout is what is looked for. */
    private static final Duration SHORT = Duration.ofMillis(400);

    private final FailureClassifier classifier =
            ProviderErrorClassifier.create().asFailureClassifier();

    /** One call that reads the whole body; returns what it read. */
    interface Client {
        String get(String url, Duration patience) throws Exception;
    }

    enum Clients implements Client {
        JDK {
            @Override
            public String get(String url, Duration patience) throws Exception {
                return HttpClient.newHttpClient()
                        .send(request(url, patience), BodyHandlers.ofString())
                        .body();
            }
        },
        JDK_ASYNC_LINES {
            @Override
            public String get(String url, Duration patience) {
                return HttpClient.newHttpClient()
                        .sendAsync(request(url, patience), BodyHandlers.ofLines())
                        .thenApply(response -> String.join("\n", response.body().toList()))
                        .join();
            }
        },
        OKHTTP {
            @Override
            public String get(String url, Duration patience) throws Exception {
                OkHttpClient client = new OkHttpClient.Builder()
                        .readTimeout(patience)
                        .retryOnConnectionFailure(false)
                        .build();
                try (okhttp3.Response response =
                        client.newCall(new Request.Builder().url(url).build()).execute()) {
                    return response.body().string();
                } finally {
                    client.dispatcher().executorService().shutdown();
                }
            }
        },
        APACHE {
            @Override
            public String get(String url, Duration patience) throws Exception {
                RequestConfig config = RequestConfig.custom()
                        .setResponseTimeout(Timeout.ofMilliseconds(patience.toMillis()))
                        .build();
                try (CloseableHttpClient client = HttpClients.custom()
                        .disableAutomaticRetries()
                        .setDefaultRequestConfig(config)
                        .build()) {
                    return client.execute(new HttpGet(url), response -> EntityUtils.toString(response.getEntity()));
                }
            }
        },
        REACTOR_NETTY {
            @Override
            public String get(String url, Duration patience) {
                return reactor.netty.http.client.HttpClient.newConnection()
                        .disableRetry(true)
                        .responseTimeout(patience)
                        .get()
                        .uri(url)
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block(Duration.ofSeconds(30));
            }
        };

        private static HttpRequest request(String url, Duration patience) {
            return HttpRequest.newBuilder(URI.create(url)).timeout(patience).build();
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(Clients.values())
                .flatMap(client -> Stream.of(
                        Arguments.of(client, FaultServer.Fault.CLOSE_BEFORE_ANSWER, NETWORK),
                        Arguments.of(client, FaultServer.Fault.RESET_BEFORE_ANSWER, NETWORK),
                        Arguments.of(client, FaultServer.Fault.CUT_CONTENT_LENGTH, STREAM_INTERRUPTED),
                        Arguments.of(client, FaultServer.Fault.CUT_CHUNKS, STREAM_INTERRUPTED),
                        Arguments.of(client, FaultServer.Fault.HANG, TIMEOUT)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultOnTheWireIsUnderstoodAndMayHaveBeenSent(Client client, FaultServer.Fault fault, Category expected)
            throws Exception {
        try (FaultServer server = new FaultServer(fault)) {
            Duration patience = fault == FaultServer.Fault.HANG ? SHORT : PATIENCE;
            Throwable thrown = catchThrowable(() -> client.get(server.url(), patience));

            Failure failure = classifier.classify(thrown);

            // reactor-netty does not tell a body cut right after its first chunk from one that never began
            boolean netty = client == Clients.REACTOR_NETTY && expected == STREAM_INTERRUPTED;
            assertThat(failure.category())
                    .as("%s by %s", thrown, failure.rule())
                    .isIn(expected, netty ? NETWORK : expected);
            assertThat(failure.scope()).isEqualTo(RetryScope.SAME_TARGET);
            assertThat(failure.sent()).isTrue();
            assertThat(failure.cause()).isSameAs(thrown);
        }
    }

    static Stream<Client> clients() {
        return Stream.of(Clients.values());
    }

    @ParameterizedTest
    @MethodSource("clients")
    void refusedConnectionWasNeverSent(Client client) throws Exception {
        String url = FaultServer.urlOfNobody();

        Failure failure = classifier.classify(catchThrowable(() -> client.get(url, PATIENCE)));

        assertThat(failure.category()).isEqualTo(NETWORK);
        assertThat(failure.sent()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void unknownHostWasNeverSent(Client client) {
        Failure failure =
                classifier.classify(catchThrowable(() -> client.get("http://no-such-host.invalid/", PATIENCE)));

        assertThat(failure.category()).isEqualTo(NETWORK);
        assertThat(failure.sent()).isFalse();
    }

    @Test
    void plainHttpBehindHttpsIsPermanentForTheTarget() throws Exception {
        try (FaultServer server = new FaultServer(FaultServer.Fault.PLAIN_ANSWER_AT_ONCE)) {
            String url = server.url().replace("http:", "https:");

            Failure failure = classifier.classify(catchThrowable(() -> Clients.OKHTTP.get(url, PATIENCE)));

            assertThat(failure.category()).isEqualTo(NETWORK);
            assertThat(failure.scope()).isEqualTo(RetryScope.OTHER_TARGET);
            assertThat(failure.sent()).isFalse();
        }
    }

    @Test
    void callCancelledByUsIsTheCallers() throws Exception {
        try (FaultServer server = new FaultServer(FaultServer.Fault.HANG)) {
            OkHttpClient client = new OkHttpClient();
            okhttp3.Call call =
                    client.newCall(new Request.Builder().url(server.url()).build());
            client.dispatcher().executorService().execute(() -> {
                while (!call.isExecuted()) {
                    Thread.onSpinWait();
                }
                call.cancel();
            });

            Failure failure = classifier.classify(catchThrowable(call::execute));

            client.dispatcher().executorService().shutdown();
            client.dispatcher().executorService().awaitTermination(5, TimeUnit.SECONDS);
            assertThat(failure.category()).isEqualTo(Category.CANCELLED);
            assertThat(failure.scope()).isEqualTo(RetryScope.NEVER);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The HTTP part of docs/guarding-any-call.md, over real sockets: what a cut connection does cannot be made up. */
@Timeout(120)
class GuardedHttpPageTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Object> told = new CopyOnWriteArrayList<>();
    private HttpServer first;
    private HttpServer second;
    private Targets endpoints;

    private final Holdfast holdfast = Holdfast.builder()
            .config(ResilienceConfig.defaults().withDeadline(Duration.ofSeconds(20)))
            .classifier(GuardedHttpPageTest::classify)
            .listener(told::add)
            .build();

    static final class StatusException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int status;
        final long retryAfterSeconds;

        StatusException(HttpResponse<?> response) {
            super("status " + response.statusCode());
            status = response.statusCode();
            retryAfterSeconds =
                    response.headers().firstValueAsLong("retry-after").orElse(0);
        }
    }

    static Failure classify(Throwable error) {
        Throwable cause = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
        if (!(cause instanceof StatusException answer)) {
            return FailureClassifier.standard().classify(error); // knows the network errors of the JDK
        }
        Category category =
                switch (answer.status) {
                    case 401 -> Category.AUTH;
                    case 429 -> Category.RATE_LIMIT;
                    case 503 -> Category.OVERLOADED;
                    default -> answer.status >= 500 ? Category.SERVER_ERROR : Category.INVALID_REQUEST;
                };
        Failure failure =
                Failure.of(category, "http.status", answer.getMessage()).withCause(error);
        return answer.retryAfterSeconds == 0 ? failure : failure.withHint(Duration.ofSeconds(answer.retryAfterSeconds));
    }

    private CompletableFuture<String> rate(String currency) {
        return holdfast.call(endpoints, attempt -> ask(attempt, currency));
    }

    private CompletionStage<String> ask(Attempt attempt, String currency) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(attempt.target().endpoint() + "/rate/" + currency))
                .build();
        CompletableFuture<HttpResponse<String>> sent = client.sendAsync(request, BodyHandlers.ofString());
        attempt.onCancel(() -> sent.cancel(true));
        return sent.thenApply(response -> {
            if (response.statusCode() != 200) {
                throw new StatusException(response);
            }
            return response.body();
        });
    }

    @BeforeEach
    void start() throws IOException {
        first = server();
        second = server();
        endpoints = Targets.of(target("rates/first", first), target("rates/second", second));
    }

    @AfterEach
    void stop() {
        Conservation.awaitAllReturned(holdfast);
        holdfast.close();
        first.stop(0);
        second.stop(0);
        threads.shutdownNow();
    }

    @Test
    void endpointInTroubleIsLeftAtOnce() {
        first.createContext("/rate", answer(503, "", "busy"));
        second.createContext("/rate", answer(200, "", "1.08"));

        assertThat(rate("EUR").join()).isEqualTo("1.08");
    }

    @Test
    void statedWaitPausesTheEndpointForEveryCall() {
        first.createContext("/rate", answer(429, "3600", "slow down"));
        second.createContext("/rate", answer(200, "", "1.08"));

        rate("EUR").join();
        rate("USD").join();

        holdfast.eventsDelivered().join();
        assertThat(told)
                .filteredOn(CallEvent.AttemptStarted.class::isInstance)
                .extracting(event -> ((CallEvent.AttemptStarted) event).target().name())
                .containsExactly("rates/first", "rates/second", "rates/second");
    }

    @Test
    void badRequestIsTheCallersFaultAndGoesNowhereElse() {
        first.createContext("/rate", answer(400, "", "no such currency"));
        second.createContext("/rate", answer(200, "", "1.08"));

        CompletableFuture<String> call = rate("XXX");
        String outcome = call.handle((value, error) -> {
                    if (error instanceof CallException failed) {
                        return failed.category() + " after "
                                + failed.report().attempts().size() + " attempt";
                    }
                    return value;
                })
                .join();

        assertThat(outcome).isEqualTo("invalid_request after 1 attempt");
    }

    @Test
    void cancellingTheCallCutsTheConnection() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Throwable> cut = new CompletableFuture<>();
        first.createContext("/rate", exchange -> {
            asked.countDown();
            writeUntilCut(exchange, cut);
        });

        CompletableFuture<String> call = rate("EUR");
        asked.await();
        call.cancel(true);

        assertThat(cut.get()).isInstanceOf(IOException.class);
        assertThat(holdfast.info(endpoints.order().get(0)).circuit().failures()).isZero();
    }

    /** An answer without an end, until nobody reads it. */
    private static void writeUntilCut(HttpExchange exchange, CompletableFuture<Throwable> cut) {
        try (OutputStream body = exchange.getResponseBody()) {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[64 * 1024];
            while (true) {
                body.write(piece);
                body.flush();
            }
        } catch (IOException e) {
            cut.complete(e);
        }
    }

    private static HttpHandler answer(int status, String retryAfter, String body) {
        return exchange -> {
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        };
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        return server;
    }

    private static Target target(String name, HttpServer server) {
        InetSocketAddress address = server.getAddress();
        return Target.builder(name)
                .endpoint("http://" + address.getAddress().getHostAddress() + ":" + address.getPort())
                .build();
    }
}

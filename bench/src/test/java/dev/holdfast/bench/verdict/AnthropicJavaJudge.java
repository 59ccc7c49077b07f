// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONFLICT;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.MODEL_LOADING;
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

import com.anthropic.core.RequestOptions;
import com.anthropic.core.Sleeper;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpMethod;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.core.http.RetryingHttpClient;
import com.anthropic.errors.AnthropicIoException;
import dev.holdfast.failure.Category;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The retrying HTTP client of anthropic-java, run on a transport that always answers with the case. */
final class AnthropicJavaJudge implements Judge {
    @Override
    public String name() {
        return "anthropic-java";
    }

    @Override
    public String basis() {
        return "3.12.0, called in the same way; more of its exceptions have a status of their own";
    }

    @Override
    public int kinds() {
        return 17;
    }

    @Override
    public Opinion judge(ErrorCase error) {
        if (error.exception() == null && error.status() == 0) {
            return Opinion.stop(Opinion.about());
        }
        List<Duration> sleeps = new ArrayList<>();
        HttpClient client = RetryingHttpClient.builder()
                .httpClient(new Transport(error))
                .sleeper(new Recorder(sleeps))
                .clock(error.clock())
                .maxRetries(1)
                .build();
        try (client;
                HttpResponse given = client.execute(
                        HttpRequest.builder()
                                .method(HttpMethod.POST)
                                .baseUrl("http://localhost/")
                                .build(),
                        RequestOptions.none())) {
            return SdkWaits.opinion(sleeps, kinds(given.statusCode()));
        } catch (RuntimeException thrown) {
            boolean named = thrown instanceof AnthropicIoException;
            return SdkWaits.opinion(
                    sleeps, named ? Opinion.about(NETWORK, TIMEOUT, STREAM_INTERRUPTED) : Opinion.about());
        }
    }

    private static Set<Category> kinds(int status) {
        return switch (status) {
            case 200 -> Opinion.about(STREAM_INTERRUPTED);
            case 400, 422 -> Opinion.about(INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTER);
            case 401 -> Opinion.about(AUTH);
            case 402 -> Opinion.about(QUOTA_EXHAUSTED);
            case 403 -> Opinion.about(PERMISSION);
            case 404 -> Opinion.about(NOT_FOUND);
            case 408 -> Opinion.about(TIMEOUT);
            case 409 -> Opinion.about(CONFLICT);
            case 413 -> Opinion.about(REQUEST_TOO_LARGE, CONTEXT_LENGTH);
            case 429 -> Opinion.about(RATE_LIMIT, QUOTA_EXHAUSTED);
            case 503, 529 -> Opinion.about(OVERLOADED, MODEL_LOADING);
            case 504 -> Opinion.about(TIMEOUT);
            default -> status >= 500 ? Opinion.about(SERVER_ERROR, TIMEOUT) : Opinion.about();
        };
    }

    /** Answers every request with the case; exceptions come wrapped as by the client's own OkHttp transport. */
    private record Transport(ErrorCase error) implements HttpClient {
        @Override
        public HttpResponse execute(HttpRequest request, RequestOptions options) {
            if (error.exception() == null) {
                return new Response(error);
            }
            Exception thrown = Thrown.from(error);
            IOException io = Thrown.io(thrown);
            throw io == null ? new RuntimeException(thrown) : new AnthropicIoException("Request failed", io);
        }

        @Override
        public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
            throw new UnsupportedOperationException("only asked synchronously");
        }

        @Override
        public void close() {}
    }

    private record Response(ErrorCase error) implements HttpResponse {
        @Override
        public int statusCode() {
            return error.status();
        }

        @Override
        public Headers headers() {
            Headers.Builder headers = Headers.builder();
            error.headers().forEach(headers::put);
            return headers.build();
        }

        @Override
        public InputStream body() {
            return new ByteArrayInputStream(error.body().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {}
    }

    private record Recorder(List<Duration> sleeps) implements Sleeper {
        @Override
        public void sleep(Duration duration) {
            sleeps.add(duration);
        }

        @Override
        public CompletableFuture<Void> sleepAsync(Duration duration) {
            throw new UnsupportedOperationException("only asked synchronously");
        }

        @Override
        public void close() {}
    }
}

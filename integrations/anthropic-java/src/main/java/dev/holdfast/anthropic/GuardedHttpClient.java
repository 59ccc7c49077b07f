// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.anthropic;

import com.anthropic.core.RequestOptions;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import com.anthropic.core.http.HttpResponse;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.wire.BlockingTransport;
import dev.holdfast.llm.wire.ClientTimeouts;
import dev.holdfast.llm.wire.WireGuard;
import dev.holdfast.llm.wire.WireRequest;
import dev.holdfast.llm.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Guards each request of an Anthropic client; {@link GuardedInterceptor} says how. Thread-safe. */
final class GuardedHttpClient implements HttpClient {
    private final WireGuard guard;
    private final HttpClient inner;
    private final @Nullable Transport transport;
    private final TimeoutConfig configured;

    /** @param transport carries the requests in place of the SDK's client; null for none */
    GuardedHttpClient(WireGuard guard, HttpClient inner, @Nullable Transport transport) {
        this.guard = guard;
        this.inner = inner;
        this.transport = transport;
        this.configured = guard.engine().config().timeouts();
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        CompletableFuture<WireResponse> call = send(request, options, false);
        try {
            return new Response(call.get());
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            CancellationException interrupted = new CancellationException("the calling thread was interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw translated(e.getCause() == null ? e : e.getCause());
        }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        CompletableFuture<WireResponse> call = send(request, options, true);
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        call.whenComplete((answered, error) -> {
            if (answered == null) {
                response.completeExceptionally(translated(error));
            } else if (!response.complete(new Response(answered))) {
                answered.close();
            }
        });
        response.whenComplete((answered, error) -> {
            if (response.isCancelled()) {
                call.cancel(true);
            }
        });
        return response;
    }

    /** The engine and a transport stay open. */
    @Override
    public void close() {
        inner.close();
    }

    private CompletableFuture<WireResponse> send(HttpRequest request, RequestOptions options, boolean async) {
        @Nullable HttpRequestBody body = request.body().orElse(null);
        boolean repeatable = body == null || body.repeatable();
        WireRequest wire = wire(request, transport != null || repeatable);
        boolean stream = WireGuard.asksForStream(wire);
        TimeoutConfig timeouts = timeouts(options.timeout().orElse(null), stream);
        Transport to = transport != null
                ? transport
                : new BlockingTransport(
                        new SdkTransport(inner, request, wire, inner(options, timeouts, stream), async));
        return guard.send(wire, to, CallOptions.none().withTimeouts(timeouts));
    }

    private static WireRequest wire(HttpRequest request, boolean read) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : request.headers().names()) {
            headers.put(name, String.join(", ", request.headers().values(name)));
        }
        @Nullable HttpRequestBody body = request.body().orElse(null);
        byte[] bytes = new byte[0];
        if (body != null) {
            if (body.contentType() != null) {
                headers.put("content-type", body.contentType());
            }
            if (read) {
                ByteArrayOutputStream written = new ByteArrayOutputStream();
                body.writeTo(written);
                bytes = written.toByteArray();
            }
        }
        return new WireRequest(
                request.method().name(),
                request.baseUrl().replaceAll("/+$", ""),
                path(request),
                headers,
                bytes,
                body == null || body.repeatable());
    }

    /** Put together here, because older clients do not tell a request's whole address. */
    private static String path(HttpRequest request) {
        return WireRequest.path(request.pathSegments(), request.queryParams().keys(), request.queryParams()::values);
    }

    private TimeoutConfig timeouts(@Nullable Timeout sdk, boolean stream) {
        if (sdk == null) {
            return configured;
        }
        return new ClientTimeouts(sdk.connect(), sdk.request()).within(configured, stream);
    }

    /** What is left for the SDK's client to watch: that no read outlasts what the engine would allow it. */
    private static RequestOptions inner(RequestOptions options, TimeoutConfig timeouts, boolean stream) {
        Timeout watched = Timeout.builder()
                .connect(timeouts.connect())
                .read(ClientTimeouts.longestRead(timeouts, stream))
                .write(timeouts.attempt())
                .request(Duration.ZERO)
                .build();
        return options.toBuilder().timeout(watched).build();
    }

    private static RuntimeException translated(Throwable error) {
        if (error instanceof CallException failed) {
            return new GuardedCallException(failed);
        }
        return error instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(error);
    }

    private record Response(WireResponse answered, Headers headers) implements HttpResponse {
        Response(WireResponse answered) {
            this(answered, Headers.builder().putAll(answered.head().headers()).build());
        }

        @Override
        public int statusCode() {
            return answered.head().status();
        }

        @Override
        public InputStream body() {
            return answered.body();
        }

        @Override
        public void close() {
            answered.close();
        }
    }
}

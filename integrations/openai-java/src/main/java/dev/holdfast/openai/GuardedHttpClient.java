// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.openai;

import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderPreset;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.wire.BlockingTransport;
import dev.holdfast.llm.wire.ClientTimeouts;
import dev.holdfast.llm.wire.WireEndpoint;
import dev.holdfast.llm.wire.WireGuard;
import dev.holdfast.llm.wire.WireRequest;
import dev.holdfast.llm.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of an OpenAI client, with every request guarded by a {@link Holdfast}: retries with the waits that the
 * server states, a budget, a circuit for each model, timeouts that leave a healthy stream alone, and failover to other
 * endpoints. Thread-safe.
 *
 * <p>A response that says no reaches the SDK as it came, once nothing is left to be tried, and becomes the SDK's own
 * exception. All else becomes a {@link GuardedCallException}, also while a stream is read. Neither is retried by the SDK,
 * whatever its {@code maxRetries}.
 *
 * <p>Timeouts: the shorter of the engine's and the SDK's. The SDK's {@code request} timeout bounds a whole plain call, but of
 * a stream only its silences.
 */
public final class GuardedHttpClient implements HttpClient {
    private final WireGuard guard;
    private final @Nullable Transport transport;
    private final @Nullable HttpClient inner;
    private final TimeoutConfig configured;

    private GuardedHttpClient(Builder builder) {
        this.guard = new WireGuard(builder.engine, builder.preset, builder.others, GuardedCallException::new);
        this.inner = builder.inner;
        this.transport = builder.inner != null ? null : builder.transport();
        this.configured = builder.engine.config().timeouts();
    }

    /** A client over the transport of Holdfast. */
    public static GuardedHttpClient of(Holdfast engine) {
        return builder(engine).build();
    }

    /** @param engine guards; stays the caller's to close */
    public static Builder builder(Holdfast engine) {
        return new Builder(engine);
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

    /** Closes the SDK's HTTP client if there is one below; the engine and a transport stay open. */
    @Override
    public void close() {
        if (inner != null) {
            inner.close();
        }
    }

    private CompletableFuture<WireResponse> send(HttpRequest request, RequestOptions options, boolean async) {
        HttpClient sdk = inner;
        HttpRequestBody body = request.body();
        boolean repeatable = body == null || body.repeatable();
        WireRequest wire = wire(request, sdk == null || repeatable);
        boolean stream = WireGuard.asksForStream(wire);
        TimeoutConfig timeouts = timeouts(options.getTimeout(), stream);
        Transport to = sdk == null
                ? Objects.requireNonNull(transport)
                : new BlockingTransport(new SdkTransport(sdk, request, wire, inner(options, timeouts, stream), async));
        return guard.send(wire, to, CallOptions.none().withTimeouts(timeouts));
    }

    private static WireRequest wire(HttpRequest request, boolean read) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : request.headers().names()) {
            headers.put(name, String.join(", ", request.headers().values(name)));
        }
        HttpRequestBody body = request.body();
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
        return RequestOptions.builder().timeout(watched).build().applyDefaults(options);
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

    /** Builds a {@link GuardedHttpClient}. Not thread-safe. */
    public static final class Builder {
        private final Holdfast engine;
        private final List<WireEndpoint> others = new ArrayList<>();
        private ProviderPreset preset = Presets.named("openai");
        private @Nullable Transport transport;
        private @Nullable HttpClient inner;

        private Builder(Holdfast engine) {
            this.engine = Objects.requireNonNull(engine, "engine");
        }

        /**
         * Sends through an HTTP client of the SDK, for its proxy, certificates or connection pool, instead of a transport of
         * Holdfast. A request that the engine gives up before its response has begun then runs on in OkHttp until a read
         * takes longer than the timeout.
         */
        public Builder around(HttpClient client) {
            inner = client;
            return this;
        }

        /** Sends through this transport; stays the caller's to close. Default: one that all of the process share. */
        public Builder transport(Transport value) {
            transport = value;
            return this;
        }

        /** Another endpoint that speaks the same, asked for the same model when those before it cannot serve a call. */
        public Builder failover(String baseUrl, @Nullable String key) {
            return failover(baseUrl, key, null);
        }

        /** @param model what to ask for there; null for the model that the request names */
        public Builder failover(String baseUrl, @Nullable String key, @Nullable String model) {
            others.add(new WireEndpoint(baseUrl, key == null ? null : Secret.of(key), model));
            return this;
        }

        /** The provider behind the base URL, so that its errors are understood: {@code openai} (default), {@code azure}, {@code groq} … */
        public Builder provider(String name) {
            preset = Presets.named(name);
            return this;
        }

        private Transport transport() {
            return transport != null
                    ? transport
                    : HoldfastRuntime.shared(JdkTransport.class, () -> new JdkTransport(HoldfastRuntime.executor()));
        }

        public GuardedHttpClient build() {
            return new GuardedHttpClient(this);
        }
    }
}

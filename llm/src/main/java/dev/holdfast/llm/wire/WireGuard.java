// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.CallFailedException;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.InvalidRequestException;
import dev.holdfast.llm.dialect.RawRequest;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.preset.AuthStyle;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.preset.ProviderPreset;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportRequest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Guards the requests of a client that brings its own wire format: each is one call of the engine. Bodies go out and come
 * back byte for byte. Thread-safe.
 *
 * <ul>
 *   <li>A response that is an error, a page, an empty answer, or a stream that breaks before its first content is an
 *       attempt that failed. After the first content nothing is repeated: reading the body throws.
 *   <li>When everything that may be tried has failed, the last error response is handed on as it came, so that the client
 *       can throw what its users know. It then carries {@code x-should-retry: false}, which tells clients of this family
 *       to leave it at that, and {@code x-holdfast-category}.
 *   <li>A request that is neither a read nor a question to a model is not repeated once it may have been carried out.
 * </ul>
 */
public final class WireGuard {
    /** Told to the server with every attempt of a POST, unless the client has set it. */
    public static final String IDEMPOTENCY_KEY = "idempotency-key";

    private static final String SHOULD_RETRY = "x-should-retry";
    private static final String CATEGORY = "x-holdfast-category";

    /** Questions that can be asked twice: nothing is made by them that stays. */
    private static final Set<String> QUESTIONS = Set.of(
            "/chat/completions",
            "/completions",
            "/messages",
            "/messages/count_tokens",
            "/embeddings",
            "/moderations",
            "/responses");

    /** Its preset speaks OpenAI's format, at another path and with another header for the key. */
    private static final ProviderPreset GEMINI = Presets.named("gemini").withAuth(AuthStyle.X_GOOG_API_KEY);

    private final Holdfast engine;
    private final Dialect dialect;
    private final ProviderPreset preset;
    private final WireTargets targets;
    private final BrokenAnswer broken;

    /**
     * @param preset whose wire format, authentication and errors are expected
     * @param others where else a question may go, in this order, once the request's own endpoint cannot serve it
     * @param broken what reading throws when an answer breaks off
     */
    public WireGuard(Holdfast engine, ProviderPreset preset, List<WireEndpoint> others, BrokenAnswer broken) {
        Function<ErrorInput, Failure> classifier = ProviderErrorClassifier.create()::classify;
        this.engine = engine;
        this.preset = preset;
        this.dialect = new ProviderEndpoint(preset, URI.create("http://localhost"), null)
                .dialect(classifier, DecodeLimits.DEFAULTS);
        this.targets = new WireTargets(preset, others);
        this.broken = broken;
    }

    /**
     * Guards requests of Gemini's own API, on Vertex AI too: {@code generateContent}, {@code streamGenerateContent} with {@code
     * alt=sse}, and those beside them. They go to no other endpoint than their own.
     *
     * @param broken what reading throws when an answer breaks off
     */
    public static WireGuard gemini(Holdfast engine, BrokenAnswer broken) {
        return new WireGuard(engine, GEMINI, List.of(), broken);
    }

    /** The engine that guards. */
    public Holdfast engine() {
        return engine;
    }

    /** Whether the body of the request asks for a stream. */
    public static boolean asksForStream(WireRequest request) {
        RawRequest read = read(request);
        return GeminiRequests.asksForStream(request) || (read != null && read.stream());
    }

    /**
     * Makes the call. Cancelling the future cancels what runs.
     *
     * @param transport carries this call's attempts
     * @return completes with a response, or with a {@link dev.holdfast.CallException} where there was none
     */
    public CompletableFuture<WireResponse> send(WireRequest request, Transport transport, CallOptions options) {
        RawRequest read = read(request);
        boolean question = GeminiRequests.isQuestion(request)
                || (request.isPost() && QUESTIONS.stream().anyMatch(request.plainPath()::endsWith));
        WireTargets.Places places = targets.of(
                request,
                read == null ? GeminiRequests.model(request) : read.model(),
                question && read != null && request.repeatable());
        WireReadings readings = new WireReadings(
                request, dialect, GeminiRequests.asksForStream(request) || (read != null && read.stream()));
        Map<String, String> headers = withIdempotencyKey(request);
        TimeoutConfig timeouts = options.timeouts() == null ? engine.config().timeouts() : options.timeouts();
        CompletableFuture<WireAttempt> call =
                engine.call(places.targets(), options(options, request, question), attempt -> new WireAttempt(
                                attempt, dialect.errors(), readings, broken)
                        .start(
                                transport,
                                addressed(
                                        request,
                                        headers,
                                        read,
                                        places.endpoint(attempt.target()),
                                        timeouts.connect())));
        CompletableFuture<WireResponse> response = new CompletableFuture<>();
        call.whenComplete((committed, error) -> {
            if (committed != null) {
                WireResponse opened = committed.open();
                if (!response.complete(opened)) {
                    opened.close();
                }
            } else {
                WireResponse refused = refused(error);
                if (refused == null) {
                    response.completeExceptionally(Futures.unwrapped(error));
                } else {
                    response.complete(refused);
                }
            }
        });
        new Futures.Running(response).follow(call);
        return response;
    }

    private static CallOptions options(CallOptions wanted, WireRequest request, boolean question) {
        boolean harmless =
                question || request.method().equals("GET") || request.method().equals("HEAD");
        CallOptions options = harmless ? wanted : wanted.withSideEffects(true);
        return request.repeatable() ? options : options.withMaxAttempts(1);
    }

    /** One key for all attempts, so that a server that knows such keys does the work once. */
    private static Map<String, String> withIdempotencyKey(WireRequest request) {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        if (request.isPost() && !request.headers().containsKey(IDEMPOTENCY_KEY)) {
            headers.put(IDEMPOTENCY_KEY, "holdfast-" + UUID.randomUUID());
        }
        return headers;
    }

    private TransportRequest addressed(
            WireRequest request,
            Map<String, String> headers,
            @Nullable RawRequest read,
            @Nullable WireEndpoint other,
            Duration connect) {
        if (other == null) {
            return new TransportRequest(request.method(), request.uri(), headers, request.body(), connect);
        }
        Map<String, String> own = new LinkedHashMap<>(headers);
        own.keySet().removeIf(name -> name.equalsIgnoreCase(preset.auth().header()));
        if (other.key() != null) {
            own.put(preset.auth().header(), preset.auth().value(other.key().reveal()));
        }
        byte[] body = read == null || other.model() == null ? request.body() : read.withModel(other.model());
        return new TransportRequest(request.method(), URI.create(other.baseUrl() + request.path()), own, body, connect);
    }

    private static @Nullable WireResponse refused(Throwable error) {
        if (!(Futures.unwrapped(error) instanceof CallFailedException failed)
                || !(failed.getCause() instanceof RefusedException refusal)) {
            return null;
        }
        Map<String, List<String>> headers = new LinkedHashMap<>(refusal.head().headers());
        headers.keySet().removeIf(name -> name.equalsIgnoreCase(SHOULD_RETRY));
        headers.put(SHOULD_RETRY, List.of("false"));
        headers.put(CATEGORY, List.of(failed.category().word()));
        return new WireResponse(
                new ResponseHead(refusal.head().status(), headers), new ByteArrayInputStream(refusal.body()), () -> {});
    }

    /** What the body says, if it is a JSON object that names a model. */
    private static @Nullable RawRequest read(WireRequest request) {
        if (!request.isPost() || request.body().length == 0 || request.body()[0] != '{') {
            return null;
        }
        try {
            return RawRequest.read(request.body());
        } catch (InvalidRequestException e) {
            return null;
        }
    }
}

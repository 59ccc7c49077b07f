// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.langchain4j.internal.AttemptScope;
import dev.holdfast.langchain4j.internal.EndedAttempt;
import dev.holdfast.langchain4j.internal.WaitingThreads;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.error.StatedLimits;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportRequest;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** See {@link HoldfastHttpClientBuilder}. Thread-safe. */
final class HoldfastHttpClient implements HttpClient {
    private static final Logger LOG = System.getLogger(HoldfastHttpClient.class.getName());

    private final Transport transport;
    private final HttpTimeouts timeouts;
    private final @Nullable String callIdHeader;
    private final AtomicBoolean warned = new AtomicBoolean();

    HoldfastHttpClient(Transport transport, HttpTimeouts timeouts, @Nullable String callIdHeader) {
        this.transport = transport;
        this.timeouts = timeouts;
        this.callIdHeader = callIdHeader;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        AttemptScope scope = AttemptScope.current();
        EndedAttempt ended = refused(scope);
        if (ended != null) {
            throw ended;
        }
        TransportRequest encoded = encoded(request, scope);
        Wire wire = Wire.of(encoded.uri());
        BodyExchange exchange = new BodyExchange(timeouts, scope);
        try {
            exchange.start(transport, encoded);
            return whole(exchange, wire, scope);
        } catch (RuntimeException e) {
            exchange.cancel();
            RuntimeException error = translated(e, exchange, wire, false);
            throw scope == null ? error : scope.end(failure(error, exchange, wire, false));
        }
    }

    private static SuccessfulHttpResponse whole(BodyExchange exchange, Wire wire, @Nullable AttemptScope scope) {
        ResponseHead head = exchange.awaitHead();
        BoundedBody body = gathered(exchange, wire.newBody(head));
        if (!head.isSuccess()) {
            throw refusal(head, body);
        }
        wire.checkAnswer(head, body);
        tellLimits(head, scope);
        SuccessfulHttpResponse.Builder response =
                SuccessfulHttpResponse.builder().statusCode(head.status()).headers(head.headers());
        // Bodies of bytes are newer than the oldest LangChain4j that this runs on; text goes without.
        return (isText(head) ? response.body(text(body)) : response.body(body.toBytes())).build();
    }

    private static boolean isText(ResponseHead head) {
        String type = head.mediaType();
        return type.isEmpty() || type.startsWith("text/") || type.endsWith("json") || type.endsWith("xml");
    }

    private static String text(BoundedBody body) {
        return new String(body.toBytes(), StandardCharsets.UTF_8);
    }

    static void tellLimits(ResponseHead head, @Nullable AttemptScope scope) {
        if (scope != null) {
            StatedLimits.read(head.headers(), scope::rateLimit);
        }
    }

    static HttpResponseException refusal(ResponseHead head, BoundedBody body) {
        return new HttpResponseException(head.status(), text(body), head.headers());
    }

    /** The body up to its limit; what comes after that is not read. */
    static BoundedBody gathered(BodyExchange exchange, BoundedBody body) {
        ByteBuffer piece = exchange.next(null);
        while (piece != null && body.add(piece)) {
            piece = exchange.next(null);
        }
        if (body.overflowed()) {
            exchange.cancel();
        }
        return body;
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        AttemptScope scope = AttemptScope.current();
        EndedAttempt ended = refused(scope);
        if (ended != null) {
            listener.onError(ended);
            return;
        }
        TransportRequest encoded = encoded(request, scope);
        Wire wire = Wire.of(encoded.uri());
        BodyExchange exchange = new BodyExchange(timeouts, scope);
        StreamReading reading = new StreamReading(exchange, wire, scope, parser, listener);
        WaitingThreads.executor().execute(() -> reading.run(transport, encoded));
    }

    /** A second request of an attempt that has failed: whoever sends it retries by itself, which is not its business here. */
    private @Nullable EndedAttempt refused(@Nullable AttemptScope scope) {
        EndedAttempt ended = scope == null ? null : scope.ended();
        if (ended != null && warned.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "a model below a resilient one repeats failed requests by itself; they are answered with the same"
                            + " failure and not sent: build the model with maxRetries(0)");
        }
        return ended;
    }

    private TransportRequest encoded(HttpRequest request, @Nullable AttemptScope scope) {
        Map<String, String> headers = RequestForm.headers(request);
        if (scope != null) {
            String id = scope.callId();
            if (callIdHeader != null && id != null) {
                headers.put(callIdHeader, id);
            }
            String key = scope.idempotencyKey();
            if (key != null) {
                headers.put("Idempotency-Key", key);
            }
        }
        return RequestForm.encoded(request, headers, timeouts.connect());
    }

    /** What callers of LangChain4j's clients expect to see, in place of what the parts here throw. */
    static RuntimeException translated(RuntimeException thrown, BodyExchange exchange, Wire wire, boolean contentSeen) {
        if (thrown instanceof BrokenExchangeException && thrown.getCause() != null) {
            Throwable cause = thrown.getCause();
            Failure failure = wire.errors().thrown(cause, exchange.head(), contentSeen, exchange.sent());
            return new HttpFailedException(failure.cause() == null ? failure.withCause(cause) : failure);
        }
        if (thrown instanceof ProviderException known) {
            return new HttpFailedException(known.failure().withCause(known));
        }
        return thrown;
    }

    /** The verdict on what {@link #translated} gave, with that as its cause. */
    static Failure failure(RuntimeException error, BodyExchange exchange, Wire wire, boolean contentSeen) {
        if (error instanceof Classified classified) {
            return classified.failure().withCause(error);
        }
        if (error instanceof HttpResponseException refused) {
            ResponseHead head = new ResponseHead(refused.statusCode(), refused.headers());
            return wire.errors()
                    .response(head, refused.body().getBytes(StandardCharsets.UTF_8))
                    .failure()
                    .withCause(refused);
        }
        return wire.errors().thrown(error, null, contentSeen, exchange.sent()).withCause(error);
    }
}

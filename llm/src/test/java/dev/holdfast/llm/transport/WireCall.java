// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import dev.holdfast.failure.Failure;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.StatusClassifier;
import dev.holdfast.llm.dialect.StreamDecoder;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call without any engine: transport and dialect put together in the simplest way. */
public final class WireCall implements TransportListener {
    private static final DecodeLimits LIMITS = DecodeLimits.DEFAULTS.withResponseBytes(1 << 20);

    public final CompletableFuture<LlmResponse> response = new CompletableFuture<>();
    final List<StreamEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Exchange> exchange = new CompletableFuture<>();
    private final Dialect dialect;
    private final boolean stream;
    private boolean connected;
    private @Nullable ResponseHead head;
    private @Nullable BoundedBody body;
    private @Nullable StreamDecoder decoder;

    private WireCall(Dialect dialect, boolean stream) {
        this.dialect = dialect;
        this.stream = stream;
    }

    public static WireCall start(Transport transport, URI baseUrl, boolean stream) {
        return start(transport, baseUrl, stream, new StatusClassifier());
    }

    /** @param classifier reads what went wrong */
    public static WireCall start(
            Transport transport, URI baseUrl, boolean stream, Function<ErrorInput, Failure> classifier) {
        ProviderEndpoint endpoint = ProviderEndpoint.of(Presets.named("sim"), baseUrl.toString(), null, name -> null);
        Dialect dialect = endpoint.dialect(classifier, LIMITS);
        WireCall call = new WireCall(dialect, stream);
        Exchange exchange = transport.send(
                endpoint.request(dialect.encode(LlmRequest.of("Hello"), "ok", stream), Duration.ofSeconds(5)), call);
        call.exchange.complete(exchange);
        exchange.request(Long.MAX_VALUE);
        return call;
    }

    /** The failure that the call ends with. */
    public Failure failure() throws Exception {
        ProviderException error =
                response.handle((r, e) -> (ProviderException) e).get(20, TimeUnit.SECONDS);
        return error.failure();
    }

    @Override
    public void onConnected() {
        connected = true;
    }

    @Override
    public void onHead(ResponseHead received) {
        head = received;
        if (stream && received.isSuccess()) {
            decoder = dialect.streamDecoder(received, this::onEvent);
        } else {
            body = dialect.newBody(received);
        }
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (decoder != null) {
            decoder.feed(bytes);
        } else if (!body.add(bytes)) {
            exchange.join().cancel();
            finish();
        }
    }

    @Override
    public void onEnd() {
        if (decoder != null) {
            decoder.end();
        } else {
            finish();
        }
    }

    @Override
    public void onFailure(Throwable error) {
        if (decoder != null) {
            decoder.fail(error, true);
        } else {
            response.completeExceptionally(dialect.errors().exception(error, connected));
        }
    }

    private void onEvent(StreamEvent event) {
        events.add(event);
        if (event instanceof StreamEvent.Finish finish) {
            response.complete(finish.response());
        } else if (event instanceof StreamEvent.Error error) {
            exchange.join().cancel();
            response.completeExceptionally(new ProviderException(error.failure(), head.status(), head.headers()));
        }
    }

    private void finish() {
        try {
            response.complete(dialect.decode(head, body));
        } catch (ProviderException e) {
            response.completeExceptionally(e);
        }
    }
}

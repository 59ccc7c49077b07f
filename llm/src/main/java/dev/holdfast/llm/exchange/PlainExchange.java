// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.exchange;

import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.error.StatedLimit;
import dev.holdfast.llm.error.StatedLimits;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request over a transport whose answer is read whole: the future completes with what was read, or with a {@link
 * ProviderException}. Cancelling the future cancels the exchange. No retry, no timeout but that of the connection.
 *
 * @param <T> what the answer is read as
 */
public final class PlainExchange<T> extends CompletableFuture<T> implements TransportListener {
    private final Dialect dialect;
    private final Decode<T> decode;
    private final StatedLimit limits;
    private volatile @Nullable Exchange exchange;
    private volatile List<TranslationNote> translation = List.of();

    // Touched by the transport's signals alone, which come one at a time.
    private boolean connected;
    private @Nullable ResponseHead head;
    private @Nullable BoundedBody body;

    /** Reads a whole body; throws for all that is no answer. */
    @FunctionalInterface
    public interface Decode<T> {
        T read(ResponseHead head, BoundedBody body, List<TranslationNote> translation);
    }

    /** @param limits hears what a good response says of rate limits */
    public PlainExchange(Dialect dialect, Decode<T> decode, StatedLimit limits) {
        this.dialect = dialect;
        this.decode = decode;
        this.limits = limits;
    }

    /**
     * Sends the request; to be called once. Whatever goes wrong completes the future.
     *
     * @param request made when it is needed; may throw
     * @param address puts an encoded request into the form that the transport sends
     */
    public void start(
            Transport transport, Supplier<EncodedRequest> request, Function<EncodedRequest, TransportRequest> address) {
        try {
            EncodedRequest encoded = request.get();
            translation = encoded.translation();
            Exchange started = transport.send(address.apply(encoded), this);
            exchange = started;
            started.request(Long.MAX_VALUE);
            if (isDone()) {
                started.cancel();
            }
        } catch (RuntimeException e) {
            super.completeExceptionally(dialect.errors().exception(e, false));
        }
    }

    @Override
    public void onConnected() {
        connected = true;
    }

    @Override
    public void onHead(ResponseHead received) {
        head = received;
        body = dialect.newBody(received);
        if (received.isSuccess()) {
            StatedLimits.read(received.headers(), limits);
        }
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (!Objects.requireNonNull(body).add(bytes)) {
            // More than an answer may be: what is there is enough to say so.
            stop();
            onEnd();
        }
    }

    @Override
    public void onEnd() {
        try {
            complete(decode.read(Objects.requireNonNull(head), Objects.requireNonNull(body), translation));
        } catch (RuntimeException e) {
            completeExceptionally(e);
        }
    }

    @Override
    public void onFailure(Throwable error) {
        boolean sent = connected || head != null;
        completeExceptionally(new ProviderException(
                dialect.errors().thrown(error, head, false, sent),
                head == null ? 0 : head.status(),
                head == null ? Map.of() : head.headers()));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        stop();
        return cancelled;
    }

    private void stop() {
        Exchange running = exchange;
        if (running != null) {
            running.cancel();
        }
    }
}

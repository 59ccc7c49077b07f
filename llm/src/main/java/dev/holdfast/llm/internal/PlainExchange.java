// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request whose answer is read whole. Cancelling the future cancels the exchange. */
final class PlainExchange<T> extends CompletableFuture<T> implements TransportListener {
    private final Dialect dialect;
    private final BiFunction<ResponseHead, BoundedBody, T> decode;
    private volatile @Nullable Exchange exchange;

    // Touched by the transport's signals alone, which come one at a time.
    private boolean connected;
    private @Nullable ResponseHead head;
    private @Nullable BoundedBody body;

    /** @param decode reads the whole body; throws for all that is no answer */
    PlainExchange(Dialect dialect, BiFunction<ResponseHead, BoundedBody, T> decode) {
        this.dialect = dialect;
        this.decode = decode;
    }

    void start(Transport transport, Supplier<TransportRequest> request) {
        try {
            Exchange started = transport.send(request.get(), this);
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
            complete(decode.apply(Objects.requireNonNull(head), Objects.requireNonNull(body)));
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

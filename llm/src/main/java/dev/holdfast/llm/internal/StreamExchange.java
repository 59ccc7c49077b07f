// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.StreamDecoder;
import dev.holdfast.llm.error.StatedLimits;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request whose answer is read as a stream, and the subscription of the one who reads. Pieces of the body are asked for
 * one at a time and only while the reader has demand and nothing is waiting for it, so a slow reader slows the sender down.
 */
final class StreamExchange implements Flow.Subscription, TransportListener, EventQueue.Source {
    private static final long LINGER_NANOS = 1_000_000_000L;

    private final Dialect dialect;
    private final AttemptHooks hooks;
    private final EventQueue events;
    private volatile @Nullable Exchange exchange;
    private volatile List<TranslationNote> translation = List.of();
    private final AtomicBoolean pieceAsked = new AtomicBoolean();

    // Touched by the transport's signals alone, which come one at a time.
    private boolean connected;
    private boolean contentTold;
    private boolean toolCallTold;
    private @Nullable ResponseHead head;
    private @Nullable StreamDecoder decoder;
    private @Nullable BoundedBody errorBody;
    private Timer.@Nullable Scheduled lingering;

    StreamExchange(Dialect dialect, Flow.Subscriber<? super StreamEvent> subscriber, AttemptHooks hooks) {
        this.dialect = dialect;
        this.hooks = hooks;
        this.events = new EventQueue(subscriber, this);
    }

    void start(
            Transport transport, Supplier<EncodedRequest> request, Function<EncodedRequest, TransportRequest> address) {
        if (events.isOver()) {
            return;
        }
        try {
            EncodedRequest encoded = request.get();
            translation = encoded.translation();
            Exchange started = transport.send(address.apply(encoded), this);
            exchange = started;
            // The head, and of an error the body, are needed whatever the reader wants.
            askForPiece(started);
            if (events.isOver()) {
                started.cancel();
            }
        } catch (RuntimeException e) {
            fail(dialect.errors().exception(e, false));
        }
    }

    @Override
    public void request(long count) {
        events.request(count);
    }

    /** The reader has left. */
    @Override
    public void cancel() {
        events.cancel();
    }

    @Override
    public void onConnected() {
        connected = true;
    }

    @Override
    public void onHead(ResponseHead received) {
        hooks.bytesArrived();
        head = received;
        if (received.isSuccess()) {
            StatedLimits.read(received.headers(), hooks::rateLimit);
            decoder = dialect.streamDecoder(received, this::onEvent);
        } else {
            errorBody = dialect.newBody(received);
        }
    }

    private void onEvent(StreamEvent event) {
        if (event instanceof StreamEvent.Finish finish && !translation.isEmpty()) {
            events.add(new StreamEvent.Finish(finish.response().withTranslation(translation)));
        } else {
            events.add(event);
        }
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        pieceAsked.set(false);
        hooks.bytesArrived();
        boolean more = true;
        if (errorBody != null) {
            more = errorBody.add(bytes);
        } else if (decoder != null) {
            decoder.feed(bytes);
            if (!toolCallTold && decoder.toolCallStarted()) {
                toolCallTold = true;
                hooks.toolCallStarted();
            }
            if (!contentTold && decoder.contentStarted()) {
                contentTold = true;
                hooks.contentStarted();
            }
            more = !decoder.isTerminated();
        }
        if (!more && errorBody == null) {
            events.drain();
            linger();
        } else if (!more) {
            stop();
            onEnd();
        } else if (errorBody != null) {
            hungry();
        } else {
            events.drain();
        }
    }

    /**
     * The answer is over and its body usually ends with it, which lets the connection be used again. A server that sends on,
     * or keeps the body open, is cut off.
     */
    private void linger() {
        Exchange running = exchange;
        if (running == null || lingering != null) {
            stop();
            return;
        }
        lingering = HoldfastRuntime.timer().at(Ticker.system().nanos() + LINGER_NANOS, running::cancel);
        running.request(1);
    }

    private void endLinger() {
        Timer.Scheduled cutOff = lingering;
        if (cutOff != null) {
            cutOff.cancel();
        }
    }

    @Override
    public void onEnd() {
        endLinger();
        if (decoder != null) {
            decoder.end();
        } else if (errorBody != null && head != null) {
            fail(refused(head, errorBody));
        }
        events.drain();
    }

    private ProviderException refused(ResponseHead received, BoundedBody body) {
        try {
            dialect.decode(received, body);
            throw new IllegalStateException("a response that is no success was read as an answer");
        } catch (ProviderException e) {
            return e;
        }
    }

    @Override
    public void onFailure(Throwable error) {
        endLinger();
        boolean sent = connected || head != null;
        if (decoder != null) {
            decoder.fail(error, sent);
            events.drain();
        } else {
            Failure failure = dialect.errors().thrown(error, head, false, sent);
            fail(new ProviderException(
                    failure, head == null ? 0 : head.status(), head == null ? Map.of() : head.headers()));
        }
    }

    private void fail(ProviderException error) {
        events.add(new StreamEvent.Error(error.failure().withCause(error), ""));
        events.drain();
    }

    /** The reader wants events and none is waiting. */
    @Override
    public void hungry() {
        Exchange running = exchange;
        if (running != null) {
            askForPiece(running);
        }
    }

    /** Nothing is asked for, so nothing comes. */
    @Override
    public void sated() {}

    @Override
    public void left() {
        stop();
    }

    private void askForPiece(Exchange running) {
        if (pieceAsked.compareAndSet(false, true)) {
            running.request(1);
        }
    }

    private void stop() {
        Exchange running = exchange;
        if (running != null) {
            running.cancel();
        }
    }
}

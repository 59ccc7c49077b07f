// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.Attempt;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.OngoingAttempt;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.error.StatedLimits;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import dev.holdfast.time.Ticker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a request of another client. Until it may be shown it reads by itself and keeps what comes; then it commits,
 * and from there on it reads only what its client waits for.
 */
final class WireAttempt implements TransportListener, WireBody.Source {
    /** How long an answer that is complete may keep its body open before its connection is cut. */
    private static final long LINGER_NANOS = 1_000_000_000L;

    private final Attempt attempt;
    private final OngoingAttempt ongoing;
    private final ErrorReader errors;
    private final WireReadings readings;
    private final CompletableFuture<WireAttempt> commit = new CompletableFuture<>();
    private final WireBody body = new WireBody(this);
    private final WireEnding ending;
    private final AtomicBoolean pieceAsked = new AtomicBoolean();
    private volatile @Nullable Exchange exchange;
    private volatile boolean connected;
    private volatile @Nullable ResponseHead head;

    // Touched by the transport's signals alone, which come one at a time.
    private @Nullable Reading reading;
    private @Nullable BoundedBody refusal;
    private final FrameCutter frames;
    private boolean contentTold;

    WireAttempt(Attempt attempt, ErrorReader errors, WireReadings readings, BrokenAnswer broken) {
        this.attempt = attempt;
        this.ongoing = attempt.goesOn();
        this.errors = errors;
        this.readings = readings;
        this.ending = new WireEnding(ongoing, body, broken);
        this.frames = new FrameCutter(errors.limits().responseBytes());
    }

    CompletableFuture<WireAttempt> start(Transport transport, TransportRequest request) {
        attempt.onCancel(this::endedFromOutside);
        try {
            Exchange started = transport.send(request, this);
            exchange = started;
            askForPiece(started);
            if (ending.isOver()) {
                started.cancel();
            }
        } catch (RuntimeException e) {
            ended(errors.exception(e, false).failure());
        }
        return commit;
    }

    /** The call has ended with this attempt: what is known of its end counts from now on. */
    WireResponse open() {
        ending.open();
        return new WireResponse(Objects.requireNonNull(head), body, body::close);
    }

    @Override
    public void onConnected() {
        connected = true;
    }

    @Override
    public void onHead(ResponseHead received) {
        ongoing.bytesArrived();
        head = received;
        if (received.isSuccess()) {
            StatedLimits.read(received.headers(), attempt::rateLimit);
            reading = readings.of(attempt, received);
            progress(reading, List.of());
        } else {
            refusal = new BoundedBody(errors.limits().errorBytes());
        }
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        pieceAsked.set(false);
        ongoing.bytesArrived();
        if (refusal != null) {
            if (refusal.add(bytes)) {
                readOn();
            } else {
                stop();
                onEnd();
            }
            return;
        }
        Reading current = Objects.requireNonNull(reading);
        List<byte[]> shown = new ArrayList<>();
        if (!current.framed()) {
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            take(current, piece, shown);
        } else if (!frames.cut(bytes, frame -> take(current, frame, shown))) {
            stop();
            ended(errors.tooLarge(Objects.requireNonNull(head)).failure());
            return;
        }
        progress(current, shown);
        body.wake();
    }

    /** What breaks the answer is not shown: its client hears of it by an exception. */
    private static void take(Reading current, byte[] piece, List<byte[]> shown) {
        if (current.failure() == null) {
            current.feed(piece);
            if (current.failure() == null) {
                shown.add(piece);
            }
        }
    }

    /** Draws the consequences of what has been read. */
    private void progress(Reading current, List<byte[]> shown) {
        Failure broke = current.failure();
        boolean complete = broke == null && current.complete();
        // before its end is shown: who has read it may leave
        boolean first = complete && ending.mark(null);
        shown.forEach(body::add);
        if (broke != null) {
            stop();
            ended(broke);
            return;
        }
        if (complete || current.commits()) {
            if (!contentTold) {
                contentTold = true;
                ongoing.contentArrived();
            }
            commit.complete(this);
        }
        if (first) {
            ending.tellOnceOpened();
            linger();
        } else if (!commit.isDone()) {
            readOn();
        }
    }

    /** The answer is whole, and its body usually ends with it, which lets the connection be used again. */
    private void linger() {
        Exchange running = exchange;
        if (running != null) {
            HoldfastRuntime.timer().at(Ticker.system().nanos() + LINGER_NANOS, running::cancel);
            running.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onEnd() {
        Reading current = reading;
        if (refusal != null) {
            refused(Objects.requireNonNull(head), refusal.toBytes());
            return;
        }
        if (current == null || ending.isOver()) {
            return;
        }
        List<byte[]> shown = new ArrayList<>();
        if (current.framed()) {
            take(current, frames.rest(), shown);
        }
        if (current.failure() == null && !current.complete()) {
            current.end();
        }
        progress(current, shown);
    }

    private void refused(ResponseHead received, byte[] bytes) {
        Failure verdict = errors.response(received, bytes).failure();
        end(verdict, new RefusedException(verdict, received, bytes));
    }

    @Override
    public void onFailure(Throwable error) {
        Reading current = reading;
        if (ending.isOver()) {
            return;
        }
        ResponseHead seen = head;
        if (current == null) {
            ended(errors.thrown(error, seen, false, connected || seen != null));
        } else {
            current.fail(error);
            Failure broke = current.failure();
            ended(broke != null || current.complete() ? broke : errors.thrown(error, seen, true, true));
        }
    }

    private void ended(@Nullable Failure reason) {
        ResponseHead seen = head;
        end(
                reason,
                reason == null
                        ? null
                        : new ProviderException(
                                reason, seen == null ? 0 : seen.status(), seen == null ? Map.of() : seen.headers()));
    }

    /** @param thrown what the engine is told if the attempt has not committed */
    private void end(@Nullable Failure reason, @Nullable RuntimeException thrown) {
        if (ending.mark(reason) && (thrown == null || !commit.completeExceptionally(thrown))) {
            ending.tellOnceOpened();
        }
    }

    private void endedFromOutside() {
        ending.cutFromOutside();
        stop();
    }

    private void readOn() {
        Exchange running = exchange;
        if (running != null) {
            askForPiece(running);
        }
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

    // What the client does.

    @Override
    public void hungry() {
        ongoing.demand(true);
        readOn();
    }

    @Override
    public void sated() {
        ongoing.demand(false);
    }

    @Override
    public void left() {
        if (!ending.isOver()) {
            ongoing.cancel();
            stop();
        }
    }
}

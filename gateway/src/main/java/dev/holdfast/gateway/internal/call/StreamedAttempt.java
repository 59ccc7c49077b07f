// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.Attempt;
import dev.holdfast.CallReport;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.OngoingAttempt;
import dev.holdfast.failure.Failure;
import dev.holdfast.gateway.internal.route.Upstream;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.EncodedRequest;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a stream. Until its first content it reads by itself and keeps what comes; then it commits, and once its
 * client gets it, it reads on only while the client takes what it is sent.
 */
final class StreamedAttempt implements TransportListener {
    private static final long LINGER_NANOS = 1_000_000_000L;

    private final StreamedCall call;
    private final Attempt attempt;
    private final Upstream upstream;
    private final Duration connectTimeout;
    private final OngoingAttempt ongoing;
    private final CompletableFuture<StreamedAttempt> commit = new CompletableFuture<>();

    // guarded by this
    private @Nullable Exchange exchange;
    private @Nullable ResponseHead head;
    private @Nullable BoundedBody errorBody;
    private @Nullable Relay relay;
    private List<TranslationNote> translation = List.of();
    private boolean connected;
    private boolean contentTold;
    private boolean asked;
    private boolean committed;
    private boolean shown;
    private boolean over;
    private boolean bodyOver;
    private @Nullable Failure cutBy;
    private Timer.@Nullable Scheduled lingering;

    StreamedAttempt(StreamedCall call, Attempt attempt, Upstream upstream, Duration connectTimeout) {
        this.call = call;
        this.connectTimeout = connectTimeout;
        this.attempt = attempt;
        this.upstream = upstream;
        this.ongoing = attempt.goesOn();
    }

    /** Completes with its commit. */
    CompletableFuture<StreamedAttempt> start(Transport transport) {
        attempt.onCancel(this::cutShort);
        try {
            EncodedRequest encoded = call.incoming().encoded(upstream);
            synchronized (this) {
                translation = encoded.translation();
                asked = true;
            }
            Exchange started = transport.send(request(encoded), this);
            boolean late;
            synchronized (this) {
                exchange = started;
                late = over;
            }
            if (late) {
                started.cancel();
            } else {
                started.request(1);
            }
        } catch (RuntimeException e) {
            commit.completeExceptionally(upstream.dialect().errors().exception(e, false));
        }
        return commit;
    }

    private TransportRequest request(EncodedRequest encoded) {
        return call.incoming().addressed(upstream, encoded, attempt.callId(), connectTimeout);
    }

    // What the wire tells: one signal at a time.

    @Override
    public synchronized void onConnected() {
        connected = true;
    }

    @Override
    public synchronized void onHead(ResponseHead received) {
        ongoing.bytesArrived();
        head = received;
        if (received.isSuccess()) {
            StatedLimits.read(received.headers(), attempt::rateLimit);
            relay = call.relay(upstream, received);
        } else {
            errorBody = upstream.dialect().newBody(received);
        }
    }

    @Override
    public void onBytes(ByteBuffer piece) {
        boolean refused = false;
        boolean late;
        synchronized (this) {
            asked = false;
            late = over;
            if (!over) {
                ongoing.bytesArrived();
                if (relay != null) {
                    relay.feed(piece);
                } else if (errorBody != null) {
                    refused = !errorBody.add(piece);
                }
            }
        }
        if (late) {
            ask();
        } else if (refused) {
            onEnd();
        } else {
            step();
        }
    }

    @Override
    public void onEnd() {
        ProviderException refusal = null;
        synchronized (this) {
            endBody();
            if (over) {
                return;
            }
            if (relay != null) {
                relay.end();
            } else {
                refusal = refusal();
                over = true;
            }
        }
        if (refusal != null) {
            stop();
            commit.completeExceptionally(refusal);
        } else {
            step();
        }
    }

    private ProviderException refusal() {
        ResponseHead received = head;
        BoundedBody body = errorBody;
        if (received == null || body == null) {
            throw new IllegalStateException("an exchange ended without a response");
        }
        return upstream.dialect().errors().response(received, body.toBytes());
    }

    @Override
    public void onFailure(Throwable error) {
        ProviderException broken = null;
        synchronized (this) {
            endBody();
            if (over) {
                return;
            }
            boolean sent = connected || head != null;
            if (relay != null) {
                relay.fail(error, sent);
            } else {
                over = true;
                broken = new ProviderException(
                        upstream.dialect().errors().thrown(error, head, false, sent),
                        head == null ? 0 : head.status(),
                        head == null ? Map.of() : head.headers());
            }
        }
        if (broken != null) {
            commit.completeExceptionally(broken);
        } else {
            step();
        }
    }

    // What follows from it.

    private void step() {
        boolean commits;
        Failure failed = null;
        synchronized (this) {
            Relay read = relay;
            if (over || read == null) {
                if (!over) {
                    ask();
                }
                return;
            }
            if (!contentTold && read.contentStarted()) {
                contentTold = true;
                ongoing.contentArrived();
            }
            commits = !committed && read.commits();
            committed |= commits;
            if (!committed && read.ended() instanceof StreamEvent.Error error) {
                over = true;
                failed = error.failure();
            }
        }
        if (failed != null) {
            linger();
            commit.completeExceptionally(exception(failed));
            return;
        }
        if (commits) {
            tellUsage();
            commit.complete(this); // the call shows it to its client, usually before this returns
        }
        goOn();
    }

    /** Hands on what there is, and asks for more if the client takes it. */
    private void goOn() {
        synchronized (this) {
            if (over) {
                return;
            }
            if (committed && (!shown || !handOn())) {
                return;
            }
        }
        ask();
    }

    /** False if nothing more is to be asked for now. */
    private boolean handOn() {
        Relay read = relay;
        if (read == null) {
            return false;
        }
        call.outgoing().write(read.take());
        StreamEvent end = read.ended();
        if (end != null) {
            over = true;
            finish(read, end);
            return false;
        }
        boolean wanted = call.response().isWritable();
        ongoing.demand(wanted);
        return wanted;
    }

    private void finish(Relay read, StreamEvent end) {
        Usage usage = read.usage();
        tellUsage();
        if (end instanceof StreamEvent.Error error) {
            ongoing.fail(exception(error.failure()));
            call.outgoing().fail(interrupted(error.failure()), usage);
        } else {
            ongoing.end();
            call.outgoing().end(ongoing.report(), usage);
        }
        linger();
    }

    private Verdict interrupted(Failure failure) {
        return Verdict.interrupted(
                failure, ongoing.report(), call.wire(), call.outgoing().callId());
    }

    private synchronized void tellUsage() {
        if (relay != null) {
            attempt.usage(relay.usage().inputTokens(), relay.usage().outputTokens());
        }
    }

    private static ProviderException exception(Failure failure) {
        return failure.cause() instanceof ProviderException known ? known : new ProviderException(failure, 0, Map.of());
    }

    private void ask() {
        Exchange running;
        synchronized (this) {
            running = exchange;
            if (running == null || asked) {
                return;
            }
            asked = true;
        }
        running.request(1);
    }

    // What the call wants of it.

    /** The call has committed to this attempt: its client gets it from now on. */
    void show() {
        synchronized (this) {
            if (shown) {
                return;
            }
            shown = true;
            List<TranslationNote> notes = new ArrayList<>(translation);
            if (relay != null) {
                notes.addAll(relay.translation());
            }
            call.outgoing().begin(ongoing.report(), notes);
            if (cutBy != null) {
                handOverAndFail(cutBy);
                return;
            }
        }
        call.response().onWritable(this::goOn);
        goOn();
    }

    /** The client has left. */
    void leave() {
        ongoing.cancel();
        CallReport report = ongoing.report();
        Usage usage;
        synchronized (this) {
            usage = relay == null ? Usage.NONE : relay.usage();
        }
        call.outgoing().left(report, usage);
    }

    /** The engine ended it. Its client, if there is one, must be told why, the server that nobody reads any more. */
    private void cutShort() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            Failure failure = ongoing.endedBy();
            if (failure != null && committed) {
                if (shown) {
                    handOverAndFail(failure);
                } else {
                    cutBy = failure;
                }
            }
        }
        stop();
    }

    private void handOverAndFail(Failure failure) {
        Relay read = relay;
        if (read != null) {
            call.outgoing().write(read.take());
            call.outgoing().fail(interrupted(failure), read.usage());
        }
    }

    private void stop() {
        Exchange running;
        synchronized (this) {
            running = exchange;
        }
        if (running != null) {
            running.cancel();
        }
    }

    /**
     * The answer is over and its body usually ends with it, which lets the connection be used again. A server that sends on,
     * or keeps the body open, is cut off.
     */
    private void linger() {
        synchronized (this) {
            Exchange running = exchange;
            if (running == null || bodyOver || lingering != null) {
                return;
            }
            lingering = HoldfastRuntime.timer().at(Ticker.system().nanos() + LINGER_NANOS, running::cancel);
        }
        ask();
    }

    private void endBody() {
        bodyOver = true;
        Timer.Scheduled cutOff = lingering;
        if (cutOff != null) {
            cutOff.cancel();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of {@link JdkTransport}.
 *
 * <p>The client's threads, the one that gives demand and the one that cancels only write what happened into volatile
 * fields and call {@link #drain}; whoever finds nobody draining delivers, so signals are serial and in order without a
 * lock. {@code drainRequests} counts calls of drain; the drainer leaves when none came while it worked.
 *
 * <p>Cancelling needs both handles of the client: its future until the head has come, the body's subscription after.
 */
final class JdkExchange implements Exchange, HttpResponse.BodyHandler<Void> {
    private static final Throwable COMPLETE = new Throwable("complete", null, false, false) {};

    @SuppressWarnings("NullAway") // the only value of Void
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Consumer<JdkExchange> onOver;

    private final AtomicInteger drainRequests = new AtomicInteger();
    private final AtomicLong demand = new AtomicLong();
    private final Queue<ByteBuffer> pieces = new ConcurrentLinkedQueue<>();

    private volatile @Nullable CompletableFuture<?> future;
    private volatile Flow.@Nullable Subscription body;
    private volatile boolean connected;
    private volatile boolean requestSent;
    private volatile @Nullable ResponseHead head;
    /** How the exchange ended: {@link #COMPLETE} or an error; the first one counts. */
    private volatile @Nullable Throwable ended;

    private volatile boolean cancelled;

    // Touched by the drainer alone.
    /** Null once it is over: the client keeps the exchange for some seconds after that, and with it what it points to. */
    private @Nullable TransportListener listener;

    private boolean toldConnected;
    private boolean toldRequestSent;
    private boolean toldHead;

    /** Whether a list of pieces was asked of the client and has not come; written by the drainer and by onNext. */
    private volatile boolean asked;

    JdkExchange(TransportListener listener, Consumer<JdkExchange> onOver) {
        this.listener = listener;
        this.onOver = onOver;
    }

    void start(HttpClient client, HttpRequest request) {
        CompletableFuture<?> sent = client.sendAsync(request, this);
        future = sent;
        if (cancelled) {
            sent.cancel(true);
        }
        sent.whenComplete((response, error) -> {
            if (error != null) {
                end(error);
            }
        });
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            throw new IllegalArgumentException("demand must be positive: " + count);
        }
        demand.accumulateAndGet(count, JdkExchange::capped);
        drain();
    }

    @Override
    public void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        onOver.accept(this);
        release();
        drain();
    }

    /** Tells when the connection stands and when the request is out, which the client shows only through its body. */
    HttpRequest.BodyPublisher bodyPublisher(byte[] bytes) {
        HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofByteArray(bytes);
        return new HttpRequest.BodyPublisher() {
            @Override
            public long contentLength() {
                return publisher.contentLength();
            }

            @Override
            public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
                connected = true;
                drain();
                publisher.subscribe(new SentNotice(subscriber, bytes.length, () -> {
                    requestSent = true;
                    drain();
                }));
            }
        };
    }

    @Override
    public HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo info) {
        head = new ResponseHead(info.statusCode(), info.headers().map());
        drain();
        return new Body();
    }

    private void end(Throwable how) {
        synchronized (pieces) {
            if (ended == null) {
                ended = how;
            }
        }
        drain();
    }

    private void drain() {
        if (drainRequests.getAndIncrement() != 0) {
            return;
        }
        int handled = 1;
        do {
            TransportListener to = listener;
            if (to != null) {
                deliver(to);
            }
            handled = drainRequests.addAndGet(-handled);
        } while (handled != 0);
    }

    private void deliver(TransportListener to) {
        try {
            Throwable end = ended; // read before the pieces: what came before the end is delivered before it
            tellProgress(to);
            tellPieces(to);
            if (cancelled) {
                finish();
            } else if (end != null && pieces.isEmpty()) {
                finish();
                tellEnd(to, end);
            }
        } catch (RuntimeException | Error e) {
            boolean first = listener != null;
            finish();
            release();
            if (first && !cancelled) {
                to.onFailure(e);
            }
        }
    }

    private void tellProgress(TransportListener to) {
        if (connected && !toldConnected && !cancelled) {
            toldConnected = true;
            to.onConnected();
        }
        if (requestSent && !toldRequestSent && !toldHead && !cancelled) {
            toldRequestSent = true;
            to.onRequestSent();
        }
        ResponseHead received = head;
        if (received != null && !toldHead && !cancelled) {
            toldHead = true;
            to.onHead(received);
        }
    }

    private void tellPieces(TransportListener to) {
        while (!cancelled && demand.get() > 0) {
            ByteBuffer piece = pieces.poll();
            if (piece == null) {
                Flow.Subscription subscription = body;
                if (subscription != null && !asked && ended == null) {
                    asked = true;
                    subscription.request(1);
                }
                return;
            }
            demand.decrementAndGet();
            to.onBytes(piece);
        }
    }

    private void tellEnd(TransportListener to, Throwable how) {
        if (how == COMPLETE) {
            to.onEnd();
        } else {
            to.onFailure(unwrapped(how));
        }
    }

    private void finish() {
        listener = null;
        pieces.clear();
        onOver.accept(this);
    }

    private void release() {
        CompletableFuture<?> running = future;
        if (running != null) {
            running.cancel(true);
        }
        Flow.Subscription subscription = body;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private static Throwable unwrapped(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static long capped(long current, long added) {
        long sum = current + added;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** The body as the client wants it: complete from the start, so that the head is known before the body. */
    private final class Body implements HttpResponse.BodySubscriber<Void> {
        @Override
        public CompletionStage<Void> getBody() {
            return DONE;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            body = subscription;
            if (cancelled) {
                subscription.cancel();
            }
            drain();
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (buffer.hasRemaining()) {
                    pieces.add(buffer);
                }
            }
            asked = false;
            drain();
        }

        @Override
        public void onError(Throwable error) {
            end(error);
        }

        @Override
        public void onComplete() {
            end(COMPLETE);
        }
    }
}

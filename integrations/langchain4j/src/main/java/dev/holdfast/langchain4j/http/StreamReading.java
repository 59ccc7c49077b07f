// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.holdfast.langchain4j.internal.AttemptScope;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportRequest;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One stream, read by one thread: the body goes to LangChain4j's parser, the events that this finds are checked and go to
 * the listener, which hears exactly one of {@code onError} and {@code onClose}. A listener that throws ends the stream.
 */
final class StreamReading implements ServerSentEventListener {
    private static final Logger LOG = System.getLogger(StreamReading.class.getName());

    /** How long the body may stay open behind the last event of an answer; within it the connection can be kept. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final BodyExchange exchange;
    private final Wire wire;
    private final @Nullable AttemptScope scope;
    private final ServerSentEventParser parser;
    private final ServerSentEventListener listener;

    private @Nullable StreamCheck check;
    private @Nullable RuntimeException failed;
    private volatile boolean over;
    /** The listener has left: written by whichever thread it does that on. */
    private volatile boolean left;

    StreamReading(
            BodyExchange exchange,
            Wire wire,
            @Nullable AttemptScope scope,
            ServerSentEventParser parser,
            ServerSentEventListener listener) {
        this.exchange = exchange;
        this.wire = wire;
        this.scope = scope;
        this.parser = parser;
        this.listener = listener;
    }

    void run(Transport transport, TransportRequest request) {
        try {
            exchange.start(transport, request);
            ResponseHead head = exchange.awaitHead();
            if (!head.isSuccess()) {
                throw HoldfastHttpClient.refusal(head, HoldfastHttpClient.gathered(exchange, wire.newBody(head)));
            }
            HoldfastHttpClient.tellLimits(head, scope);
            check = new StreamCheck(head, wire);
            onOpen(SuccessfulHttpResponse.builder()
                    .statusCode(head.status())
                    .headers(head.headers())
                    .build());
            parser.parse(new Body(), this);
            onClose();
        } catch (RuntimeException e) {
            end(e);
        } catch (Error e) {
            end(new LangChain4jException("the stream could not be read", e));
            throw e;
        } finally {
            exchange.cancel();
        }
    }

    @Override
    public void onOpen(SuccessfulHttpResponse response) {
        try {
            listener.onOpen(response);
        } catch (RuntimeException e) {
            end(e);
        }
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        pass(event, () -> listener.onEvent(event));
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        pass(event, () -> listener.onEvent(event, context));
    }

    private void pass(ServerSentEvent event, Runnable onward) {
        if (over) {
            return;
        }
        try {
            if (check != null) {
                check.onEvent(event);
            }
            onward.run();
        } catch (RuntimeException e) {
            end(e);
        }
    }

    /** The parser's error: of a body that broke it is only the messenger. */
    @Override
    public void onError(Throwable error) {
        RuntimeException behind = failed;
        if (behind != null) {
            end(behind);
        } else if (error instanceof RuntimeException unchecked) {
            end(unchecked);
        } else {
            end(new BrokenExchangeException(error));
        }
    }

    /** The body is over, or the listener has left by the parser's handle. */
    @Override
    public void onClose() {
        if (over) {
            return;
        }
        try {
            if (failed != null) {
                throw failed;
            }
            if (!left && check != null) {
                check.onEnd();
            }
        } catch (RuntimeException e) {
            end(e);
            return;
        }
        over = true;
        quietly(listener::onClose);
    }

    private void end(RuntimeException thrown) {
        if (over) {
            return;
        }
        over = true;
        boolean contentSeen = check != null && check.contentSeen();
        RuntimeException error = HoldfastHttpClient.translated(thrown, exchange, wire, contentSeen);
        if (scope != null) {
            scope.end(HoldfastHttpClient.failure(error, exchange, wire, contentSeen));
        }
        exchange.cancel();
        quietly(() -> listener.onError(error));
    }

    private static void quietly(Runnable last) {
        try {
            last.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a listener failed at the end of its stream", e);
        }
    }

    /** The body as parsers read it. Closing it is how their handles cancel. */
    private final class Body extends InputStream {
        private ByteBuffer piece = ByteBuffer.allocate(0);

        @Override
        public int read() throws IOException {
            return fill() ? piece.get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, piece.remaining());
            piece.get(target, offset, count);
            return count;
        }

        private boolean fill() throws IOException {
            while (!piece.hasRemaining()) {
                if (over || left) {
                    return false;
                }
                ByteBuffer next = next();
                if (next == null) {
                    return false;
                }
                piece = next;
            }
            return true;
        }

        private @Nullable ByteBuffer next() throws IOException {
            try {
                ByteBuffer next = exchange.next(check != null && check.finished() ? LINGER : null);
                if (next != null && check != null) {
                    check.onBytes(next);
                }
                return next;
            } catch (RuntimeException e) {
                if (left) {
                    return null;
                }
                failed = e;
                throw new IOException("the body broke off", e);
            }
        }

        @Override
        public int available() {
            return piece.remaining();
        }

        @Override
        public void close() {
            // Parsers close at the end too, and then there is nothing left to cancel.
            if (!over && failed == null && !exchange.isOver()) {
                left = true;
            }
            exchange.cancel();
        }
    }
}

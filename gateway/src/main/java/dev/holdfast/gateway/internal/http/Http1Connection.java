// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 connection, the only handler of its pipeline: one request after the other is read whole, answered, and only then
 * the next one is looked at. Reading itself goes on while a request is answered, within bounds, so that the end of the
 * connection is seen at once.
 *
 * <p>A client that ends its sending half while it waits for an answer has left: on the wire that is how a closed connection
 * looks, and HTTP clients that still want the answer do not do it. An answer that is already complete still goes out whole.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements Swept {
    /** What a client may send ahead while it is being answered. */
    private static final int AHEAD_BYTES = 64 << 10;

    /** How long a client may take to close after its last answer; until then it can read it, whatever it still sends. */
    private static final long LINGER_NANOS = Duration.ofSeconds(5).toNanos();

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    private enum Phase {
        /** Between requests: nothing has arrived. */
        IDLE,
        HEAD,
        BODY,
        ANSWERING,
        /** The last answer is going out; what still arrives is thrown away. */
        LINGERING,
        CLOSED
    }

    private final HttpServer server;
    private final Sweep sweep;
    private final RequestReader requests;
    private final Stall stall;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf held;
    private @Nullable ChannelResponse response;
    private Phase phase = Phase.IDLE;
    private long deadlineNanos;
    private boolean first = true;
    private boolean inputEnded;
    private boolean advancing;
    private boolean reading;
    private boolean unflushed;

    Http1Connection(HttpServer server, Sweep sweep) {
        this.server = server;
        this.sweep = sweep;
        requests = new RequestReader(server.limits(), server.bodyBudget());
        stall = new Stall(server.limits().idleTimeout().toNanos());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        enter(Phase.IDLE, server.limits().idleTimeout().toNanos());
        sweep.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        sweep.remove(this);
        clientLeft();
        phase = Phase.CLOSED;
        requests.next();
        dropHeld();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        reading = true;
        if (phase == Phase.LINGERING || phase == Phase.CLOSED) {
            bytes.release();
            return;
        }
        held = held == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, bytes);
        advance();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }

    /** Goes as far as the bytes that are here allow. */
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (held != null && step(held)) {
                // each step leads to the next phase
            }
        } catch (Refusal.Refused refused) {
            refuse(refused.refusal());
        } finally {
            advancing = false;
            if (held != null && (!held.isReadable() || phase == Phase.LINGERING || phase == Phase.CLOSED)) {
                dropHeld();
            }
        }
    }

    private boolean step(ByteBuf in) {
        return switch (phase) {
            case IDLE -> {
                boolean starts = in.isReadable() && context().channel().isWritable();
                if (starts) {
                    autoRead(true);
                    enter(Phase.HEAD, server.limits().headerTimeout().toNanos());
                } else {
                    holdBack(in);
                }
                yield starts;
            }
            case HEAD, BODY -> first && Http2Switch.startsPreface(in) ? preface(in) : read(in);
            case ANSWERING -> {
                holdBack(in);
                yield false;
            }
            case LINGERING, CLOSED -> false;
        };
    }

    private void holdBack(ByteBuf in) {
        if (in.readableBytes() > AHEAD_BYTES) {
            autoRead(false);
        }
    }

    private boolean preface(ByteBuf in) {
        if (Http2Switch.isPreface(in)) {
            held = null;
            new Http2Connection(server, sweep).takeOver(context(), in);
        }
        return false;
    }

    private boolean read(ByteBuf in) {
        return switch (requests.read(in)) {
            case WAITING -> false;
            case HEAD -> {
                enter(Phase.BODY, server.limits().bodyTimeout().toNanos());
                if (requests.head().expectsContinue() && !in.isReadable()) {
                    context().write(Unpooled.wrappedBuffer(CONTINUE));
                    flush();
                }
                yield true;
            }
            case REQUEST -> {
                answer(in, requests.head());
                yield true;
            }
        };
    }

    private void answer(ByteBuf in, Head head) {
        enter(Phase.ANSWERING, Long.MAX_VALUE);
        Request request = new Request(
                head.method(),
                head.path(),
                head.query(),
                head.headers(),
                requests.body(),
                ((SocketChannel) context().channel()).remoteAddress().getAddress());
        if (first
                && !in.isReadable()
                && Http2Switch.isAskedFor(head)
                && Http2Switch.upgrade(context(), new Http2Connection(server, sweep), request)) {
            return;
        }
        first = false;
        ChannelResponse answer = new ChannelResponse(new Http1Outlet(context(), this, head));
        response = answer;
        server.requestStarted();
        server.handle(request, answer);
    }

    /** The response is complete. */
    void answered(boolean kept) {
        endRequest();
        if (!kept || inputEnded) {
            closeInOrder();
            return;
        }
        enter(Phase.IDLE, server.limits().idleTimeout().toNanos());
        autoRead(true);
        flush();
        advance();
    }

    /** The response ends without being complete; what was written of it still goes out. */
    void cut() {
        endRequest();
        closeWhenWritten();
    }

    private void endRequest() {
        requests.next();
        if (response != null) {
            response = null;
            server.requestEnded();
        }
    }

    /** Answers with this and closes. */
    void refuse(Refusal refusal) {
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        byte[] bytes = refusal.body();
        ByteBuf out = context().alloc().buffer(512 + bytes.length);
        HeadWriter.write(out, refusal.status(), headers, bytes.length, HeadWriter.Connection.CLOSED);
        context().write(out.writeBytes(bytes));
        requests.next();
        closeInOrder();
    }

    /** Lets the client read what was written although it may still be sending: a reset would take it away. */
    private void closeInOrder() {
        enter(Phase.LINGERING, Long.MAX_VALUE);
        dropHeld();
        autoRead(true);
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            SocketChannel channel = (SocketChannel) context().channel();
            if (inputEnded || !written.isSuccess()) {
                channel.close();
            } else {
                enter(Phase.LINGERING, LINGER_NANOS);
                channel.shutdownOutput();
            }
        });
    }

    private void closeWhenWritten() {
        enter(Phase.LINGERING, Long.MAX_VALUE);
        dropHeld();
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            clientLeft();
            closeWhenWritten();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        clientLeft();
        phase = Phase.CLOSED;
    }

    private void clientLeft() {
        ChannelResponse left = response;
        if (left != null) {
            endRequest();
            left.clientLeft();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable()) {
            return;
        }
        if (response != null) {
            response.writabilityChanged();
        } else {
            advance();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // a reset by the client, which is nothing special; its channel is closed by now or has to be
        ctx.close();
    }

    @Override
    public void sweep(long nowNanos) {
        if (stall.lasts(context().channel(), nowNanos)) {
            closeNow();
        } else if (phase == Phase.IDLE && stall.waits()) {
            enter(Phase.IDLE, server.limits().idleTimeout().toNanos());
        } else if (deadlineNanos <= nowNanos) {
            if (phase == Phase.HEAD || phase == Phase.BODY) {
                refuse(HttpServer.TOO_SLOW);
            } else {
                closeNow();
            }
        }
    }

    /** Whether a further request may come on this connection. */
    boolean mayBeKept() {
        return !server.isClosing();
    }

    @Override
    public void closeWhenAnswered() {
        if (phase == Phase.IDLE) {
            closeInOrder();
        }
    }

    @Override
    public void closeNow() {
        context().close();
    }

    /** At the end of what is being read, or at once: few writes to the socket. */
    void flush() {
        if (reading) {
            unflushed = true;
        } else {
            context().flush();
        }
    }

    private void autoRead(boolean on) {
        if (context().channel().config().isAutoRead() != on) {
            context().channel().config().setAutoRead(on);
        }
    }

    private void enter(Phase next, long nanos) {
        phase = next;
        deadlineNanos = nanos == Long.MAX_VALUE ? nanos : sweep.nowNanos() + nanos;
    }

    private void dropHeld() {
        if (held != null && !advancing) {
            held.release();
            held = null;
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }
}

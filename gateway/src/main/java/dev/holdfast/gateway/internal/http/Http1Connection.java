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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 connection, the only handler of its pipeline: one request after the other is read whole, answered, and only then
 * the next one is looked at. Reading itself goes on while a request is answered, within bounds, so that the end of the
 * connection is seen at once.
 *
 * <p>A client that ends its sending half while it waits for an answer has left: so do all HTTP clients that give a request
 * up, and none that we know of does it otherwise. An answer that is already complete still goes out whole.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements Swept {
    /** What a client may send ahead while it is being answered. */
    private static final int AHEAD_BYTES = 64 << 10;

    /** What may be left of a connection after its last answer: for the client to read it and close. */
    private static final long LINGER_NANOS = 5_000_000_000L;

    private enum Phase {
        /** Between requests: nothing has arrived. */
        IDLE,
        HEAD,
        BODY,
        ANSWERING,
        /** The last answer is going out; what still arrives is thrown away, so that the client can read it. */
        LINGERING,
        CLOSED
    }

    private final HttpServer server;
    private final Sweep sweep;
    private final HeadReader heads;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf held;
    private @Nullable Head head;
    private @Nullable BodyReader body;
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
        heads = new HeadReader(server.limits().headerBytes());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        enter(Phase.IDLE, server.limits().headerTimeout().toNanos());
        sweep.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        sweep.remove(this);
        phase = Phase.CLOSED;
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
                if (in.isReadable()) {
                    enter(Phase.HEAD, server.limits().headerTimeout().toNanos());
                }
                yield in.isReadable();
            }
            case HEAD -> readHead(in);
            case BODY -> readBody(in);
            case ANSWERING -> {
                if (in.readableBytes() > AHEAD_BYTES) {
                    context().channel().config().setAutoRead(false);
                }
                yield false;
            }
            case LINGERING, CLOSED -> false;
        };
    }

    private boolean readHead(ByteBuf in) {
        byte[] bytes = heads.read(in);
        if (bytes == null) {
            return false;
        }
        first = false;
        Head parsed = HeadParser.parse(bytes);
        head = parsed;
        String coding = parsed.headers().get(HttpHeaderNames.CONTENT_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new Refusal(
                            415, "unsupported_encoding", "Compressed request bodies are not supported; send it plain.")
                    .refused();
        }
        if (!parsed.hasBody()) {
            dispatch(parsed, new byte[0]);
            return true;
        }
        body = new BodyReader(parsed, server.limits().bodyBytes());
        enter(Phase.BODY, server.limits().bodyTimeout().toNanos());
        if (parsed.expectsContinue() && !in.isReadable()) {
            context().write(Unpooled.wrappedBuffer("HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII)));
            flush();
        }
        return true;
    }

    private boolean readBody(ByteBuf in) {
        BodyReader reader = Objects.requireNonNull(body);
        if (!reader.read(in)) {
            return false;
        }
        body = null;
        dispatch(Objects.requireNonNull(head), reader.body());
        return true;
    }

    private void dispatch(Head parsed, byte[] bytes) {
        head = null;
        enter(Phase.ANSWERING, Long.MAX_VALUE);
        ChannelResponse answer = new ChannelResponse(new Http1Outlet(context(), this, parsed));
        response = answer;
        server.requestStarted();
        Request request = new Request(
                parsed.method(),
                parsed.path(),
                parsed.query(),
                parsed.headers(),
                bytes,
                ((SocketChannel) context().channel()).remoteAddress().getAddress());
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
        if (!context().channel().config().isAutoRead()) {
            context().channel().config().setAutoRead(true);
        }
        flush();
        advance();
    }

    /** The response ends without being complete; what was written of it still goes out. */
    void cut() {
        endRequest();
        enter(Phase.LINGERING, LINGER_NANOS);
        dropHeld();
        unflushed = false;
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void endRequest() {
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
        head = null;
        body = null;
        closeInOrder();
    }

    /** Lets the client read what was written although it may still be sending: a reset would take it away. */
    private void closeInOrder() {
        enter(Phase.LINGERING, LINGER_NANOS);
        dropHeld();
        SocketChannel channel = (SocketChannel) context().channel();
        if (!channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
        unflushed = false;
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (inputEnded || !written.isSuccess()) {
                channel.close();
            } else {
                channel.shutdownOutput();
            }
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            clientLeft();
            dropHeld();
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
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
        if (response != null && ctx.channel().isWritable()) {
            response.writabilityChanged();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // a reset by the client, which is nothing special; its channel is closed by now or has to be
        ctx.close();
    }

    @Override
    public void sweep(long nowNanos) {
        if (phase != Phase.CLOSED && deadlineNanos <= nowNanos) {
            timedOut();
        }
    }

    private void timedOut() {
        if (phase == Phase.HEAD || phase == Phase.BODY) {
            refuse(new Refusal(408, "request_timeout", "The request did not arrive whole in time; send it faster."));
        } else {
            phase = Phase.CLOSED;
            context().close();
        }
    }

    /** Whether a further request may come on this connection. */
    boolean mayBeKept() {
        return !server.isClosing();
    }

    /** The server accepts nothing more. */
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

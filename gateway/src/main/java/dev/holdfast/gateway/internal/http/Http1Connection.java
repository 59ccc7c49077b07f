// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.gateway.internal.http.Patience.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 connection, the only handler of its pipeline: one request after the other is read whole, answered, and only then
 * the next one is looked at. Reading itself goes on while a request is answered, within bounds, so that the end of the
 * connection is seen at once.
 *
 * <p>A client that ends its sending half while it waits for an answer has left: on the wire that is how a closed connection
 * looks, and HTTP clients that still want the answer do not do it. An answer that is already complete still goes out whole.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed shows as the end of its channel
final class Http1Connection extends ChannelInboundHandlerAdapter implements Swept {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    private final HttpServer server;
    private final SocketChannel channel;
    private final Sweep sweep;
    private final Patience patience;
    private final Inbox inbox;
    private final Outbox outbox;
    private final RequestReader requests;
    private @Nullable ChannelResponse response;
    private boolean first = true;
    private boolean inputEnded;
    private boolean advancing;

    Http1Connection(HttpServer server, SocketChannel channel, Sweep sweep) {
        this.server = server;
        this.channel = channel;
        this.sweep = sweep;
        patience = new Patience(server.limits(), sweep);
        inbox = new Inbox(channel);
        outbox = new Outbox(channel);
        requests = new RequestReader(server.limits(), server.bodyBudget());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        sweep.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        sweep.remove(this);
        clientLeft();
        patience.enter(Phase.CLOSED);
        requests.next();
        dropInbox();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        outbox.readingStarts();
        if (patience.phase().takesNothing()) {
            bytes.release();
            return;
        }
        inbox.add(bytes);
        advance();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        outbox.readingEnds();
    }

    /** Goes as far as the bytes that are here allow. */
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            ByteBuf in = inbox.bytes();
            while (in != null && step(in)) {
                in = inbox.bytes();
            }
        } catch (Refusal.Refused refused) {
            refuse(refused.refusal());
        } finally {
            advancing = false;
            if (patience.phase().takesNothing()) {
                inbox.drop();
            } else {
                inbox.dropIfEmpty();
            }
        }
    }

    /** Whether there is another step to make. */
    private boolean step(ByteBuf in) {
        return switch (patience.phase()) {
            case IDLE -> idle(in);
            case HEAD, BODY -> (first && Http2Switch.startsPreface(in)) ? preface(in) : read(in);
            case ANSWERING -> {
                inbox.holdBack();
                yield false;
            }
            case LEAVING, LINGERING, CLOSED -> false;
        };
    }

    private boolean idle(ByteBuf in) {
        // who does not read its answers gets no more of them
        boolean starts = in.isReadable() && channel.isWritable();
        if (starts) {
            inbox.goOn();
            patience.enter(Phase.HEAD);
        } else {
            inbox.holdBack();
        }
        return starts;
    }

    private boolean preface(ByteBuf in) {
        if (Http2Switch.isPreface(in)) {
            inbox.giveAway();
            new Http2Connection(server, sweep).takeOver(channel.pipeline().context(this), in);
        }
        return false;
    }

    private boolean read(ByteBuf in) {
        return switch (requests.read(in)) {
            case WAITING -> false;
            case HEAD -> {
                patience.enter(Phase.BODY);
                if (requests.head().expectsContinue() && !in.isReadable()) {
                    outbox.write(Unpooled.wrappedBuffer(CONTINUE));
                    outbox.flush();
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
        patience.enter(Phase.ANSWERING);
        Request request = head.with(requests.body(), channel.remoteAddress().getAddress());
        if (first
                && !in.isReadable()
                && Http2Switch.isAskedFor(head)
                && Http2Switch.upgrade(channel.pipeline().context(this), new Http2Connection(server, sweep), request)) {
            return;
        }
        first = false;
        ChannelResponse answer = new ChannelResponse(new Http1Outlet(outbox, this, head));
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
        patience.enter(Phase.IDLE);
        inbox.goOn();
        outbox.flush();
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
        outbox.write(refusal);
        requests.next();
        closeInOrder();
    }

    /** Lets the client read what was written although it may still be sending: a reset would take it away. */
    private void closeInOrder() {
        patience.enter(Phase.LEAVING);
        dropInbox();
        inbox.goOn();
        outbox.whenWritten(written -> {
            if (inputEnded || !written.isSuccess()) {
                channel.close();
            } else {
                patience.enter(Phase.LINGERING);
                channel.shutdownOutput();
            }
        });
    }

    private void closeWhenWritten() {
        patience.enter(Phase.LEAVING);
        dropInbox();
        outbox.whenWritten(ChannelFutureListener.CLOSE);
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
        patience.enter(Phase.CLOSED);
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
        if (!channel.isWritable()) {
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
        switch (patience.look(channel, nowNanos)) {
            case GO_ON -> {}
            case REFUSE -> refuse(HttpServer.TOO_SLOW);
            case CLOSE -> closeNow();
        }
    }

    /** Whether a further request may come on this connection. */
    boolean mayBeKept() {
        return !server.isClosing();
    }

    @Override
    public void closeWhenAnswered() {
        if (patience.phase() == Phase.IDLE) {
            closeInOrder();
        }
    }

    @Override
    public void closeNow() {
        channel.close();
    }

    private void dropInbox() {
        // while bytes are being looked at, who looks drops them
        if (!advancing) {
            inbox.drop();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import dev.holdfast.llm.transport.ResponseHead;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection, which carries one exchange at a time and is idle between them.
 *
 * <p>It reads on its own while it is idle, so that a close by the server is noticed, and stops only when a piece came that
 * nobody asked for. An exchange is over when the read that brought its end is over: what follows the end in the same read
 * answers no request of ours, so the connection is not used again.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements Carrier {
    static final int MAX_HEAD_BYTES = 32 << 10;

    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int MAX_PIECE_BYTES = 64 << 10;

    private final Pool pool;
    private final Channel channel;
    private @Nullable NettyExchange exchange;
    private @Nullable Upload upload;
    private boolean headCame;
    private boolean interim;
    private boolean ended;
    private boolean requestOut;
    private boolean reusable;
    /** TLS said that nothing follows, so a body that ends with the connection has ended where the server wanted. */
    private boolean closeAnnounced;

    private int idleSweeps;

    private Http1Connection(Pool pool, Channel channel) {
        this.pool = pool;
        this.channel = channel;
    }

    /** Makes a connected channel speak HTTP/1.1. */
    static Http1Connection on(Channel channel, Pool pool) {
        Http1Connection connection = new Http1Connection(pool, channel);
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEAD_BYTES)
                .setMaxChunkSize(MAX_PIECE_BYTES);
        channel.pipeline().addLast(new HttpClientCodec(limits, false, false), connection);
        return connection;
    }

    void start(NettyExchange next) {
        exchange = next;
        headCame = false;
        interim = false;
        ended = false;
        requestOut = false;
        upload = null;
        reusable = true;
        idleSweeps = 0;
        next.connected(this);
        if (exchange != next) {
            return; // cancelled while it heard that
        }
        OutgoingRequest request = next.request();
        if (request.body().length > Upload.PIECE_BYTES) {
            channel.write(request.http1Head());
            Upload started = new Upload(channel, request.body(), done -> written(next, done));
            upload = started;
            started.proceed();
        } else {
            ChannelFuture written = channel.writeAndFlush(request.http1());
            if (written.isDone()) {
                written(next, written);
            } else {
                written.addListener(done -> written(next, done));
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (upload != null) {
            upload.proceed();
        }
    }

    /** A request that cannot be written may have been answered already: what reading brings decides. */
    private void written(NettyExchange writer, Future<?> written) {
        if (exchange != writer) {
            return;
        }
        if (written.isSuccess()) {
            requestOut = true;
            upload = null;
            writer.sent();
        } else if (!channel.isActive() || !(written.cause() instanceof IOException)) {
            broken(Failures.plain(written.cause()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            NettyExchange current = exchange;
            if (current == null || ended) {
                reusable = false;
                if (current == null) {
                    close();
                }
            } else if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                broken(Failures.notHttp(part.decoderResult().cause()));
            } else {
                read(current, message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(NettyExchange current, Object message) {
        if (message instanceof HttpResponse response) {
            int status = response.status().code();
            if (status == 101) {
                broken(Failures.notHttp("an upgrade that nobody asked for"));
                return;
            }
            interim = status < 200;
            if (!interim) {
                headCame = true;
                reusable = HttpUtil.isKeepAlive(response);
                current.head(new ResponseHead(status, Heads.of(response.headers())));
            }
        }
        if (message instanceof HttpContent part && !interim) {
            if (exchange == current) {
                current.content(part.content());
            }
            ended = part instanceof LastHttpContent;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        NettyExchange done = exchange;
        if (ended && done != null) {
            boolean cut = !channel.isActive() && channel.pipeline().get(Tls.HANDLER) != null && !closeAnnounced;
            exchange = null;
            upload = null;
            ended = false;
            if (reusable && requestOut && channel.isActive()) {
                channel.config().setAutoRead(true);
                pool.park(this);
            } else {
                channel.close();
            }
            if (cut) {
                done.fail(bodyCut());
            } else {
                done.complete();
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent close) {
            closeAnnounced = close.isSuccess();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        broken(Failures.plain(error));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pool.gone(this);
        broken(headCame ? bodyCut() : new IOException("connection closed by the server before response"));
    }

    private static EOFException bodyCut() {
        return new EOFException("premature end of the response body");
    }

    private void broken(Throwable error) {
        NettyExchange victim = exchange;
        exchange = null;
        upload = null;
        close();
        if (victim != null) {
            victim.fail(error);
        }
    }

    @Override
    public void pause() {
        channel.config().setAutoRead(false);
    }

    @Override
    public void resume() {
        channel.config().setAutoRead(true);
    }

    @Override
    public void abort(NettyExchange leaving) {
        exchange = null;
        upload = null;
        Channels.closeAtOnce(channel);
    }

    void close() {
        channel.close();
    }

    /** At how many sweeps in a row it was idle, this one included. */
    int sweptIdle() {
        return ++idleSweeps;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import dev.holdfast.llm.transport.ResponseHead;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on an HTTP/2 connection. Why the stream broke is kept until the stream is closed, because what came before
 * is read before that.
 */
final class Http2Stream extends ChannelInboundHandlerAdapter implements Carrier {
    private final Http2Connection connection;
    private @Nullable NettyExchange exchange;
    private @Nullable Channel channel;
    private @Nullable Throwable cause;
    private boolean headCame;
    private boolean requestOut;

    Http2Stream(Http2Connection connection, NettyExchange exchange) {
        this.connection = connection;
        this.exchange = exchange;
    }

    void start(Channel opened) {
        NettyExchange current = exchange;
        channel = opened;
        if (current == null) {
            return;
        }
        current.connected(this);
        if (exchange == null) {
            return; // cancelled while it heard that
        }
        OutgoingRequest request = current.request();
        boolean withBody = request.hasBody();
        ChannelFuture head = opened.write(new DefaultHttp2HeadersFrame(request.http2(), !withBody));
        head.addListener(this::headWritten);
        ChannelFuture last = withBody ? opened.write(new DefaultHttp2DataFrame(request.content(), true)) : head;
        last.addListener(this::written);
        opened.flush();
    }

    /** The connection takes no more streams, so the server has heard nothing of this one. */
    private void headWritten(Future<?> head) {
        if (!head.isSuccess() && exchange != null) {
            connection.retire();
            broken(new IOException("stream not processed", Failures.plain(head.cause())));
        }
    }

    private void written(Future<?> last) {
        NettyExchange current = exchange;
        if (last.isSuccess()) {
            requestOut = true;
            if (current != null) {
                current.sent();
            }
        } else if (cause == null) {
            cause = Failures.plain(last.cause());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            NettyExchange current = exchange;
            if (current == null) {
                return;
            }
            if (frame instanceof Http2HeadersFrame headers) {
                headers(current, headers);
            } else if (frame instanceof Http2DataFrame data) {
                current.content(data.content());
                if (data.isEndStream()) {
                    ended(current);
                }
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void headers(NettyExchange current, Http2HeadersFrame frame) {
        if (!headCame) {
            int status = Heads.status(frame.headers());
            if (status < 100) {
                broken(Failures.notHttp("the status is missing"));
                return;
            }
            if (status < 200) {
                return;
            }
            headCame = true;
            current.head(new ResponseHead(status, Heads.of(frame.headers())));
        }
        if (frame.isEndStream()) {
            ended(current);
        }
    }

    private void ended(NettyExchange current) {
        if (exchange != current) {
            return; // cancelled by what it heard
        }
        exchange = null;
        if (!requestOut && channel != null) {
            channel.close(); // answered before it was asked to the end
        }
        current.complete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            cause = Failures.reset(reset.errorCode());
        } else if (event instanceof Http2GoAwayFrame) {
            cause = new IOException("stream not processed: goaway");
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        broken(Failures.plain(error));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.streamOver();
        Throwable known = cause;
        if (known != null) {
            broken(known);
        } else if (headCame) {
            broken(new EOFException("premature end of the response body"));
        } else {
            broken(new IOException("connection closed by the server before response"));
        }
    }

    private void broken(Throwable error) {
        NettyExchange victim = exchange;
        exchange = null;
        close();
        if (victim != null) {
            victim.fail(error);
        }
    }

    @Override
    public void pause() {
        setAutoRead(false);
    }

    @Override
    public void resume() {
        setAutoRead(true);
    }

    private void setAutoRead(boolean on) {
        if (channel != null) {
            channel.config().setAutoRead(on);
        }
    }

    @Override
    public void abort(NettyExchange leaving) {
        exchange = null;
        close();
    }

    private void close() {
        if (channel != null) {
            channel.close();
        }
    }
}

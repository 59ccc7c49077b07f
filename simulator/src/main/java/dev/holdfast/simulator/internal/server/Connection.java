// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: collects requests up to a size, answers them one after the other, notices when the client
 * leaves. Lives on one event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    /** Requests pipelined behind the running one before reading stops; while it stops, a departure shows only on writing. */
    private static final int MOST_PIPELINED = 8;

    private final Router router;
    private final int largestBody;
    private final Deque<Received> waiting = new ArrayDeque<>();
    private @Nullable HttpRequest head;
    private @Nullable ByteBuf body;
    private @Nullable Exchange current;
    private boolean discarding;

    Connection(Router router, int largestBody) {
        this.router = router;
        this.largestBody = largestBody;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (discarding) {
                return;
            }
            if (message instanceof HttpRequest request) {
                begin(ctx, request);
            }
            if (message instanceof HttpContent content && head != null) {
                collect(ctx, head, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            refuse(ctx, request, unreadable(request.decoderResult().cause()));
        } else if (HttpUtil.getContentLength(request, 0L) > largestBody) {
            refuse(ctx, request, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.code());
        } else {
            if (HttpUtil.is100ContinueExpected(request)) {
                ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
            head = request;
            body = ctx.alloc().buffer((int) Math.max(256, Math.min(HttpUtil.getContentLength(request, 0L), 1 << 16)));
        }
    }

    private void collect(ChannelHandlerContext ctx, HttpRequest request, HttpContent content) {
        ByteBuf collected = body;
        if (collected == null) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            dropBody();
            refuse(ctx, request, HttpResponseStatus.BAD_REQUEST.code());
        } else if (collected.readableBytes() + content.content().readableBytes() > largestBody) {
            dropBody();
            refuse(ctx, request, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.code());
        } else {
            collected.writeBytes(content.content());
            if (content instanceof LastHttpContent) {
                byte[] bytes = new byte[collected.readableBytes()];
                collected.readBytes(bytes);
                dropBody();
                accept(ctx, Received.of(request, bytes));
            }
        }
    }

    private static int unreadable(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG.code();
        }
        return cause instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.code()
                : HttpResponseStatus.BAD_REQUEST.code();
    }

    private void refuse(ChannelHandlerContext ctx, HttpRequest request, int status) {
        discarding = true;
        accept(ctx, Received.refused(request, status));
    }

    private void accept(ChannelHandlerContext ctx, Received request) {
        if (current == null) {
            answer(ctx, request);
        } else {
            waiting.add(request);
            if (waiting.size() >= MOST_PIPELINED) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    private void answer(ChannelHandlerContext ctx, Received request) {
        // the end comes back as a task: a long pipeline must not nest as deep as it is long
        current = router.answer(ctx, request, () -> ctx.executor().execute(() -> next(ctx)));
    }

    private void next(ChannelHandlerContext ctx) {
        current = null;
        if (!waiting.isEmpty() && ctx.channel().isActive()) {
            answer(ctx, waiting.remove());
            ctx.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (current != null) {
            current.writable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dropBody();
        waiting.clear();
        if (current != null) {
            current.abandon();
        }
        ctx.fireChannelInactive();
    }

    /** Broken connections are the client's departure; whatever else goes wrong ends this connection alone. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void dropBody() {
        if (body != null) {
            body.release();
        }
        body = null;
        head = null;
    }
}

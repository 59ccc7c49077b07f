// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import dev.holdfast.simulator.internal.reply.Step;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.Collections;
import java.util.Date;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request being answered: plays the steps of its reply on the connection's event loop. Takes a step only while the
 * channel is writable and gives the loop back after {@value #STEPS_PER_TURN}, so that neither a slow nor a fast reader
 * costs the others anything. Counts are booked before the bytes that show them go out.
 */
final class Exchange {
    private static final int STEPS_PER_TURN = 256;
    /** How far behind its pace a stream may catch up; what a slow reader missed beyond that is not burst. */
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ChannelHandlerContext ctx;
    private final Received request;
    private final Runnable whenOver;
    private final Ledger.@Nullable Visit visit;
    private final Map<String, String> extraHeaders;
    private Iterator<Step> steps = Collections.emptyIterator();
    private Runnable whenGone = () -> {};
    private @Nullable Future<?> pause;
    private long dueNanos = System.nanoTime();
    private boolean keepAlive;
    private boolean running;
    private boolean over;

    /** {@code whenOver} runs once the response is written and the connection may serve the next request. */
    Exchange(
            ChannelHandlerContext ctx,
            Received request,
            Ledger.@Nullable Visit visit,
            Map<String, String> extraHeaders,
            Runnable whenOver) {
        this.ctx = ctx;
        this.request = request;
        this.visit = visit;
        this.extraHeaders = extraHeaders;
        this.whenOver = whenOver;
        this.keepAlive = request.keepAlive();
    }

    /** What to give back when this exchange is over, however it ends; runs once, at once where it is over already. */
    void whenGone(Runnable giveBack) {
        if (over) {
            giveBack.run();
        } else {
            whenGone = giveBack;
        }
    }

    /** Starts the reply; does nothing where the client has left meanwhile. */
    void play(Iterator<Step> reply) {
        if (over) {
            return;
        }
        steps = reply;
        dueNanos = System.nanoTime();
        run();
    }

    /** The channel can take more. */
    void writable() {
        run();
    }

    /** The client has left. */
    void abandon() {
        if (!over) {
            if (visit != null) {
                visit.cancelled();
            }
            end();
        }
    }

    private void run() {
        if (running || over || pause != null) {
            return;
        }
        running = true;
        try {
            boolean more = true;
            for (int turn = 0; more && writableAfterFlush(); turn++) {
                if (turn == STEPS_PER_TURN) {
                    ctx.executor().execute(this::run);
                    break;
                }
                more = steps.hasNext() && take(steps.next());
            }
        } finally {
            running = false;
        }
        ctx.flush();
    }

    private boolean writableAfterFlush() {
        if (!ctx.channel().isWritable()) {
            ctx.flush();
        }
        return ctx.channel().isWritable();
    }

    /** True where the next step may follow at once. */
    private boolean take(Step step) {
        if (step instanceof Step.Head head) {
            if (visit != null) {
                visit.status(head.status());
            }
            ctx.write(response(head), ctx.voidPromise());
            return true;
        }
        if (step instanceof Step.Bytes bytes) {
            if (visit != null) {
                visit.billed(bytes.tokens());
            }
            ctx.write(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes.bytes())), ctx.voidPromise());
            return true;
        }
        if (step instanceof Step.Pause wait) {
            return !pause(wait.nanos());
        }
        if (step instanceof Step.End) {
            complete();
        } else if (step instanceof Step.Cut || step instanceof Step.Reset) {
            breakOff(step instanceof Step.Reset);
        } else {
            // silence: whatever wakes this exchange later finds nothing to go on with
            steps = Collections.emptyIterator();
        }
        return false;
    }

    private boolean pause(long nanos) {
        long now = System.nanoTime();
        dueNanos = Math.max(dueNanos - now, -CATCH_UP_NANOS) + now + nanos;
        long left = dueNanos - now;
        if (left <= 0) {
            return false;
        }
        pause = ctx.executor()
                .schedule(
                        () -> {
                            pause = null;
                            run();
                        },
                        left,
                        TimeUnit.NANOSECONDS);
        return true;
    }

    private HttpResponse response(Step.Head head) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()));
        response.headers().set(HttpHeaderNames.DATE, DateFormatter.format(new Date()));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, head.contentType());
        extraHeaders.forEach(response.headers()::set);
        head.headers().forEach(response.headers()::set);
        if (head.length() != Step.STREAMED) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, head.length());
        } else if (request.http11()) {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else {
            keepAlive = false;
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!request.http11()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return response;
    }

    private void complete() {
        end();
        ctx.write(LastHttpContent.EMPTY_LAST_CONTENT, ctx.voidPromise());
        if (request.refusedStatus() != 0) {
            // the client may still be sending: closing now would destroy the answer on its way
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> Linger.closeSoon(ctx.channel()));
        } else if (keepAlive) {
            whenOver.run();
        } else {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void breakOff(boolean reset) {
        end();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (reset) {
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            ctx.close();
        });
    }

    private void end() {
        over = true;
        steps = Collections.emptyIterator();
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
        if (visit != null) {
            visit.end();
        }
        whenGone.run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.route.Upstream;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.StreamEncoder;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.time.Timer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call whose answer goes on to its client as it comes, from its first content on. */
final class StreamedCall implements GuardedCall<StreamedAttempt> {
    private final Service service;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final Wire wire;
    private final Response response;
    private final long keepAliveNanos;

    private Timer.@Nullable Scheduled nextKeepAlive; // guarded by this
    private boolean committed; // guarded by this

    StreamedCall(
            Service service,
            Incoming incoming,
            Outgoing outgoing,
            Wire wire,
            Response response) {
        this.service = service;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.wire = wire;
        this.response = response;
        this.keepAliveNanos = service.live().config().keepAlive().toNanos();
    }

    @Override
    public CompletableFuture<StreamedAttempt> start(Running running) {
        CompletableFuture<StreamedAttempt> call = running.engine()
                .call(running.targets(), running.options(), attempt -> {
                    Upstream upstream = running.route().upstream(attempt.target());
                    return new StreamedAttempt(this, attempt, upstream).start(service.transport());
                });
        if (!call.isDone()) {
            armKeepAlive(running);
        }
        call.whenComplete((value, error) -> noMoreKeepAlive());
        return call;
    }

    Incoming incoming() {
        return incoming;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    Wire wire() {
        return wire;
    }

    Response response() {
        return response;
    }

    Relay relay(Upstream upstream, ResponseHead head) {
        StreamEncoder encoder = wire.dialect()
                .streamEncoder(outgoing.answerHead(
                        wire.answerId(outgoing.callId()), incoming.model(), incoming.streamUsage()));
        return new Relay(upstream.dialect(), head, wire, encoder);
    }

    @Override
    public void succeeded(StreamedAttempt attempt) {
        attempt.show();
    }

    @Override
    public void left(@Nullable StreamedAttempt attempt) {
        if (attempt == null) {
            outgoing.left(null, Usage.NONE);
        } else {
            attempt.leave();
        }
    }

    private synchronized void armKeepAlive(Running running) {
        if (!committed) {
            long atNanos = running.engine().ticker().nanos() + keepAliveNanos;
            nextKeepAlive = running.engine()
                    .timer()
                    .at(atNanos, () -> running.engine().executor().execute(() -> keepAlive(running)));
        }
    }

    private void keepAlive(Running running) {
        if (outgoing.keepAlive()) {
            armKeepAlive(running);
        }
    }

    private synchronized void noMoreKeepAlive() {
        committed = true;
        if (nextKeepAlive != null) {
            nextKeepAlive.cancel();
            nextKeepAlive = null;
        }
    }
}

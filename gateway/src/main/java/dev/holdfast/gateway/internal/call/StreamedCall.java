// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.route.Upstream;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.StreamEncoder;
import dev.holdfast.llm.transport.ResponseHead;
import java.time.Duration;
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

    StreamedCall(Service service, Incoming incoming, Outgoing outgoing, Wire wire, Response response) {
        this.service = service;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.wire = wire;
        this.response = response;
        this.keepAliveNanos = service.live().config().keepAlive().toNanos();
    }

    @Override
    public CompletableFuture<StreamedAttempt> start(Running running) {
        Duration connectTimeout = running.engine().config().timeouts().connect();
        CompletableFuture<StreamedAttempt> call = running.engine()
                .call(running.targets(), running.options(), attempt -> {
                    Upstream upstream = running.route().upstream(attempt.target());
                    return new StreamedAttempt(this, attempt, upstream, connectTimeout).start(service.transport());
                });
        if (!call.isDone()) {
            KeepAlive waiting = new KeepAlive(running.engine(), outgoing, keepAliveNanos);
            waiting.start();
            call.whenComplete((value, error) -> waiting.stop());
        }
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
}

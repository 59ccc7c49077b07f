// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.CallContext;
import dev.holdfast.CallOptions;
import dev.holdfast.CallRejectedException;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.route.ModelRoute;
import dev.holdfast.llm.Usage;
import dev.holdfast.target.Targets;
import dev.holdfast.time.Deadline;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One client's call from its start to its end: its answer, its failure, or the client's leaving. Thread-safe. */
final class CallRun<R> {
    private final Service service;
    private final Wire wire;
    private final GuardedCall<R> call;
    private final Incoming incoming;
    private final Outgoing outgoing;

    // guarded by this
    private @Nullable CompletableFuture<R> running;
    private boolean gone;

    CallRun(Service service, Wire wire, GuardedCall<R> call, Incoming incoming, Outgoing outgoing) {
        this.service = service;
        this.wire = wire;
        this.call = call;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    void start(ModelRoute route, Response response) {
        run(route);
        response.onGone(this::gone);
    }

    private void run(ModelRoute route) {
        Targets targets = route.targets();
        if (targets == null) {
            outgoing.fail(Verdict.noTarget(outgoing.callId()), Usage.NONE);
            return;
        }
        CallContext context = new CallContext(outgoing.callId(), Deadline.never(service.ticker()));
        CallOptions options = CallOptions.within(context).withTokens(incoming.tokens());
        CompletableFuture<R> started = call.start(new Running(route, targets, options));
        boolean late;
        synchronized (this) {
            running = started;
            late = gone;
        }
        started.whenComplete((result, error) -> {
            if (error == null) {
                call.succeeded(result);
            } else if (!again(route, error)) {
                failed(error);
            }
        });
        if (late) {
            leave(started);
        }
    }

    /** A change of configuration came between the look at it and the call: the engine that was looked at takes none. */
    private boolean again(ModelRoute before, Throwable error) {
        boolean closed = error instanceof CallRejectedException rejected
                && rejected.obstacle() == CallRejectedException.Obstacle.CLOSED;
        if (!closed || service.isDraining()) {
            return false;
        }
        ModelRoute now = service.live().route(incoming.model());
        if (now == null || now.engine() == before.engine()) {
            return false;
        }
        run(now);
        return true;
    }

    private void failed(Throwable error) {
        Verdict verdict = Verdict.of(error, wire, outgoing.callId());
        if (verdict != null) {
            outgoing.fail(verdict, Usage.NONE);
        } else if (!(error instanceof CancellationException)) {
            Faults.log(outgoing.callId(), error);
            outgoing.fail(Verdict.internal(outgoing.callId()), Usage.NONE);
        }
    }

    private void gone() {
        CompletableFuture<R> left;
        synchronized (this) {
            gone = true;
            left = running;
        }
        if (left != null) {
            leave(left);
        }
    }

    private void leave(CompletableFuture<R> left) {
        left.cancel(true);
        call.left(left.isCompletedExceptionally() ? null : left.join());
    }
}

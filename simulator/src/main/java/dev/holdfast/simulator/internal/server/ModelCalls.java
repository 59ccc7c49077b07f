// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.behaviour.BehaviourException;
import dev.holdfast.simulator.internal.behaviour.RetryHint;
import dev.holdfast.simulator.internal.load.ScenarioRun;
import dev.holdfast.simulator.internal.load.Verdict;
import dev.holdfast.simulator.internal.reply.Refusal;
import dev.holdfast.simulator.internal.reply.Replies;
import dev.holdfast.simulator.internal.reply.Step;
import dev.holdfast.simulator.internal.wire.Dialect;
import dev.holdfast.simulator.internal.wire.ErrorBody;
import dev.holdfast.simulator.internal.wire.ErrorShapes;
import dev.holdfast.simulator.internal.wire.Json;
import dev.holdfast.simulator.internal.wire.ModelRequest;
import io.netty.channel.ChannelHandlerContext;
import java.time.Clock;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Model calls: counts them, reads what they ask for and plays it. Thread-safe. */
final class ModelCalls {
    private static final int BAD_REQUEST = 400;
    private static final int DEFECT = 500;

    private final Control control;
    private final Clock clock;
    private final Replies replies;
    private final AtomicLong serials = new AtomicLong();

    ModelCalls(Control control, Clock clock) {
        this.control = control;
        this.clock = clock;
        this.replies = new Replies(clock);
    }

    Exchange answer(ChannelHandlerContext ctx, Received request, Dialect dialect, Runnable whenOver) {
        long serial = serials.incrementAndGet();
        Ledger.Visit visit = control.ledger().begin(request.callId("request-" + serial));
        Exchange exchange =
                new Exchange(ctx, request, visit, Map.of(dialect.requestIdHeader(), "req_sim" + serial), whenOver);
        if (request.refusedStatus() != 0) {
            ErrorBody error = ErrorShapes.of(dialect.errors(), request.refusedStatus(), "", RetryHint.NONE, serial);
            exchange.play(refusal(request.refusedStatus(), error));
        } else {
            begin(exchange, ctx, request, dialect, visit, serial);
        }
        return exchange;
    }

    private void begin(
            Exchange exchange,
            ChannelHandlerContext ctx,
            Received request,
            Dialect dialect,
            Ledger.Visit visit,
            long serial) {
        try {
            JsonNode body = Json.read(request.body());
            ModelRequest asked = dialect.read(body);
            visit.model(asked.model());
            Behaviour behaviour = behaviour(request, asked);
            underLoad(exchange, ctx, asked.model(), verdict -> {
                Behaviour now = verdict.applied(behaviour);
                exchange.play(safely(dialect, serial, () -> replies.of(now, dialect, body, asked, serial)));
            });
        } catch (JacksonException notJson) {
            String message = "the request body is not JSON: " + notJson.getOriginalMessage();
            exchange.play(invalid(dialect, message, null, null, serial));
        } catch (ModelRequest.Invalid wrong) {
            exchange.play(invalid(dialect, String.valueOf(wrong.getMessage()), wrong.field(), null, serial));
        } catch (BehaviourException unknown) {
            exchange.play(invalid(dialect, String.valueOf(unknown.getMessage()), "model", "unknown_behaviour", serial));
        }
    }

    /** A request that the simulator fails to answer for a reason of its own must not look like a hang. */
    private Iterator<Step> safely(Dialect dialect, long serial, Supplier<Iterator<Step>> reply) {
        try {
            return reply.get();
        } catch (RuntimeException defect) {
            String message = "a defect of the simulator itself: " + defect;
            return refusal(DEFECT, ErrorShapes.invalid(dialect, message, null, "simulator_defect", serial));
        }
    }

    private Behaviour behaviour(Received request, ModelRequest asked) {
        Behaviour behaviour = Behaviour.parse(asked.model());
        return behaviour.fail() > 0 && control.failures().fails(request.apiKey(), asked.model(), behaviour.fail())
                ? behaviour.failing()
                : behaviour;
    }

    /** Lets the scenario speak first. Its verdict may come from another connection's thread, when that one leaves. */
    private void underLoad(Exchange exchange, ChannelHandlerContext ctx, String model, Consumer<Verdict> play) {
        ScenarioRun run = control.run();
        if (run.idle()) {
            play.accept(Verdict.AS_ASKED);
            return;
        }
        ScenarioRun.Ticket ticket = run.arrive(model, System.nanoTime(), verdict -> {
            if (ctx.executor().inEventLoop()) {
                play.accept(verdict);
            } else {
                ctx.executor().execute(() -> play.accept(verdict));
            }
        });
        exchange.whenGone(() -> run.leave(ticket, System.nanoTime()));
    }

    private Iterator<Step> invalid(
            Dialect dialect, String message, @Nullable String field, @Nullable String code, long serial) {
        return refusal(BAD_REQUEST, ErrorShapes.invalid(dialect, message, field, code, serial));
    }

    private Iterator<Step> refusal(int status, ErrorBody error) {
        return Refusal.of(status, error, RetryHint.NONE, clock).iterator();
    }
}

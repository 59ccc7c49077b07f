// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.behaviour.BehaviourException;
import dev.holdfast.simulator.internal.behaviour.RetryHint;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Model calls: counts them, reads what they ask for and plays it. Thread-safe. */
final class ModelCalls {
    private static final int BAD_REQUEST = 400;

    private final Ledger ledger;
    private final FailCounters failures;
    private final Clock clock;
    private final Replies replies;
    private final AtomicLong serials = new AtomicLong();

    ModelCalls(Ledger ledger, FailCounters failures, Clock clock) {
        this.ledger = ledger;
        this.failures = failures;
        this.clock = clock;
        this.replies = new Replies(clock);
    }

    Exchange answer(ChannelHandlerContext ctx, Received request, Dialect dialect, Runnable whenOver) {
        long serial = serials.incrementAndGet();
        Ledger.Visit visit = ledger.begin(request.callId("request-" + serial));
        Exchange exchange =
                new Exchange(ctx, request, visit, Map.of(dialect.requestIdHeader(), "req_sim" + serial), whenOver);
        exchange.play(reply(request, dialect, visit, serial));
        return exchange;
    }

    private Iterator<Step> reply(Received request, Dialect dialect, Ledger.Visit visit, long serial) {
        if (request.refusedStatus() != 0) {
            ErrorBody error = ErrorShapes.of(dialect.errors(), request.refusedStatus(), "", RetryHint.NONE, serial);
            return refusal(request.refusedStatus(), error);
        }
        try {
            JsonNode body = Json.read(request.body());
            ModelRequest asked = dialect.read(body);
            visit.model(asked.model());
            return replies.of(behaviour(request, asked), dialect, body, asked, serial);
        } catch (JacksonException notJson) {
            return invalid(
                    dialect, "the request body is not JSON: " + notJson.getOriginalMessage(), null, null, serial);
        } catch (ModelRequest.Invalid wrong) {
            return invalid(dialect, String.valueOf(wrong.getMessage()), wrong.field(), null, serial);
        } catch (BehaviourException unknown) {
            return invalid(dialect, String.valueOf(unknown.getMessage()), "model", "unknown_behaviour", serial);
        }
    }

    private Behaviour behaviour(Received request, ModelRequest asked) {
        Behaviour behaviour = Behaviour.parse(asked.model());
        return behaviour.fail() > 0 && failures.fails(request.apiKey(), asked.model(), behaviour.fail())
                ? behaviour.failing()
                : behaviour;
    }

    private Iterator<Step> invalid(
            Dialect dialect, String message, @Nullable String field, @Nullable String code, long serial) {
        return refusal(BAD_REQUEST, ErrorShapes.invalid(dialect, message, field, code, serial));
    }

    private Iterator<Step> refusal(int status, ErrorBody error) {
        return Refusal.of(status, error, RetryHint.NONE, clock).iterator();
    }
}

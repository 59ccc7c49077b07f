// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import dev.holdfast.simulator.internal.reply.Step;
import dev.holdfast.simulator.internal.wire.AnthropicDialect;
import dev.holdfast.simulator.internal.wire.Dialect;
import dev.holdfast.simulator.internal.wire.EmbeddingsDialect;
import dev.holdfast.simulator.internal.wire.ErrorShapes;
import dev.holdfast.simulator.internal.wire.Json;
import dev.holdfast.simulator.internal.wire.ModelList;
import dev.holdfast.simulator.internal.wire.OpenAiDialect;
import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.simulator.scenario.ScenarioException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends each request where its path says: model calls, the list of models, the control paths. Thread-safe. */
final class Router {
    private static final Map<String, Dialect> DIALECTS = Map.of(
            "/v1/chat/completions", new OpenAiDialect(),
            "/v1/messages", new AnthropicDialect(),
            "/v1/embeddings", new EmbeddingsDialect());

    private final ModelCalls calls;
    private final Control control;

    Router(ModelCalls calls, Control control) {
        this.calls = calls;
        this.control = control;
    }

    /** Answers a request, now or as time goes on; {@code whenOver} runs when the next one may follow. */
    Exchange answer(ChannelHandlerContext ctx, Received request, Runnable whenOver) {
        Dialect dialect = dialect(request);
        if (dialect != null) {
            return calls.answer(ctx, request, dialect, whenOver);
        }
        Exchange exchange = new Exchange(ctx, request, null, Map.of(), whenOver);
        exchange.play(other(request));
        return exchange;
    }

    private static @Nullable Dialect dialect(Received request) {
        return request.method().equals(HttpMethod.POST) ? DIALECTS.get(request.path()) : null;
    }

    private Iterator<Step> other(Received request) {
        if (request.refusedStatus() != 0) {
            return error(request.refusedStatus(), "the request cannot be read: " + request.refusedStatus());
        }
        String call = request.method() + " " + request.path();
        return switch (call) {
            case "GET /v1/models" ->
                json(200, request.headers().contains("anthropic-version") ? ModelList.anthropic() : ModelList.openAi());
            case "GET /__sim/stats" -> json(200, StatsJson.of(control.stats()));
            case "POST /__sim/reset" -> {
                control.reset();
                yield json(200, StatsJson.of(control.stats()));
            }
            case "PUT /__sim/scenario" -> scenario(request);
            default ->
                error(
                        404,
                        "nothing at " + call
                                + "; here are POST /v1/chat/completions, POST /v1/messages, POST /v1/embeddings, "
                                + "GET /v1/models, GET /__sim/stats, POST /__sim/reset, PUT /__sim/scenario");
        };
    }

    private Iterator<Step> scenario(Received request) {
        try {
            control.scenario(Scenario.parse(new String(request.body(), StandardCharsets.UTF_8)));
            return json(200, "{\"running\":true}");
        } catch (ScenarioException wrong) {
            ObjectNode body = Json.object();
            body.putObject("error").put("message", wrong.getMessage()).put("type", "invalid_scenario");
            ArrayNode problems = body.putArray("problems");
            for (ScenarioException.Problem problem : wrong.problems()) {
                problems.addObject()
                        .put("line", problem.line())
                        .put("key", problem.key())
                        .put("message", problem.message());
            }
            return json(400, Json.write(body));
        }
    }

    private static Iterator<Step> error(int status, String message) {
        return json(status, ErrorShapes.plain(message, "invalid_request_error").body());
    }

    private static Iterator<Step> json(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return List.<Step>of(
                        new Step.Head(status, "application/json", Map.of(), bytes.length),
                        new Step.Bytes(bytes, 0),
                        new Step.End())
                .iterator();
    }
}

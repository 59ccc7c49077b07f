// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.behaviour.Provider;
import dev.holdfast.simulator.internal.wire.ModelRequest.Invalid;
import dev.holdfast.simulator.internal.wire.ModelRequest.Tool;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** OpenAI chat completions. */
public final class OpenAiDialect implements Dialect {
    @Override
    public ModelRequest read(JsonNode body) {
        String model = RequestFields.model(body);
        JsonNode messages = RequestFields.messages(body);
        boolean forced = forced(body.path("tool_choice"));
        return new ModelRequest(
                model,
                RequestFields.flag(body, "stream"),
                RequestFields.flag(body.path("stream_options"), "include_usage"),
                RequestFields.tokens(messages, body.path("tools")),
                tool(body, messages, forced),
                forced,
                schema(body.path("response_format")));
    }

    @Override
    public AnswerWriter writer(JsonNode body, ModelRequest request, Answer answer, long serial, long createdSeconds) {
        return new OpenAiWriter(request, answer, serial, createdSeconds);
    }

    @Override
    public Provider errors() {
        return Provider.OPENAI;
    }

    @Override
    public int inBandStatus() {
        return 503;
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    private static boolean forced(JsonNode choice) {
        return choice.asString("").equals("required") || choice.has("function");
    }

    /** No tool is asked for once a tool has answered, so that a tool loop ends. */
    private static Optional<Tool> tool(JsonNode body, JsonNode messages, boolean forced) {
        JsonNode choice = body.path("tool_choice");
        boolean answered =
                RequestFields.last(messages).path("role").asString("").equals("tool");
        if (choice.asString("").equals("none") || (answered && !forced)) {
            return Optional.empty();
        }
        String insisted = choice.path("function").path("name").asString("");
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.path("function");
            String name = function.path("name").asString("");
            if (name.isEmpty()) {
                throw new Invalid("tools", "tools: each needs a function with a name");
            }
            if (insisted.isEmpty() || insisted.equals(name)) {
                return Optional.of(new Tool(name, function.path("parameters")));
            }
        }
        if (forced) {
            throw new Invalid("tool_choice", "tool_choice: no such tool was offered");
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> schema(JsonNode format) {
        return switch (format.path("type").asString("text")) {
            case "json_schema" -> {
                if (!format.path("json_schema").path("name").isString()) {
                    throw new Invalid("response_format", "response_format: json_schema needs a name");
                }
                yield RequestFields.schema(format.path("json_schema").path("schema"));
            }
            case "json_object" -> Optional.of(SchemaSample.ANY_OBJECT);
            default -> Optional.empty();
        };
    }
}

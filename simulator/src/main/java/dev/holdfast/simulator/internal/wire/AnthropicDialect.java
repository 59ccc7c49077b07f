// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.behaviour.Provider;
import dev.holdfast.simulator.internal.wire.ModelRequest.Invalid;
import dev.holdfast.simulator.internal.wire.ModelRequest.Tool;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Anthropic messages. */
public final class AnthropicDialect implements Dialect {
    private static final List<String> ROLES = List.of("user", "assistant", "system");

    @Override
    public ModelRequest read(JsonNode body) {
        String model = RequestFields.model(body);
        JsonNode messages = RequestFields.messages(body);
        if (!body.path("max_tokens").isIntegralNumber()
                || body.path("max_tokens").asLong() < 1) {
            throw new Invalid("max_tokens", "max_tokens: a whole number of at least 1 is required");
        }
        for (JsonNode message : messages) {
            String role = message.path("role").asString("");
            if (!ROLES.contains(role)) {
                throw new Invalid("messages", "messages: the role '" + role + "' is none of " + ROLES);
            }
        }
        boolean forced = forced(body.path("tool_choice"));
        return new ModelRequest(
                model,
                RequestFields.flag(body, "stream"),
                true,
                RequestFields.tokens(body.path("system"), messages, body.path("tools")),
                tool(body, messages, forced),
                forced,
                schema(body));
    }

    @Override
    public AnswerWriter writer(JsonNode body, ModelRequest request, Answer answer, long serial, long createdSeconds) {
        return new AnthropicWriter(request, answer, serial);
    }

    @Override
    public Provider errors() {
        return Provider.ANTHROPIC;
    }

    @Override
    public int inBandStatus() {
        return 529;
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    private static boolean forced(JsonNode choice) {
        String type = choice.path("type").asString("");
        return type.equals("any") || type.equals("tool");
    }

    /** No tool is asked for once a tool has answered, so that a tool loop ends. */
    private static Optional<Tool> tool(JsonNode body, JsonNode messages, boolean forced) {
        JsonNode choice = body.path("tool_choice");
        if (choice.path("type").asString("").equals("none") || (toolAnswered(messages) && !forced)) {
            return Optional.empty();
        }
        String insisted = choice.path("name").asString("");
        for (JsonNode tool : body.path("tools")) {
            String name = tool.path("name").asString("");
            if (name.isEmpty()) {
                throw new Invalid("tools", "tools: each needs a name");
            }
            if (insisted.isEmpty() || insisted.equals(name)) {
                return Optional.of(new Tool(name, tool.path("input_schema")));
            }
        }
        if (forced) {
            throw new Invalid("tool_choice", "tool_choice: no such tool was offered");
        }
        return Optional.empty();
    }

    private static boolean toolAnswered(JsonNode messages) {
        for (JsonNode block : RequestFields.last(messages).path("content")) {
            if (block.path("type").asString("").equals("tool_result")) {
                return true;
            }
        }
        return false;
    }

    /** {@code output_config.format}, or the older {@code output_format}. */
    private static Optional<JsonNode> schema(JsonNode body) {
        JsonNode format = body.path("output_config").path("format");
        return RequestFields.schema(
                format.has("schema")
                        ? format.path("schema")
                        : body.path("output_format").path("schema"));
    }
}

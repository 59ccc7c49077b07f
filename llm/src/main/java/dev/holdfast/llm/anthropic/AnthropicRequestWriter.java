// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes one request. */
final class AnthropicRequestWriter {
    private static final String VERSION = "2023-06-01";
    private static final String USER_ID = "user_id";

    private final ErrorReader errors;
    private final List<String> notCarried = new ArrayList<>();

    AnthropicRequestWriter(ErrorReader errors) {
        this.errors = errors;
    }

    EncodedRequest write(LlmRequest request, String model, boolean stream) {
        ObjectNode body = Json.object();
        body.put("model", model);
        body.put(
                "max_tokens",
                Objects.requireNonNullElse(request.maxTokens(), AnthropicDialect.DEFAULT_MAX_TOKENS)
                        .intValue());
        AnthropicMessageWriter messages = new AnthropicMessageWriter(errors, notCarried);
        messages.write(request.system(), request.messages());
        if (!messages.system().isEmpty()) {
            body.put("system", messages.system());
        }
        body.set("messages", messages.messages());
        if (!request.tools().isEmpty()) {
            tools(request, body);
        }
        options(request, body);
        responseFormat(request.responseFormat(), body);
        if (stream) {
            body.put("stream", true);
        }
        body.setAll(Json.requireObject(request.extraJson(), "extraJson"));
        Map<String, String> headers = Map.of(
                "content-type",
                "application/json",
                "accept",
                stream ? "text/event-stream" : "application/json",
                "anthropic-version",
                VERSION);
        return new EncodedRequest("/messages", headers, Json.bytes(body), notCarried);
    }

    private static void tools(LlmRequest request, ObjectNode body) {
        ArrayNode tools = body.putArray("tools");
        for (ToolDefinition definition : request.tools()) {
            ObjectNode tool = tools.addObject().put("name", definition.name());
            if (!definition.description().isEmpty()) {
                tool.put("description", definition.description());
            }
            tool.set("input_schema", Json.read(definition.parametersJson()));
            if (definition.strict() != null) {
                tool.put("strict", definition.strict());
            }
        }
        toolChoice(request, body);
    }

    private static void toolChoice(LlmRequest request, ObjectNode body) {
        ToolChoice choice = request.toolChoice();
        ObjectNode node = Json.object();
        if (choice instanceof ToolChoice.Named named) {
            node.put("type", "tool").put("name", named.name());
        } else if (choice instanceof ToolChoice.Mode mode) {
            node.put("type", mode.word().equals("required") ? "any" : mode.word());
        }
        boolean forbidden = choice != null && choice.equals(ToolChoice.NONE);
        if (request.parallelToolCalls() != null && !forbidden) {
            if (node.isEmpty()) {
                node.put("type", "auto");
            }
            node.put("disable_parallel_tool_use", !request.parallelToolCalls());
        }
        if (!node.isEmpty()) {
            body.set("tool_choice", node);
        }
    }

    private void options(LlmRequest request, ObjectNode body) {
        if (request.temperature() != null) {
            double temperature = request.temperature();
            if (temperature > 1) {
                notCarried.add("a temperature above 1 (sent as 1)");
            }
            body.put("temperature", Math.min(1, temperature));
        }
        if (request.topP() != null) {
            body.put("top_p", request.topP());
        }
        if (!request.stop().isEmpty()) {
            ArrayNode stop = body.putArray("stop_sequences");
            request.stop().forEach(stop::add);
        }
        if (request.seed() != null) {
            notCarried.add("seed");
        }
        request.metadata().forEach((name, value) -> {
            if (name.equals(USER_ID)) {
                body.putObject("metadata").put(USER_ID, value);
            } else {
                notCarried.add("metadata " + name);
            }
        });
    }

    private void responseFormat(ResponseFormat format, ObjectNode body) {
        if (format instanceof ResponseFormat.JsonObject) {
            notCarried.add("response format json_object");
        } else if (format instanceof ResponseFormat.JsonSchema schema) {
            body.putObject("output_config")
                    .putObject("format")
                    .put("type", "json_schema")
                    .set("schema", Json.read(schema.schemaJson()));
        }
    }
}

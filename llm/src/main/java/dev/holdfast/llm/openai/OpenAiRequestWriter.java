// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes one request. */
final class OpenAiRequestWriter {
    private final OpenAiQuirks quirks;
    private final ErrorReader errors;
    private final List<String> notCarried = new ArrayList<>();

    OpenAiRequestWriter(OpenAiQuirks quirks, ErrorReader errors) {
        this.quirks = quirks;
        this.errors = errors;
    }

    EncodedRequest write(LlmRequest request, String model, boolean stream) {
        ObjectNode body = Json.object();
        body.put("model", model);
        messages(request, body.putArray("messages"));
        if (!request.tools().isEmpty()) {
            tools(request, body);
        }
        options(request, body);
        responseFormat(request.responseFormat(), body);
        if (stream) {
            body.put("stream", true);
            if (quirks.streamUsageOption()) {
                body.putObject("stream_options").put("include_usage", true);
            }
        }
        body.setAll(Json.requireObject(request.extraJson(), "extraJson"));
        Map<String, String> headers =
                Map.of("content-type", "application/json", "accept", stream ? "text/event-stream" : "application/json");
        return new EncodedRequest("/chat/completions", headers, Json.bytes(body), notCarried);
    }

    private void messages(LlmRequest request, ArrayNode messages) {
        if (request.system() != null) {
            messages.addObject().put("role", "system").put("content", request.system());
        }
        OpenAiMessageWriter writer = new OpenAiMessageWriter(messages, quirks.reasoningField(), errors, notCarried);
        for (Message message : request.messages()) {
            writer.write(message);
        }
    }

    private static void tools(LlmRequest request, ObjectNode body) {
        ArrayNode tools = body.putArray("tools");
        for (ToolDefinition tool : request.tools()) {
            ObjectNode function = tools.addObject().put("type", "function").putObject("function");
            function.put("name", tool.name());
            if (!tool.description().isEmpty()) {
                function.put("description", tool.description());
            }
            function.set("parameters", Json.read(tool.parametersJson()));
            if (tool.strict() != null) {
                function.put("strict", tool.strict());
            }
        }
        ToolChoice choice = request.toolChoice();
        if (choice instanceof ToolChoice.Mode mode) {
            body.put("tool_choice", mode.word());
        } else if (choice instanceof ToolChoice.Named named) {
            body.putObject("tool_choice")
                    .put("type", "function")
                    .putObject("function")
                    .put("name", named.name());
        }
        if (request.parallelToolCalls() != null) {
            body.put("parallel_tool_calls", request.parallelToolCalls());
        }
    }

    private void options(LlmRequest request, ObjectNode body) {
        if (request.maxTokens() != null) {
            body.put(quirks.maxTokensField(), request.maxTokens());
        }
        if (request.temperature() != null) {
            body.put("temperature", request.temperature());
        }
        if (request.topP() != null) {
            body.put("top_p", request.topP());
        }
        if (!request.stop().isEmpty()) {
            ArrayNode stop = body.putArray("stop");
            request.stop().forEach(stop::add);
        }
        if (request.seed() != null) {
            body.put(quirks.seedField(), request.seed());
        }
        if (!request.metadata().isEmpty()) {
            ObjectNode metadata = body.putObject("metadata");
            request.metadata().forEach(metadata::put);
        }
    }

    private void responseFormat(ResponseFormat format, ObjectNode body) {
        if (format instanceof ResponseFormat.JsonObject) {
            body.putObject("response_format").put("type", "json_object");
        } else if (format instanceof ResponseFormat.JsonSchema schema) {
            if (!quirks.jsonSchema()) {
                notCarried.add("the schema of the response format");
                body.putObject("response_format").put("type", "json_object");
                return;
            }
            ObjectNode json = body.putObject("response_format")
                    .put("type", "json_schema")
                    .putObject("json_schema")
                    .put("name", schema.name())
                    .put("strict", schema.strict());
            json.set("schema", Json.read(schema.schemaJson()));
        }
    }
}

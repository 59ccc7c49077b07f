// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes one request. */
final class OpenAiRequestWriter {
    private final OpenAiQuirks quirks;
    private final ErrorReader errors;
    private final Carrier carrier = new Carrier(OpenAiDialect.NAME);

    OpenAiRequestWriter(OpenAiQuirks quirks, ErrorReader errors) {
        this.quirks = quirks;
        this.errors = errors;
    }

    EncodedRequest write(LlmRequest request, String model, boolean stream) {
        ObjectNode body = Json.object();
        body.put("model", model);
        messages(request, body.putArray("messages"));
        ArrayNode tools = tools(request);
        options(request, body);
        responseFormat(request, body);
        if (stream) {
            stream(request, body);
        }
        if (!tools.isEmpty() || carrier.hasOtherTools(request.extra())) {
            toolChoice(request, body);
        }
        carrier.requestExtra(body, request.extra(), tools);
        body.setAll(Json.requireObject(request.extraJson(), "extraJson"));
        return addressed(Json.bytes(body), stream, carrier.notes());
    }

    static EncodedRequest addressed(byte[] body, boolean stream, List<TranslationNote> notes) {
        Map<String, String> headers =
                Map.of("content-type", "application/json", "accept", stream ? "text/event-stream" : "application/json");
        return new EncodedRequest("/chat/completions", headers, body, notes);
    }

    private void messages(LlmRequest request, ArrayNode messages) {
        if (request.system() != null) {
            messages.addObject().put("role", "system").put("content", request.system());
        }
        OpenAiMessageWriter writer = new OpenAiMessageWriter(messages, quirks.reasoningField(), errors, carrier);
        for (int i = 0; i < request.messages().size(); i++) {
            writer.write(request.messages().get(i), "messages[" + i + "]");
        }
    }

    private ArrayNode tools(LlmRequest request) {
        ArrayNode tools = Json.array();
        for (ToolDefinition tool : request.tools()) {
            String path = "tools[" + tools.size() + "]";
            ObjectNode node = tools.addObject().put("type", "function");
            ObjectNode function = node.putObject("function").put("name", tool.name());
            if (!tool.description().isEmpty()) {
                function.put("description", tool.description());
            }
            if (!carrier.hasForm(tool.extra(), OpenAiForms.NO_PARAMETERS)) {
                function.set("parameters", Json.read(tool.parametersJson()));
            }
            if (tool.strict() != null) {
                function.put("strict", tool.strict());
            }
            carrier.extra(node, tool.extra(), path);
        }
        return tools;
    }

    /** Without tools the API refuses a choice among them. */
    private static void toolChoice(LlmRequest request, ObjectNode body) {
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
        number(body, "temperature", request.temperature());
        number(body, "top_p", request.topP());
        number(body, "frequency_penalty", request.frequencyPenalty());
        number(body, "presence_penalty", request.presencePenalty());
        if (request.topK() != null && carrier.hasForm(request.extra(), OpenAiForms.TOP_K)) {
            body.put("top_k", request.topK());
        } else if (request.topK() != null) {
            carrier.dropped("top_k", "not known here");
        }
        if (request.stop().size() == 1 && carrier.hasForm(request.extra(), OpenAiForms.STOP_STRING)) {
            body.put("stop", request.stop().get(0));
        } else if (!request.stop().isEmpty()) {
            ArrayNode stop = body.putArray("stop");
            request.stop().forEach(stop::add);
        }
        if (request.seed() != null) {
            body.put(quirks.seedField(), request.seed());
        }
        if (request.choices() != null) {
            body.put("n", request.choices());
        }
        if (request.logprobs() != null) {
            body.put("logprobs", request.logprobs());
        }
        if (request.topLogprobs() != null) {
            body.put("top_logprobs", request.topLogprobs());
        }
        if (request.userId() != null) {
            body.put("user", request.userId());
        }
        if (!request.metadata().isEmpty()) {
            ObjectNode metadata = body.putObject("metadata");
            request.metadata().forEach(metadata::put);
        }
    }

    private static void number(ObjectNode body, String name, @Nullable Double value) {
        if (value != null) {
            Json.put(body, name, value);
        }
    }

    private void responseFormat(LlmRequest request, ObjectNode body) {
        ResponseFormat format = request.responseFormat();
        if (format instanceof ResponseFormat.JsonObject) {
            body.putObject("response_format").put("type", "json_object");
        } else if (format instanceof ResponseFormat.JsonSchema schema) {
            if (!quirks.jsonSchema()) {
                carrier.approximated("response_format.json_schema", "asked for some JSON object, not for the schema");
                body.putObject("response_format").put("type", "json_object");
                return;
            }
            ObjectNode json = body.putObject("response_format")
                    .put("type", "json_schema")
                    .putObject("json_schema")
                    .put("name", schema.name());
            if (!carrier.hasForm(request.extra(), OpenAiForms.NO_STRICT)) {
                json.put("strict", schema.strict());
            }
            json.set("schema", Json.read(schema.schemaJson()));
        } else if (carrier.hasForm(request.extra(), OpenAiForms.TEXT_FORMAT)) {
            body.putObject("response_format").put("type", "text");
        }
    }

    private void stream(LlmRequest request, ObjectNode body) {
        body.put("stream", true);
        if (quirks.streamUsageOption()) {
            body.putObject("stream_options").put("include_usage", true);
        }
        if (request.choices() != null && request.choices() > 1) {
            carrier.approximated("n", "of a stream's answers only the first is told");
        }
    }
}

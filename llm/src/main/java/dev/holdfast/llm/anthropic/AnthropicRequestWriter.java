// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

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
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes one request. */
final class AnthropicRequestWriter {
    private static final String VERSION = "2023-06-01";
    private static final String USER_ID = "user_id";
    private static final String JSON_INSTRUCTION = "Answer with one JSON object and nothing else.";

    private final ErrorReader errors;
    private final Carrier carrier = new Carrier(AnthropicDialect.NAME);

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
        AnthropicMessageWriter messages = new AnthropicMessageWriter(errors, carrier);
        messages.write(request.system(), request.messages());
        messages.writeTo(body, instruction(request.responseFormat()));
        ArrayNode tools = tools(request);
        options(request, body);
        unknown(request);
        responseFormat(request.responseFormat(), body);
        if (stream) {
            body.put("stream", true);
        }
        if (!tools.isEmpty() || carrier.hasOtherTools(request.extra())) {
            toolChoice(request, body);
        }
        carrier.requestExtra(body, request.extra(), tools);
        body.setAll(Json.requireObject(request.extraJson(), "extraJson"));
        return addressed(Json.bytes(body), stream, carrier.notes());
    }

    static EncodedRequest addressed(byte[] body, boolean stream, List<TranslationNote> notes) {
        Map<String, String> headers = Map.of(
                "content-type",
                "application/json",
                "accept",
                stream ? "text/event-stream" : "application/json",
                "anthropic-version",
                VERSION);
        return new EncodedRequest("/messages", headers, body, notes);
    }

    private ArrayNode tools(LlmRequest request) {
        ArrayNode tools = Json.array();
        for (ToolDefinition definition : request.tools()) {
            String path = "tools[" + tools.size() + "]";
            ObjectNode tool = tools.addObject();
            if (carrier.hasForm(definition.extra(), AnthropicForms.CUSTOM)) {
                tool.put("type", "custom");
            }
            tool.put("name", definition.name());
            if (!definition.description().isEmpty()) {
                tool.put("description", definition.description());
            }
            tool.set("input_schema", schema(definition.parametersJson()));
            if (definition.strict() != null) {
                tool.put("strict", definition.strict());
            }
            carrier.extra(tool, definition.extra(), path);
        }
        return tools;
    }

    /** A tool without parameters may say so with an empty schema elsewhere; here the schema must be one of an object. */
    private static ObjectNode schema(String parametersJson) {
        ObjectNode schema = Json.requireObject(parametersJson, "parametersJson");
        return schema.isEmpty() ? schema.put("type", "object") : schema;
    }

    private void toolChoice(LlmRequest request, ObjectNode body) {
        ToolChoice choice = request.toolChoice();
        ObjectNode node = Json.object();
        if (choice instanceof ToolChoice.Named named) {
            node.put("type", "tool").put("name", named.name());
        } else if (choice instanceof ToolChoice.Mode mode) {
            node.put("type", mode.word().equals("required") ? "any" : mode.word());
        }
        boolean forbidden = choice != null && choice.equals(ToolChoice.NONE);
        if (request.parallelToolCalls() != null && forbidden) {
            carrier.dropped("parallel_tool_calls", "means nothing where no tool may be called");
        } else if (request.parallelToolCalls() != null) {
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
                carrier.approximated("temperature", "sent as 1, the highest here");
            }
            Json.put(body, "temperature", Math.min(1, temperature));
        }
        if (request.topP() != null) {
            Json.put(body, "top_p", request.topP());
        }
        if (request.topK() != null && request.topK() >= 0) { // elsewhere -1 says all, which is said by saying nothing
            body.put("top_k", request.topK());
        }
        if (!request.stop().isEmpty()) {
            ArrayNode stop = body.putArray("stop_sequences");
            request.stop().forEach(stop::add);
        }
        if (request.userId() != null) {
            body.putObject("metadata").put(USER_ID, request.userId());
        }
        request.metadata().forEach((name, value) -> {
            if (name.equals(USER_ID) && request.userId() == null) {
                body.putObject("metadata").put(USER_ID, value);
            } else {
                carrier.dropped("metadata." + name, "not known here");
            }
        });
    }

    private void unknown(LlmRequest request) {
        unknown("seed", request.seed() != null);
        unknown("n", request.choices() != null && request.choices() > 1);
        unknown("frequency_penalty", request.frequencyPenalty() != null && request.frequencyPenalty() != 0);
        unknown("presence_penalty", request.presencePenalty() != null && request.presencePenalty() != 0);
        unknown("logprobs", Boolean.TRUE.equals(request.logprobs()));
        unknown("top_logprobs", request.topLogprobs() != null && request.topLogprobs() > 0);
    }

    private void unknown(String name, boolean asked) {
        if (asked) {
            carrier.dropped(name, "not known here");
        }
    }

    private @Nullable String instruction(ResponseFormat format) {
        if (!(format instanceof ResponseFormat.JsonObject)) {
            return null;
        }
        carrier.approximated("response_format", "asked for in the system prompt");
        return JSON_INSTRUCTION;
    }

    private void responseFormat(ResponseFormat format, ObjectNode body) {
        if (format instanceof ResponseFormat.JsonSchema schema) {
            body.putObject("output_config")
                    .putObject("format")
                    .put("type", "json_schema")
                    .set("schema", Json.read(schema.schemaJson()));
            if (!schema.name().equals(AnthropicDialect.SCHEMA_NAME)) {
                carrier.dropped("response_format.json_schema.name", "schemas have no name here");
            }
            if (!schema.strict()) {
                carrier.approximated("response_format.json_schema.strict", "schemas are always strict here");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmRequestBuilder;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.dialect.DecodedRequest;
import dev.holdfast.llm.dialect.WireObject;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one request of a client. */
final class OpenAiRequestReader {
    private final WireObject wire;
    private final LlmRequestBuilder request = LlmRequest.builder();

    private OpenAiRequestReader(WireObject wire) {
        this.wire = wire;
    }

    static DecodedRequest read(byte[] body) {
        return new OpenAiRequestReader(WireObject.body(body, OpenAiDialect.NAME)).read();
    }

    private DecodedRequest read() {
        String model = wire.required("model");
        messages();
        boolean anyTool = tools();
        if (anyTool) {
            toolChoice();
        }
        options();
        labels();
        responseFormat();
        boolean stream = Boolean.TRUE.equals(wire.flag("stream"));
        WireObject options = wire.object("stream_options");
        boolean usage = options != null && Boolean.TRUE.equals(options.flag("include_usage"));
        return new DecodedRequest(request.extra(wire.extra()).build(), model, stream, usage);
    }

    /** A leading system prompt that is nothing but text is the request's own. */
    private void messages() {
        List<JsonNode> elements = wire.list("messages");
        if (elements == null || elements.isEmpty()) {
            throw wire.wrong("messages", "is required and must be a list of at least one message");
        }
        List<Message> messages = OpenAiMessageReader.read(elements);
        Message first = messages.get(0);
        boolean bare = first.role() == Message.Role.SYSTEM
                && first.extra().isEmpty()
                && first.content().size() == 1
                && first.content().get(0) instanceof Content.Text text
                && text.extra().isEmpty()
                && !text.text().isEmpty();
        if (bare && messages.size() > 1) {
            request.system(((Content.Text) first.content().get(0)).text());
            request.messages(messages.subList(1, messages.size()));
        } else {
            request.messages(messages);
        }
    }

    /** Tools of other kinds keep their places: see {@link dev.holdfast.llm.dialect.Carrier#requestExtra}. */
    private boolean tools() {
        if (!wire.has("tools")
                || wire.peek("tools").isEmpty() && wire.peek("tools").isArray()) {
            return false;
        }
        List<JsonNode> elements = wire.list("tools");
        if (elements == null) {
            return false;
        }
        ArrayNode places = Json.array();
        boolean others = false;
        for (int i = 0; i < elements.size(); i++) {
            WireObject tool = WireObject.of(elements.get(i), OpenAiDialect.NAME, "tools[" + i + "]");
            String type = tool.has("type") ? tool.required("type") : "function";
            if (type.equals("function")) {
                tool(tool);
                places.addNull();
            } else {
                tool.leave("type", Json.object().stringNode(type));
                places.add(elements.get(i));
                others = true;
            }
        }
        if (others) {
            wire.leave("tools", places);
        }
        return true;
    }

    private void tool(WireObject tool) {
        WireObject function = tool.requiredObject("function");
        String name = function.required("name");
        String description = function.filled("description");
        String parameters = "{}";
        if (function.has("parameters")) {
            parameters = function.json("parameters");
        } else {
            tool.form(OpenAiForms.NO_PARAMETERS);
        }
        Boolean strict = function.flag("strict");
        request.tool(
                new ToolDefinition(name, description == null ? "" : description, parameters, strict, tool.extra()));
    }

    private void toolChoice() {
        JsonNode choice = wire.peek("tool_choice");
        if (choice.isString()) {
            String word = choice.stringValue();
            if (!List.of("auto", "none", "required").contains(word)) {
                throw wire.wrong("tool_choice", "must be auto, none, required or an object");
            }
            wire.take("tool_choice");
            request.toolChoice(new ToolChoice.Mode(word));
        } else if (choice.path("type").asString("").equals("function")) {
            WireObject named = wire.requiredObject("tool_choice");
            named.take("type");
            request.toolChoice(ToolChoice.tool(named.requiredObject("function").required("name")));
        } else if (wire.has("tool_choice") && !choice.isObject()) {
            throw wire.wrong("tool_choice", "must be auto, none, required or an object");
        }
        request.parallelToolCalls(wire.flag("parallel_tool_calls"));
    }

    private void options() {
        Integer newer = wire.count("max_completion_tokens", 1);
        request.maxTokens(newer == null ? wire.count("max_tokens", 1) : newer);
        request.temperature(wire.number("temperature"));
        request.topP(wire.number("top_p"));
        if (wire.has("top_k")) {
            request.topK(wire.count("top_k", Integer.MIN_VALUE)); // some servers say -1 for all
            wire.form(OpenAiForms.TOP_K);
        }
        request.frequencyPenalty(wire.number("frequency_penalty"));
        request.presencePenalty(wire.number("presence_penalty"));
        request.seed(wire.whole("seed"));
        request.choices(wire.count("n", 1));
        request.logprobs(wire.flag("logprobs"));
        request.topLogprobs(wire.count("top_logprobs", 0));
        if (wire.peek("stop").isString()) {
            request.stop(wire.required("stop"));
            wire.form(OpenAiForms.STOP_STRING);
        } else if (!wire.peek("stop").isEmpty() || !wire.peek("stop").isArray()) {
            List<String> stop = wire.strings("stop");
            request.stop(stop == null ? new String[0] : stop.toArray(String[]::new));
        }
    }

    /** Labels that are not all strings stay as they are. */
    private void labels() {
        request.userId(wire.string("user"));
        JsonNode metadata = wire.peek("metadata");
        if (wire.has("metadata") && !metadata.isObject()) {
            throw wire.wrong("metadata", "must be an object");
        }
        if (metadata instanceof ObjectNode labels
                && !labels.isEmpty()
                && labels.properties().stream()
                        .allMatch(label -> label.getValue().isString())) {
            labels.properties()
                    .forEach(label ->
                            request.metadata(label.getKey(), label.getValue().stringValue()));
            wire.take("metadata");
        }
    }

    /** A format of another kind, or a schema without its schema, stays as it is. */
    private void responseFormat() {
        WireObject format = wire.object("response_format");
        if (format == null) {
            return;
        }
        switch (format.peek("type").asString("")) {
            case "text" -> {
                format.take("type");
                wire.form(OpenAiForms.TEXT_FORMAT);
            }
            case "json_object" -> {
                format.take("type");
                request.responseFormat(ResponseFormat.JSON_OBJECT);
            }
            case "json_schema" -> {
                WireObject schema = format.requiredObject("json_schema");
                if (schema.has("schema")) {
                    schema(format, schema);
                }
            }
            default -> {
                if (!format.peek("type").isString()) {
                    throw format.wrong("type", "is required and must be a string");
                }
            }
        }
    }

    private void schema(WireObject format, WireObject schema) {
        format.take("type");
        String name = schema.required("name");
        Boolean strict = schema.flag("strict");
        if (strict == null) {
            wire.form(OpenAiForms.NO_STRICT);
        }
        request.responseFormat(new ResponseFormat.JsonSchema(name, schema.json("schema"), Boolean.TRUE.equals(strict)));
    }
}

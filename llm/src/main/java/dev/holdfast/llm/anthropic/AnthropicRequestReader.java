// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

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
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reads one request of a client. */
final class AnthropicRequestReader {
    private final WireObject wire;
    private final LlmRequestBuilder request = LlmRequest.builder();

    private AnthropicRequestReader(WireObject wire) {
        this.wire = wire;
    }

    static DecodedRequest read(byte[] body) {
        return new AnthropicRequestReader(WireObject.body(body, AnthropicDialect.NAME)).read();
    }

    private DecodedRequest read() {
        String model = wire.required("model");
        Integer maxTokens = wire.count("max_tokens", 1);
        if (maxTokens == null) {
            throw wire.wrong("max_tokens", "is required and must be a whole number from 1 up");
        }
        request.maxTokens(maxTokens);
        messages();
        boolean anyTool = tools();
        if (anyTool) {
            toolChoice();
        }
        options();
        responseFormat();
        boolean stream = Boolean.TRUE.equals(wire.flag("stream"));
        return new DecodedRequest(request.extra(wire.extra()).build(), model, stream, true);
    }

    private void messages() {
        List<Message> messages = new ArrayList<>();
        JsonNode system = wire.peek("system");
        if (system.isString()) {
            request.system(wire.filled("system"));
        } else if (system.isArray() && !system.isEmpty()) {
            messages.add(new Message(Message.Role.SYSTEM, systemBlocks()));
        } else if (wire.has("system") && !system.isArray()) {
            throw wire.wrong("system", "must be a string or a list of text blocks");
        }
        List<JsonNode> elements = wire.list("messages");
        if (elements == null || elements.isEmpty()) {
            throw wire.wrong("messages", "is required and must be a list of at least one message");
        }
        messages.addAll(AnthropicMessageReader.read(elements));
        request.messages(messages);
    }

    private List<Content> systemBlocks() {
        List<Content> parts = new ArrayList<>();
        List<JsonNode> blocks = wire.list("system");
        for (int i = 0; blocks != null && i < blocks.size(); i++) {
            String path = "system[" + i + "]";
            if (!(AnthropicBlockReader.read(blocks.get(i), path) instanceof Content.Text text)) {
                throw wire.wrong("system[" + i + "].type", "must be text");
            }
            parts.add(text);
        }
        return parts;
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
            WireObject tool = WireObject.of(elements.get(i), AnthropicDialect.NAME, "tools[" + i + "]");
            if (tool.has("type") && !tool.peek("type").asString("").equals("custom")) {
                if (!tool.peek("type").isString()) {
                    throw tool.wrong("type", "must be a string");
                }
                places.add(elements.get(i));
                others = true;
            } else {
                tool(tool);
                places.addNull();
            }
        }
        if (others) {
            wire.leave("tools", places);
        }
        return true;
    }

    private void tool(WireObject tool) {
        if (tool.has("type")) {
            tool.take("type");
            tool.form(AnthropicForms.CUSTOM);
        }
        String name = tool.required("name");
        String description = tool.filled("description");
        String schema = tool.json("input_schema");
        Boolean strict = tool.flag("strict");
        request.tool(new ToolDefinition(name, description == null ? "" : description, schema, strict, tool.extra()));
    }

    private void toolChoice() {
        WireObject choice = wire.object("tool_choice");
        if (choice == null) {
            return;
        }
        String type = choice.required("type");
        request.toolChoice(
                switch (type) {
                    case "auto" -> ToolChoice.AUTO;
                    case "none" -> ToolChoice.NONE;
                    case "any" -> ToolChoice.REQUIRED;
                    case "tool" -> ToolChoice.tool(choice.required("name"));
                    default -> throw choice.wrong("type", "must be auto, any, tool or none");
                });
        Boolean single = type.equals("none") ? null : choice.flag("disable_parallel_tool_use");
        request.parallelToolCalls(single == null ? null : !single);
    }

    private void options() {
        request.temperature(wire.number("temperature"));
        request.topP(wire.number("top_p"));
        request.topK(wire.count("top_k", 0));
        if (!wire.peek("stop_sequences").isEmpty()
                || !wire.peek("stop_sequences").isArray()) {
            List<String> stop = wire.strings("stop_sequences");
            request.stop(stop == null ? new String[0] : stop.toArray(String[]::new));
        }
        WireObject metadata = wire.object("metadata");
        if (metadata != null) {
            request.userId(metadata.string("user_id"));
        }
    }

    private void responseFormat() {
        WireObject config = wire.object("output_config");
        WireObject format = config == null ? null : config.object("format");
        if (format != null && format.peek("type").asString("").equals("json_schema")) {
            format.take("type");
            request.responseFormat(ResponseFormat.jsonSchema(AnthropicDialect.SCHEMA_NAME, format.json("schema")));
        }
    }
}

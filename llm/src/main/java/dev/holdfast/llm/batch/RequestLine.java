// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmRequestBuilder;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.openai.OpenAiDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a line asks: a prompt, or a chat completions request. What it does not know is passed on. */
final class RequestLine {
    /** Ours, or decided by the one who asks: how an answer travels is no part of the question. */
    private static final Set<String> OURS = Set.of("id", "prompt", "model", "stream", "stream_options");

    private RequestLine() {}

    static @Nullable String model(ObjectNode line) {
        JsonNode model = line.get("model");
        if (model == null || model.isNull()) {
            return null;
        }
        if (!model.isString()) {
            throw new IllegalArgumentException("model must be a string, provider/model");
        }
        return model.stringValue();
    }

    /** @throws IllegalArgumentException if it is no request; the message says what to change and repeats no content */
    static LlmRequest request(ObjectNode line) {
        LlmRequestBuilder request = LlmRequest.builder();
        JsonNode prompt = line.get("prompt");
        JsonNode messages = line.get("messages");
        if (prompt != null && messages != null) {
            throw new IllegalArgumentException("give either prompt or messages, not both");
        }
        if (prompt != null) {
            if (!prompt.isString()) {
                throw new IllegalArgumentException("prompt must be a string");
            }
            request.user(prompt.stringValue());
        } else if (messages == null || !messages.isArray() || messages.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to ask: give prompt, or messages as a list");
        } else {
            messages.forEach(message -> message(message, request));
        }
        ObjectNode rest = line.deepCopy();
        rest.remove(OURS);
        rest.remove("messages");
        fields(rest, request);
        return request.extraJson(Json.string(rest)).build();
    }

    /** Takes what a request has a place for, so that every dialect can carry it; the rest goes on as it is. */
    private static void fields(ObjectNode rest, LlmRequestBuilder request) {
        JsonNode tokens =
                rest.has("max_completion_tokens") ? rest.get("max_completion_tokens") : rest.get("max_tokens");
        if (tokens != null && tokens.canConvertToInt()) {
            request.maxTokens(tokens.intValue());
            rest.remove(List.of("max_tokens", "max_completion_tokens"));
        }
        if (rest.path("temperature").isNumber()) {
            request.temperature(rest.remove("temperature").doubleValue());
        }
        if (rest.path("top_p").isNumber()) {
            request.topP(rest.remove("top_p").doubleValue());
        }
        if (rest.path("seed").canConvertToLong()) {
            request.seed(rest.remove("seed").longValue());
        }
        JsonNode stop = rest.path("stop");
        if (stop.isString() || allStrings(stop)) {
            rest.remove("stop");
            request.stop(stop.isString() ? new String[] {stop.stringValue()} : strings(stop));
        }
        if (rest.path("parallel_tool_calls").isBoolean()) {
            request.parallelToolCalls(rest.remove("parallel_tool_calls").booleanValue());
        }
        tools(rest, request);
        format(rest, request);
    }

    private static void tools(ObjectNode rest, LlmRequestBuilder request) {
        JsonNode tools = rest.path("tools");
        boolean known = tools.isArray() && tools.valueStream().allMatch(RequestLine::isFunction);
        if (!known) {
            return;
        }
        for (JsonNode tool : rest.remove("tools")) {
            JsonNode function = tool.get("function");
            JsonNode strict = function.path("strict");
            JsonNode parameters = function.path("parameters");
            request.tool(new ToolDefinition(
                    function.path("name").stringValue(),
                    Json.textOrEmpty(function, "description"),
                    parameters.isObject() ? Json.string(parameters) : "{\"type\":\"object\",\"properties\":{}}",
                    strict.isBoolean() ? strict.booleanValue() : null));
        }
        JsonNode choice = rest.path("tool_choice");
        if (choice.isString()) {
            request.toolChoice(new ToolChoice.Mode(rest.remove("tool_choice").stringValue()));
        } else if (choice.at("/function/name").isString()) {
            request.toolChoice(ToolChoice.tool(
                    rest.remove("tool_choice").at("/function/name").stringValue()));
        }
    }

    private static boolean isFunction(JsonNode tool) {
        return "function".equals(Json.text(tool, "type"))
                && tool.at("/function/name").isString();
    }

    private static void format(ObjectNode rest, LlmRequestBuilder request) {
        JsonNode format = rest.path("response_format");
        JsonNode schema = format.path("json_schema");
        switch (Json.textOrEmpty(format, "type")) {
            case "text" -> rest.remove("response_format");
            case "json_object" -> {
                rest.remove("response_format");
                request.responseFormat(ResponseFormat.JSON_OBJECT);
            }
            case "json_schema" -> {
                if (schema.path("name").isString() && schema.path("schema").isObject()) {
                    rest.remove("response_format");
                    request.responseFormat(new ResponseFormat.JsonSchema(
                            schema.path("name").stringValue(),
                            Json.string(schema.path("schema")),
                            schema.path("strict").booleanValue(false)));
                }
            }
            default -> {}
        }
    }

    private static void message(JsonNode message, LlmRequestBuilder request) {
        List<Content> content = new ArrayList<>();
        content(message.path("content"), content);
        switch (Json.textOrEmpty(message, "role")) {
            case "system", "developer" -> request.message(new Message(Message.Role.SYSTEM, content));
            case "user" -> request.message(new Message(Message.Role.USER, content));
            case "assistant" -> {
                for (JsonNode call : message.path("tool_calls")) {
                    content.add(new Content.ToolCall(
                            Json.textOrEmpty(call, "id"),
                            Json.textOrEmpty(call.path("function"), "name"),
                            Json.textOrEmpty(call.path("function"), "arguments")));
                }
                request.message(new Message(Message.Role.ASSISTANT, content));
            }
            case "tool" ->
                request.message(Message.tool(
                        new Content.ToolResult(Json.textOrEmpty(message, "tool_call_id"), content, false)));
            default ->
                throw new IllegalArgumentException(
                        "the role of a message must be system, developer, user, assistant or tool");
        }
    }

    private static void content(JsonNode given, List<Content> content) {
        if (given.isString()) {
            content.add(new Content.Text(given.stringValue()));
            return;
        }
        if (!given.isArray() && !given.isNull() && !given.isMissingNode()) {
            throw new IllegalArgumentException("the content of a message must be a string or a list of parts");
        }
        for (JsonNode part : given) {
            JsonNode image = part.path("image_url");
            if ("text".equals(Json.text(part, "type"))) {
                content.add(new Content.Text(Json.textOrEmpty(part, "text")));
            } else if (image.path("url").isString()) {
                content.add(new Content.ImageUrl(image.get("url").stringValue(), Json.text(image, "detail")));
            } else {
                content.add(new Content.Other(OpenAiDialect.NAME, Json.string(part)));
            }
        }
    }

    private static boolean allStrings(JsonNode list) {
        return list.isArray() && list.valueStream().allMatch(JsonNode::isString);
    }

    private static String[] strings(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).toArray(String[]::new);
    }
}

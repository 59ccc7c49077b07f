// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes messages. OpenAI has a message of its own for each tool result, so one of ours can become several: results
 * first, because they must follow the calls that they answer, then the rest.
 */
final class OpenAiMessageWriter {
    private final ArrayNode messages;
    private final @Nullable String reasoningField;
    private final ErrorReader errors;
    private final Carrier carrier;

    OpenAiMessageWriter(ArrayNode messages, @Nullable String reasoningField, ErrorReader errors, Carrier carrier) {
        this.messages = messages;
        this.reasoningField = reasoningField;
        this.errors = errors;
        this.carrier = carrier;
    }

    void write(Message message, String path) {
        int first = messages.size();
        List<Content> parts = message.content();
        ArrayNode images = Json.array();
        boolean restSeen = false;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Content.ToolResult result) {
                toolResult(result, place(path, i), images);
                if (restSeen) {
                    carrier.approximated(path + ".content", "tool results stand before the other parts");
                }
            } else {
                restSeen = true;
            }
        }
        if (!images.isEmpty()) {
            messages.addObject().put("role", "user").set("content", images);
        }
        if (message.role() == Message.Role.ASSISTANT) {
            assistant(message, path);
        } else if (restSeen) {
            ObjectNode node = messages.addObject().put("role", role(message));
            content(node, parts, message.extra(), path);
        }
        if (messages.size() > first) {
            carrier.extra((ObjectNode) messages.get(messages.size() - 1), message.extra(), path);
        }
    }

    private String role(Message message) {
        if (message.role() != Message.Role.SYSTEM) {
            return "user";
        }
        return carrier.hasForm(message.extra(), OpenAiForms.DEVELOPER) ? "developer" : "system";
    }

    private void toolResult(Content.ToolResult result, String path, ArrayNode images) {
        List<Content> texts = new ArrayList<>();
        for (int i = 0; i < result.content().size(); i++) {
            Content part = result.content().get(i);
            if (part instanceof Content.Text) {
                texts.add(part);
            } else if (part instanceof Content.ImageUrl || part instanceof Content.ImageData) {
                // A tool message is text here, so that the model has to see the picture right after it.
                carrier.approximated(path, "images follow the tool results in a message of the user");
                images.addObject().put("type", "text").put("text", "Image of tool result " + result.toolCallId() + ":");
                part(images, part, place(path, i));
            } else {
                throw errors.notCarried("a tool result that is neither text nor image");
            }
        }
        ObjectNode message = messages.addObject().put("role", "tool").put("tool_call_id", result.toolCallId());
        if (result.error()) {
            failed(message, texts, path);
        } else if (texts.isEmpty()) {
            message.put("content", "");
        } else {
            content(message, texts, result.extra(), path);
        }
        carrier.extra(message, result.extra(), path);
    }

    /** There is no error flag here; the model has to read it. */
    private void failed(ObjectNode message, List<Content> texts, String path) {
        carrier.approximated(path + ".is_error", "told in the text");
        String text = texts.stream().map(part -> ((Content.Text) part).text()).collect(Collectors.joining());
        boolean says = text.toLowerCase(Locale.ROOT).startsWith("error");
        message.put("content", says ? text : "Error: " + text);
        if (texts.size() > 1) {
            carrier.approximated(path + ".content", "several texts joined to one");
        }
    }

    private void assistant(Message turn, String path) {
        List<Content> parts = turn.content();
        ObjectNode message = messages.addObject().put("role", "assistant");
        boolean spoken = parts.stream().anyMatch(part -> isSpoken(part) && !isRefusal(part));
        if (spoken) {
            content(message, parts, turn.extra(), path);
        } else if (!carrier.hasForm(turn.extra(), OpenAiForms.NO_CONTENT)) {
            message.putNull("content");
        }
        String refusal = parts.stream()
                .filter(this::isRefusal)
                .map(part -> ((Content.Text) part).text())
                .collect(Collectors.joining());
        if (!refusal.isEmpty()) {
            message.put("refusal", refusal);
        }
        reasoning(message, parts, path);
        toolCalls(message, parts, path);
        if (!OpenAiOrder.isKept(parts)) {
            carrier.approximated(path + ".content", "reasoning first, then text, then tool calls");
        }
    }

    private void toolCalls(ObjectNode message, List<Content> parts, String path) {
        ArrayNode calls = Json.array();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Content.ToolCall call) {
                ObjectNode node = calls.addObject().put("id", call.id()).put("type", "function");
                node.putObject("function").put("name", call.name()).put("arguments", call.argumentsJson());
                carrier.extra(node, call.extra(), place(path, i));
            }
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
    }

    private void reasoning(ObjectNode message, List<Content> parts, String path) {
        StringBuilder joined = new StringBuilder();
        int pieces = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (!(parts.get(i) instanceof Content.Reasoning reasoning)) {
                continue;
            }
            if (reasoningField == null) {
                carrier.dropped(place(path, i), "reasoning of earlier turns is not taken here");
                continue;
            }
            OpenAiReasoning.reportProof(reasoning, place(path, i), carrier);
            joined.append(reasoning.text());
            pieces++;
        }
        if (reasoningField != null && joined.length() > 0) {
            message.put(reasoningField, joined.toString());
            if (pieces > 1) {
                carrier.approximated(path + ".content", "several reasoning parts joined to one");
            }
        }
    }

    private boolean isRefusal(Content part) {
        return carrier.hasForm(part.extra(), OpenAiForms.REFUSAL);
    }

    private static boolean isSpoken(Content part) {
        return !(part instanceof Content.ToolCall)
                && !(part instanceof Content.Reasoning)
                && !(part instanceof Content.ToolResult);
    }

    /** Those parts that are content here, as a string where that says everything. */
    private void content(ObjectNode message, List<Content> parts, Extra holder, String path) {
        List<Content> spoken = parts.stream()
                .filter(part -> isSpoken(part) && !isRefusal(part))
                .toList();
        boolean list = carrier.hasForm(holder, OpenAiForms.LIST);
        if (!list && spoken.size() == 1 && spoken.get(0) instanceof Content.Text only && !needsPart(only)) {
            message.put("content", only.text());
            carrier.extra(Json.object(), only.extra(), place(path, parts.indexOf(only)));
            return;
        }
        ArrayNode content = message.putArray("content");
        for (int i = 0; i < parts.size(); i++) {
            Content part = parts.get(i);
            if (isSpoken(part) && !isRefusal(part)) {
                part(content, part, place(path, i));
            }
        }
    }

    private boolean needsPart(Content.Text text) {
        return carrier.hasFields(text.extra()) || carrier.hasForm(text.extra(), OpenAiForms.REFUSAL_PART);
    }

    private void part(ArrayNode content, Content part, String path) {
        if (part instanceof Content.Text text) {
            String type = carrier.hasForm(text.extra(), OpenAiForms.REFUSAL_PART) ? "refusal" : "text";
            ObjectNode node = content.addObject().put("type", type).put(type, text.text());
            carrier.extra(node, text.extra(), path);
        } else if (part instanceof Content.ImageUrl image) {
            image(content, image.url(), image.detail(), image.extra(), path);
        } else if (part instanceof Content.ImageData image) {
            String url = "data:" + image.mediaType() + ";base64," + image.base64();
            image(content, url, image.detail(), image.extra(), path);
        } else if (part instanceof Content.Other other && other.dialect().equals(OpenAiDialect.NAME)) {
            content.add(Json.read(other.json()));
        } else {
            throw errors.notCarried(
                    part instanceof Content.Other
                            ? "a part that only another dialect knows"
                            : "a part of kind " + part.getClass().getSimpleName() + " here");
        }
    }

    private void image(ArrayNode content, String url, @Nullable String detail, Extra extra, String path) {
        ObjectNode node = content.addObject().put("type", "image_url");
        ObjectNode image = node.putObject("image_url").put("url", url);
        if (detail != null) {
            image.put("detail", detail);
        }
        carrier.extra(node, extra, path);
    }

    private static String place(String path, int part) {
        return path + ".content[" + part + "]";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.internal.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a request or an answer says, fact by fact, each with the place where a report would name it. */
final class Facts {
    private final Map<String, String> facts = new LinkedHashMap<>();

    private Facts() {}

    static Map<String, String> of(LlmRequest request) {
        Facts facts = new Facts();
        if (request.system() != null) {
            facts.add("system", "system says " + request.system());
        }
        for (int i = 0; i < request.messages().size(); i++) {
            facts.message(request.messages().get(i), "messages[" + i + "]");
        }
        for (int i = 0; i < request.tools().size(); i++) {
            facts.tool(request.tools().get(i), "tools[" + i + "]");
        }
        facts.options(request);
        facts.format(request.responseFormat());
        facts.extra(request.extra(), "");
        return facts.facts;
    }

    static Map<String, String> of(LlmResponse response) {
        Facts facts = new Facts();
        for (int i = 0; i < response.content().size(); i++) {
            facts.part("assistant", response.content().get(i), "content[" + i + "]");
        }
        facts.add("id", response.id());
        facts.add("model", response.model());
        facts.add("finish_reason", "finish " + response.finishReason());
        Usage usage = response.usage();
        facts.add("usage.input", "input " + usage.inputTokens());
        facts.add("usage.output", "output " + usage.outputTokens());
        facts.add("usage.cached", "cached " + usage.cachedInputTokens());
        facts.add("usage.written", "written " + usage.cacheWriteTokens());
        if (usage.reasoningTokens() > 0) {
            facts.add("usage.completion_tokens_details.reasoning_tokens", "reasoned " + usage.reasoningTokens());
        }
        facts.extra(response.extra(), "");
        return facts.facts;
    }

    private void add(String path, Object value) {
        if (value != null) {
            facts.put(path, String.valueOf(value));
        }
    }

    private void message(Message message, String path) {
        String who = message.role().name().toLowerCase(java.util.Locale.ROOT);
        for (int i = 0; i < message.content().size(); i++) {
            part(who, message.content().get(i), path + ".content[" + i + "]");
        }
        extra(message.extra(), path);
    }

    private void part(String who, Content part, String path) {
        if (part instanceof Content.Text text) {
            add(path, who + " says " + text.text());
        } else if (part instanceof Content.ImageUrl image) {
            add(path, who + " shows " + image.url());
            add(path + ".image_url.detail", image.detail());
        } else if (part instanceof Content.ImageData image) {
            add(path, who + " shows " + image.mediaType() + image.base64());
            add(path + ".image_url.detail", image.detail());
        } else if (part instanceof Content.ToolCall call) {
            add(path, "calls " + call.id() + " " + call.name() + Json.read(call.argumentsJson()));
        } else if (part instanceof Content.Reasoning reasoning) {
            add(path, reasoning.text().isEmpty() ? null : "thinks " + reasoning.text());
            add(path + ".signature", reasoning.signature());
            add(path + ".redacted", reasoning.redacted());
        } else if (part instanceof Content.ToolResult result) {
            List<Content> inner = result.content();
            String text = inner.stream()
                    .map(piece -> piece instanceof Content.Text said ? said.text() : piece.toString())
                    .collect(Collectors.joining("|"));
            for (int i = 0; i < inner.size(); i++) {
                extra(inner.get(i).extra(), path + ".content[" + i + "]");
            }
            add(result.error() ? path + ".is_error" : path, result.toolCallId() + " gave " + text + result.error());
        } else if (part instanceof Content.Other other) {
            add(path, other.json());
        }
        extra(part.extra(), path);
    }

    private void tool(ToolDefinition tool, String path) {
        add(path, "tool " + tool.name() + tool.description() + Json.read(tool.parametersJson()));
        add(path + ".strict", tool.strict() == null ? null : "strict " + tool.name() + tool.strict());
        extra(tool.extra(), path);
    }

    private void options(LlmRequest request) {
        add("tool_choice", request.tools().isEmpty() ? null : request.toolChoice());
        add("parallel_tool_calls", request.tools().isEmpty() ? null : request.parallelToolCalls());
        boolean usual = request.maxTokens() == null
                || request.maxTokens() == dev.holdfast.llm.anthropic.AnthropicDialect.DEFAULT_MAX_TOKENS;
        add("max_tokens", usual ? null : "at most " + request.maxTokens());
        add("temperature", request.temperature() == null ? null : "temperature " + request.temperature());
        add("top_p", request.topP() == null ? null : "top_p " + request.topP());
        add("top_k", request.topK() == null ? null : "top_k " + request.topK());
        add("frequency_penalty", request.frequencyPenalty());
        add("presence_penalty", request.presencePenalty());
        add("stop", request.stop().isEmpty() ? null : request.stop());
        add("seed", request.seed());
        add("n", request.choices() == null ? null : "n " + request.choices());
        add("logprobs", request.logprobs() == null ? null : "logprobs");
        add("top_logprobs", request.topLogprobs() == null ? null : "top_logprobs " + request.topLogprobs());
        add("user", request.userId());
        request.metadata().forEach((name, value) -> add("metadata." + name, value));
    }

    private void format(ResponseFormat format) {
        if (format instanceof ResponseFormat.JsonObject) {
            add("response_format", "json");
        } else if (format instanceof ResponseFormat.JsonSchema schema) {
            boolean nameless = schema.name().equals("response");
            add("response_format.json_schema.name", nameless ? null : schema.name());
            add("response_format.json_schema.strict", "strictly " + schema.strict());
            add("response_format.json_schema.schema", Json.read(schema.schemaJson()));
        }
    }

    private void extra(Extra extra, String path) {
        fields(Json.read(extra.json()), path);
    }

    /** Of objects that both dialects have it is their members that are facts. */
    private void fields(JsonNode fields, String path) {
        for (String name : fields.propertyNames()) {
            String place = path.isEmpty() ? name : path + "." + name;
            JsonNode value = fields.get(name);
            boolean ours = name.equals("@form") || name.equals("created"); // every answer is made at some time
            if (name.equals("usage") || name.equals("message")) {
                fields(value, place);
            } else if (name.equals("choices")) {
                fields(value.get(0), "choices[0]");
                add("choices[1]", value.get(1));
            } else if (!ours && !value.isNull()) {
                add(place, "extra " + value);
            }
        }
    }
}

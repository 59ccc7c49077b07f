// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.mock;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An answer that suits a request: a tool call, an object that fits a schema, or the words that came last. */
final class Derived {
    private Derived() {}

    static MockAnswer answer(MockAnswer template, LlmRequest request) {
        Optional<ToolDefinition> tool = tool(request);
        if (tool.isPresent()) {
            String arguments =
                    Json.string(Sample.of(Json.requireObject(tool.get().parametersJson(), "parameters")));
            return template.asking(new Content.ToolCall("call_1", tool.get().name(), arguments));
        }
        if (request.responseFormat() instanceof ResponseFormat.JsonSchema schema) {
            return template.saying(Json.string(Sample.of(Json.requireObject(schema.schemaJson(), "schema"))));
        }
        String last = lastText(request);
        if (request.responseFormat() instanceof ResponseFormat.JsonObject) {
            return template.saying(Json.string(Json.object().put("answer", last)));
        }
        return template.saying(last.isEmpty() ? "mock" : last);
    }

    private static Optional<ToolDefinition> tool(LlmRequest request) {
        List<Message> messages = request.messages();
        boolean answered =
                messages.get(messages.size() - 1).content().stream().anyMatch(Content.ToolResult.class::isInstance);
        if (answered || ToolChoice.NONE.equals(request.toolChoice())) {
            return Optional.empty();
        }
        return request.tools().stream()
                .filter(tool -> !(request.toolChoice() instanceof ToolChoice.Named named)
                        || named.name().equals(tool.name()))
                .findFirst();
    }

    private static String lastText(LlmRequest request) {
        return request.messages().get(request.messages().size() - 1).content().stream()
                .filter(Content.Text.class::isInstance)
                .map(part -> ((Content.Text) part).text())
                .collect(Collectors.joining());
    }
}

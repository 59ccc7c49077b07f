// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.mock;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.internal.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** An answer that suits a request: a tool call, an object that fits a schema, or the words that came last. */
final class Derived {
    private static final int DIMENSIONS = 8;

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

    /** Unit vectors that are a fixed function of each text. */
    static List<float[]> vectors(EmbeddingRequest request) {
        int length = request.dimensions() == null ? DIMENSIONS : request.dimensions();
        return request.texts().stream().map(text -> vector(text, length)).toList();
    }

    private static float[] vector(String text, int length) {
        SplittableRandom numbers = new SplittableRandom(text.hashCode());
        double[] raw = numbers.doubles(length, -1, 1).toArray();
        double norm =
                Math.sqrt(Arrays.stream(raw).map(number -> number * number).sum());
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (float) (raw[i] / norm);
        }
        return vector;
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

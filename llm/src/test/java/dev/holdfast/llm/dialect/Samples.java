// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmRequestBuilder;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Random requests, put together from steps so that a failing one can be shrunk. What is made is in the form that the dialect
 * reads back: for example no two neighbours that it would join.
 */
final class Samples {
    /** One thing asked for. */
    record Step(String name, Consumer<LlmRequestBuilder> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String[] TEXTS = {
        "Hello",
        "Grüß Gott",
        "a \"quoted\" \\ line\nand another",
        "漢字 \uD83D\uDE00",
        " spaces ",
        "{\"json\":1}",
        "\u2028\u0001"
    };
    private static final String[] VALUES = {"1", "true", "\"word\"", "[1,{\"a\":null}]", "{\"b\":{\"c\":[]}}", "null"};

    private final SplittableRandom random;
    private final String dialect;

    Samples(SplittableRandom random, String dialect) {
        this.random = random;
        this.dialect = dialect;
    }

    private boolean openAi() {
        return dialect.equals("openai");
    }

    static LlmRequest build(List<Step> steps) {
        LlmRequestBuilder builder = LlmRequest.builder();
        steps.forEach(step -> step.change().accept(builder));
        LlmRequest loose = builder.user("end").build();
        List<Message> fitting = new ArrayList<>();
        for (Message message : loose.messages()) {
            Message.Role before =
                    fitting.isEmpty() ? null : fitting.get(fitting.size() - 1).role();
            boolean fits = message.role() != before
                    && (message.role() != Message.Role.TOOL || before == Message.Role.ASSISTANT)
                    && (message.role() != Message.Role.SYSTEM || before == Message.Role.ASSISTANT);
            if (fits) {
                fitting.add(message);
            }
        }
        return loose.withMessages(fitting);
    }

    Step next() {
        return switch (random.nextInt(16)) {
            case 0 -> {
                String text = text();
                yield new Step("system", b -> b.system(text));
            }
            case 1, 2 -> message("user", new Message(Message.Role.USER, spoken(), messageExtra()));
            case 3, 4 -> message("assistant", new Message(Message.Role.ASSISTANT, assistant(), messageExtra()));
            case 5 -> message("tool", new Message(Message.Role.TOOL, results()));
            case 6 -> tool();
            case 7 -> toolChoice();
            case 8 -> {
                int max = 1 + random.nextInt(5000);
                yield new Step("maxTokens", b -> b.maxTokens(max));
            }
            case 9 -> {
                double value = random.nextInt(11) / 10.0;
                yield new Step("temperature", b -> b.temperature(value).topP(1 - value));
            }
            case 10 -> {
                String[] stop = random.nextBoolean() ? new String[] {"END"} : new String[] {"a", text()};
                yield new Step("stop", b -> b.stop(stop));
            }
            case 11 -> responseFormat();
            case 12 -> {
                String user = text();
                yield new Step("userId", b -> b.userId(user));
            }
            case 13 -> {
                Extra extra = extra();
                yield new Step("extra", b -> b.extra(extra));
            }
            default -> onlyHere();
        };
    }

    private Step onlyHere() {
        if (!openAi()) {
            int k = random.nextInt(100);
            return new Step("topK", b -> b.topK(k));
        }
        long seed = random.nextLong();
        return switch (random.nextInt(5)) {
            case 0 -> new Step("seed", b -> b.seed(seed));
            case 1 -> new Step("penalties", b -> b.frequencyPenalty(0.5).presencePenalty(-1.0));
            case 2 -> new Step("choices", b -> b.choices(2 + (int) (seed & 3)));
            case 3 -> new Step("logprobs", b -> b.logprobs(true).topLogprobs(3));
            default -> new Step("metadata", b -> b.metadata("team", "a").metadata("x", "ü"));
        };
    }

    private static Step message(String name, Message message) {
        return new Step(name + message.content(), b -> b.message(message));
    }

    private Step tool() {
        String name = "tool_" + random.nextInt(1000);
        String description = random.nextBoolean() ? "" : text();
        Boolean strict = random.nextBoolean() ? null : random.nextBoolean();
        ToolDefinition tool = new ToolDefinition(
                name, description, "{\"type\":\"object\",\"$defs\":{\"a\":{\"enum\":[1,null]}}}", strict, someExtra());
        return new Step("tool", b -> b.tool(tool));
    }

    private Step toolChoice() {
        ToolChoice choice =
                switch (random.nextInt(3)) {
                    case 0 -> ToolChoice.AUTO;
                    case 1 -> ToolChoice.REQUIRED;
                    default -> ToolChoice.tool("tool_0");
                };
        Boolean parallel = random.nextBoolean() ? null : random.nextBoolean();
        return new Step("toolChoice", b -> b.tool(new ToolDefinition("tool_0", "", "{\"type\":\"object\"}"))
                .toolChoice(choice)
                .parallelToolCalls(parallel));
    }

    private Step responseFormat() {
        String schema = "{\"type\":\"object\",\"additionalProperties\":false}";
        if (!openAi()) {
            return new Step("schema", b -> b.responseFormat(ResponseFormat.jsonSchema("response", schema)));
        }
        return random.nextBoolean()
                ? new Step("json", b -> b.responseFormat(ResponseFormat.JSON_OBJECT))
                : new Step("schema", b -> b.responseFormat(new ResponseFormat.JsonSchema("answer", schema, false)));
    }

    private List<Content> spoken() {
        List<Content> parts = new ArrayList<>();
        parts.add(new Content.Text(text(), someExtra()));
        if (random.nextBoolean()) {
            parts.add(image());
        }
        if (random.nextInt(4) == 0) {
            parts.add(new Content.Other(dialect, "{\"type\":\"document\",\"x\":[1]}"));
        }
        return parts;
    }

    private Content image() {
        String detail = openAi() && random.nextBoolean() ? "low" : null;
        return random.nextBoolean()
                ? new Content.ImageUrl("https://h.example/i.png", detail, someExtra())
                : new Content.ImageData("image/png", "iVBORw0KGgo=", detail, someExtra());
    }

    private List<Content> assistant() {
        List<Content> parts = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            parts.add(
                    openAi() ? new Content.Reasoning(text()) : new Content.Reasoning(text(), "sig", null, someExtra()));
            if (!openAi() && random.nextBoolean()) {
                parts.add(new Content.Reasoning("", null, "enc"));
            }
        }
        boolean calls = random.nextBoolean();
        if (!calls || random.nextBoolean()) {
            parts.add(new Content.Text(text(), someExtra()));
        }
        for (int i = 0; calls && i < 1 + random.nextInt(2); i++) {
            parts.add(new Content.ToolCall("t" + i, "look", "{\"x\":" + i + ",\"y\":\"ü\"}", someExtra()));
        }
        return parts;
    }

    private List<Content> results() {
        List<Content> results = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            List<Content> parts = new ArrayList<>();
            for (int j = random.nextInt(3); j > 0; j--) {
                parts.add(new Content.Text(text()));
            }
            if (!openAi() && parts.size() > 1) {
                parts.add(image());
            }
            results.add(new Content.ToolResult("t" + i, parts, !openAi() && random.nextBoolean(), someExtra()));
        }
        return results;
    }

    private Extra messageExtra() {
        return openAi() ? someExtra() : Extra.NONE; // Anthropic's neighbours share one message
    }

    Extra someExtra() {
        return random.nextInt(4) == 0 ? extra() : Extra.NONE;
    }

    Extra extra() {
        return new Extra(dialect, "{\"x_new\":" + VALUES[random.nextInt(VALUES.length)] + "}");
    }

    String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    /** Whether two trees say the same: 1 is 1.0. */
    static boolean same(JsonNode one, JsonNode other) {
        Comparator<JsonNode> numbers = (a, b) ->
                a.isNumber() && b.isNumber() ? Double.compare(a.doubleValue(), b.doubleValue()) : a.equals(b) ? 0 : 1;
        return one.equals(numbers, other);
    }

    static JsonNode read(String json) {
        return Json.read(json);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.internal.JsonText;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeFailedException;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmRequestBuilder;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a model, with tools in between where the node has some. With output keys the answer must be a JSON object;
 * a key that it lacks is taken from an input of the same name, and from nowhere else.
 */
final class LlmNode {
    private static final int MAX_TOOL_ROUNDS = 10;
    private static final int MAX_SHORTENINGS = 2;
    /** The first sentence is the reference system's. */
    private static final String JSON_INSTRUCTION = "Please respond with a valid JSON object.";

    private final NodeContext context;
    private final NodeSpec node;
    private final LlmProvider llm;
    private final ToolCalls tools;
    private int rounds;
    private int shortenings;
    private int corrections;

    LlmNode(NodeContext context) {
        this.context = context;
        this.node = context.node();
        this.llm = context.llm();
        Map<String, GraphTool> declared = node.nodeType().equals(NodeSpec.LLM_TOOL_USE) ? context.tools() : Map.of();
        this.tools = new ToolCalls(context, declared);
    }

    CompletionStage<NodeResult> run() {
        return ask(request());
    }

    private LlmRequest request() {
        String system = Prompts.system(context, true);
        if (wantsJson()) {
            String keys = " Its keys: " + String.join(", ", node.outputKeys()) + ".";
            system = (system.isEmpty() ? "" : system + "\n\n") + JSON_INSTRUCTION + keys;
        }
        LlmRequestBuilder request = LlmRequest.builder()
                .system(system.isEmpty() ? null : system)
                .user(Prompts.inputs(context))
                .maxTokens(context.graph().maxTokens());
        tools.definitions().forEach(request::tool);
        return request.build();
    }

    private boolean wantsJson() {
        return !node.outputKeys().isEmpty();
    }

    private CompletionStage<NodeResult> ask(LlmRequest request) {
        return llm.complete(request).thenCompose(response -> {
            if (!response.toolCalls().isEmpty()) {
                return useTools(request, response);
            }
            if (response.finishReason() == FinishReason.LENGTH && wantsJson() && shortenings < MAX_SHORTENINGS) {
                shortenings++;
                return ask(request()
                        .withMessage(Message.assistant(response.text()))
                        .withMessage(Message.user("The answer was cut off. Be more concise and keep the JSON structure:"
                                + " give the whole object again.")));
            }
            Map<String, @Nullable Object> outputs = outputs(response.text());
            List<String> problems = SchemaCheck.problems(node.outputSchema(), outputs);
            if (!problems.isEmpty() && corrections < node.maxValidationRetries()) {
                corrections++;
                return ask(request.withMessage(Message.assistant(response.text()))
                        .withMessage(Message.user(feedback(problems))));
            }
            return CompletableFuture.completedFuture(NodeResult.of(outputs));
        });
    }

    /** The headings are the reference system's. */
    private String feedback(List<String> problems) {
        StringBuilder text = new StringBuilder("The answer has validation errors.\n\nERRORS:\n");
        problems.forEach(problem -> text.append("- ").append(problem).append('\n'));
        return text.append("\nEXPECTED SCHEMA:\n")
                .append(Prompts.value(node.outputSchema()))
                .append("\n\nPlease fix the errors and answer with valid JSON alone.")
                .toString();
    }

    private CompletionStage<NodeResult> useTools(LlmRequest request, LlmResponse response) {
        if (++rounds > MAX_TOOL_ROUNDS) {
            throw new NodeFailedException(Category.INVALID_OUTPUT, "Max tool iterations reached");
        }
        return tools.run(response.toolCalls())
                .thenCompose(results -> ask(request.withMessage(response.toMessage())
                        .withMessage(new Message(Message.Role.TOOL, results))));
    }

    private Map<String, @Nullable Object> outputs(String text) {
        Map<String, @Nullable Object> outputs = new LinkedHashMap<>();
        if (!wantsJson()) {
            outputs.put("result", JsonText.unfenced(text));
            return outputs;
        }
        Map<String, @Nullable Object> object = JsonText.object(text);
        if (object == null) {
            throw new NodeFailedException(
                    Category.INVALID_OUTPUT,
                    "Output extraction failed: Cannot parse JSON. LLM returned non-JSON response. Expected keys: "
                            + List.copyOf(node.outputKeys()));
        }
        object.forEach((key, value) -> outputs.put(key, value instanceof String s ? JsonText.unfenced(s) : value));
        for (String key : node.outputKeys()) {
            if (!outputs.containsKey(key) && context.inputs().containsKey(key)) {
                outputs.put(key, context.inputs().get(key));
            }
        }
        return outputs;
    }
}

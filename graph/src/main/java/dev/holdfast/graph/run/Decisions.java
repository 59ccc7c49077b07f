// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Goal;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.condition.Condition;
import dev.holdfast.graph.condition.ConditionResult;
import dev.holdfast.graph.condition.Scope;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.internal.Json;
import dev.holdfast.graph.internal.JsonText;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks an edge's expression, or a model, whether the edge is to be followed. */
final class Decisions {
    private static final int MEMORY_ENTRIES = 5;
    private static final int MEMORY_CHARS = 100;
    private static final int MAX_TOKENS = 150;

    private Decisions() {}

    static boolean holds(
            Run run,
            Path path,
            EdgeSpec edge,
            Map<String, @Nullable Object> output,
            Map<String, @Nullable Object> memory) {
        Condition expression = edge.expression();
        if (expression == null) {
            return true;
        }
        ConditionResult result = expression.evaluate(Scope.of(output, memory));
        if (result.problem() != null && run.listening()) {
            run.emit(new GraphEvent.EdgeProblem(
                    run.id, path.id, edge.id(), result.problem().toString()));
        }
        return result.holds();
    }

    /** Asks once; the answer arrives on the strand. A model that cannot be reached fails the path: its no is no answer. */
    static void ask(
            Run run,
            Step step,
            EdgeSpec edge,
            Map<String, @Nullable Object> output,
            Map<String, @Nullable Object> memory,
            Consumer<Boolean> then) {
        CompletableFuture<Boolean> answer = decision(run, step, edge, output, memory);
        step.path.deciding = answer;
        answer.whenComplete((yes, error) -> run.strand.post(() -> {
            step.path.deciding = null;
            if (run.isOver() || step.path.step != step) {
                return;
            }
            if (error != null) {
                Failure failure = FailureClassifier.standard().classify(error);
                String message = "edge '" + edge.id() + "' could not be decided: " + failure.message();
                run.moves.undecided(step, new RunError(step.node.id(), failure.category(), message));
            } else {
                then.accept(yes);
            }
        }));
    }

    private static CompletableFuture<Boolean> decision(
            Run run,
            Step step,
            EdgeSpec edge,
            Map<String, @Nullable Object> output,
            Map<String, @Nullable Object> memory) {
        EdgeDecider decider = run.decider();
        if (decider != null) {
            return decider.proceeds(edge, output, memory).toCompletableFuture();
        }
        LlmProvider llm = run.llm(null);
        if (llm == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("LLM not available"));
        }
        CompletableFuture<LlmResponse> call = llm.complete(request(run, step, edge, output, memory));
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        call.whenComplete((response, error) -> run.strand.post(() -> {
            if (error != null) {
                answer.completeExceptionally(error);
            } else {
                step.usage = step.usage.plus(response.usage());
                answer.complete(proceeds(run, step, edge, response.text()));
            }
        }));
        answer.whenComplete((yes, error) -> {
            if (answer.isCancelled()) {
                call.cancel(true);
            }
        });
        return answer;
    }

    /** Only a JSON true is a yes; anything but true and false is told, and counts as no. */
    private static boolean proceeds(Run run, Step step, EdgeSpec edge, String text) {
        Map<String, @Nullable Object> object = JsonText.object(text);
        Object proceed = object == null ? null : object.get("proceed");
        if (!(proceed instanceof Boolean)) {
            run.emit(new GraphEvent.EdgeProblem(
                    run.id,
                    step.path.id,
                    edge.id(),
                    object == null
                            ? "the answer is no JSON object"
                            : "the answer's proceed is neither true nor false"));
        }
        return Boolean.TRUE.equals(proceed);
    }

    private static LlmRequest request(
            Run run,
            Step step,
            EdgeSpec edge,
            Map<String, @Nullable Object> output,
            Map<String, @Nullable Object> memory) {
        Goal goal = run.layout.graph().goal();
        StringBuilder prompt = new StringBuilder();
        prompt.append("Goal: ")
                .append(goal.name())
                .append('\n')
                .append(goal.description())
                .append("\n\n");
        prompt.append("The step '").append(step.node.name()).append("' has succeeded with this output:\n");
        prompt.append(Json.string(Json.node(output))).append("\n\n");
        NodeSpec target = run.layout.node(edge.target());
        prompt.append("The step that may come next: ")
                .append(target == null ? edge.target() : target.name())
                .append("\nWhat that way is for: ")
                .append(edge.description().isBlank() ? "no description" : edge.description())
                .append("\n\nWhat is known:\n");
        memory.entrySet().stream().limit(MEMORY_ENTRIES).forEach(entry -> {
            String value = String.valueOf(entry.getValue());
            prompt.append("- ")
                    .append(entry.getKey())
                    .append(": ")
                    .append(value, 0, Math.min(value.length(), MEMORY_CHARS))
                    .append('\n');
        });
        prompt.append("\nShould the run take that way? Answer with this JSON object alone: ")
                .append("{\"proceed\": true or false, \"reasoning\": \"one sentence\"}");
        return LlmRequest.builder()
                .system("You are a routing agent. Answer with JSON only.")
                .user(prompt.toString())
                .maxTokens(MAX_TOKENS)
                .build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeFailedException;
import dev.holdfast.graph.node.NodeResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks a person; where nobody is there, the run pauses until somebody answers. */
final class HumanInputNode {
    private HumanInputNode() {}

    static CompletionStage<NodeResult> run(NodeContext context) {
        Map<String, @Nullable Object> answer = context.answer();
        if (answer != null && !answer.isEmpty()) {
            boolean whole = Answers.missing(context.node(), answer).isEmpty();
            return CompletableFuture.completedFuture(
                    NodeResult.of(whole ? answer : Answers.outputs(context.node(), Answers.text(answer))));
        }
        Interaction interaction = context.interaction();
        if (interaction == null) {
            return CompletableFuture.completedFuture(NodeResult.waitForAnswer());
        }
        CompletableFuture<String> asked = ask(context, interaction, Prompts.question(context.node()));
        return asked.thenApply(text -> {
            if (text == null) {
                throw new NodeFailedException(Category.CANCELLED, "nobody answered");
            }
            return NodeResult.of(Answers.outputs(context.node(), text));
        });
    }

    static CompletableFuture<@Nullable String> ask(NodeContext context, Interaction interaction, String text) {
        CompletableFuture<@Nullable String> asked = interaction
                .ask(new Interaction.Question(context.runId(), context.node().id(), context.stepId(), text))
                .toCompletableFuture();
        context.onCancel(() -> asked.cancel(true));
        return asked;
    }
}

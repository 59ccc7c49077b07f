// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.internal.Json;
import dev.holdfast.graph.internal.JsonText;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.graph.node.Judge;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeFailedException;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmRequestBuilder;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Turns of a model, with tools, until the output keys are set and the judge is content. A turn lasts until the model asks
 * for no further tool. The conversation is kept in the checkpoint after every answer of the model and every round of tools,
 * so neither a retry nor a resume begins again: an attempt that follows goes on with the same turn.
 */
final class EventLoop {
    private final NodeContext context;
    private final NodeSpec node;
    private final @Nullable Judge judge;
    private final LlmProvider llm;
    private final LoopLimits limits;
    private final ToolCalls tools;
    private final Outputs outputs;
    private Conversation conversation = new Conversation();
    private final List<String> texts = new ArrayList<>();
    private int turns;
    private int toolCalls;
    private int callsInTurn;
    private boolean asked;

    EventLoop(NodeContext context, @Nullable Judge judge) {
        this.context = context;
        this.node = context.node();
        this.judge = judge;
        this.llm = context.llm();
        this.limits = LoopLimits.of(context);
        this.tools = new ToolCalls(context, context.tools());
        this.outputs = new Outputs(node);
    }

    CompletionStage<NodeResult> run() {
        if (context.progress().isEmpty()) {
            conversation.add(Message.user(Prompts.inputs(context)));
            return turn();
        }
        restore(context.progress());
        if (asked) {
            Map<String, @Nullable Object> answer = context.answer();
            return answer == null || answer.isEmpty() ? askPerson("") : answered(Answers.text(answer));
        }
        return conversation.open().isEmpty() ? model() : useTools(conversation.open(), "");
    }

    private CompletionStage<NodeResult> turn() {
        if (turns >= limits.turns()) {
            throw hopeless("Max iterations (" + limits.turns() + ") reached without acceptance");
        }
        turns++;
        callsInTurn = 0;
        return model();
    }

    private CompletionStage<NodeResult> model() {
        conversation.shorten(limits.historyTokens());
        return llm.complete(request()).thenCompose(this::heard);
    }

    private LlmRequest request() {
        String system = Prompts.system(context, false);
        String criteria = node.successCriteria();
        if (criteria != null && !criteria.isBlank()) {
            system = system + "\n\nThe work is done when: " + criteria;
        }
        LlmRequestBuilder request = LlmRequest.builder()
                .system(system.isEmpty() ? null : system)
                .messages(conversation.messages())
                .maxTokens(context.graph().maxTokens());
        tools.definitions().forEach(request::tool);
        if (!node.outputKeys().isEmpty()) {
            request.tool(outputs.tool());
        }
        return request.build();
    }

    private CompletionStage<NodeResult> heard(LlmResponse response) {
        conversation.add(response.toMessage());
        List<Content.ToolCall> calls = response.toolCalls();
        return save().thenCompose(
                        saved -> calls.isEmpty() ? turnOver(response.text()) : useTools(calls, response.text()));
    }

    private CompletionStage<NodeResult> useTools(List<Content.ToolCall> calls, String text) {
        boolean onlyOutputs = calls.stream().allMatch(call -> call.name().equals(Outputs.TOOL));
        CompletionStage<List<Content>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Content.ToolCall call : calls) {
            all = all.thenCompose(results -> use(call).thenApply(result -> {
                results.add(result);
                return results;
            }));
        }
        return all.thenCompose(results -> {
            conversation.add(new Message(Message.Role.TOOL, results));
            boolean done = onlyOutputs && outputs.missing().isEmpty();
            boolean tooMany = callsInTurn > limits.toolCallsPerTurn();
            return save().thenCompose(saved -> done || tooMany ? turnOver(text) : model());
        });
    }

    private CompletionStage<Content.ToolResult> use(Content.ToolCall call) {
        if (call.name().equals(Outputs.TOOL)) {
            return CompletableFuture.completedFuture(outputs.set(call));
        }
        if (++callsInTurn > limits.toolCallsPerTurn()) {
            return CompletableFuture.completedFuture(
                    Content.ToolResult.error(call.id(), "too many tool calls in one turn: go on with what is known"));
        }
        tools.countFrom(toolCalls++);
        return tools.run(call).thenApply(this::cut);
    }

    private Content.ToolResult cut(Content.ToolResult result) {
        String text = result.content().stream()
                .map(part -> part instanceof Content.Text words ? words.text() : "")
                .reduce("", String::concat);
        if (result.error() || text.length() <= limits.toolResultChars()) {
            return result;
        }
        return Content.ToolResult.of(
                result.toolCallId(),
                text.substring(0, limits.toolResultChars()) + "\n[cut: " + text.length() + " characters in all]");
    }

    /** The model has had its say. */
    private CompletionStage<NodeResult> turnOver(String text) {
        if (!outputs.missing().isEmpty() && !node.clientFacing()) {
            outputs.takeFrom(JsonText.object(text));
        }
        if (!text.isBlank()) {
            texts.add(text);
        }
        if (isStalled()) {
            throw hopeless("Node stalled: " + limits.identicalTexts() + " consecutive identical responses");
        }
        if (node.clientFacing() && callsInTurn == 0 && !outputs.missing().isEmpty()) {
            return askPerson(text);
        }
        if (judge == null) {
            return verdict(outputs.missing().isEmpty() ? Judge.Verdict.accept() : Judge.Verdict.retry(""));
        }
        return judge.judge(new Judge.Turn(context, outputs.values(), outputs.missing(), text))
                .thenCompose(this::verdict);
    }

    private boolean isStalled() {
        int count = limits.identicalTexts();
        return texts.size() >= count
                && texts.subList(texts.size() - count, texts.size()).stream()
                                .distinct()
                                .count()
                        == 1;
    }

    private CompletionStage<NodeResult> verdict(Judge.Verdict verdict) {
        List<String> missing = outputs.missing();
        if (verdict.kind() == Judge.Verdict.Kind.ESCALATE) {
            throw hopeless("Judge escalated: " + verdict.message());
        }
        if (verdict.kind() == Judge.Verdict.Kind.ACCEPT && missing.isEmpty()) {
            return CompletableFuture.completedFuture(NodeResult.of(outputs.values()));
        }
        String feedback = verdict.message();
        if (!missing.isEmpty()) {
            feedback = (feedback.isBlank() ? "" : feedback + " ") + "Missing outputs: " + String.join(", ", missing)
                    + ". Set each with " + Outputs.TOOL + ".";
        }
        if (!feedback.isBlank()) {
            conversation.add(Message.user("[Judge feedback]: " + feedback));
        }
        return turn();
    }

    private CompletionStage<NodeResult> askPerson(String text) {
        asked = true;
        Interaction interaction = context.interaction();
        return save().thenCompose(saved -> {
            if (interaction == null) {
                return CompletableFuture.completedFuture(NodeResult.waitForAnswer());
            }
            return HumanInputNode.ask(context, interaction, text)
                    .thenCompose(answer -> answer == null
                            ? CompletableFuture.completedFuture(NodeResult.of(outputs.values()))
                            : answered(answer));
        });
    }

    private CompletionStage<NodeResult> answered(String answer) {
        asked = false;
        conversation.add(Message.user(answer.isBlank() ? "(no answer)" : answer));
        return turn();
    }

    /** Another attempt would only say the same. */
    private static NodeFailedException hopeless(String message) {
        return new NodeFailedException(
                Failure.of(Category.INVALID_OUTPUT, "graph.event_loop", message).withScope(RetryScope.NEVER));
    }

    private CompletionStage<Void> save() {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("messages", conversation.plain());
        state.put("outputs", outputs.values());
        state.put("texts", texts.subList(Math.max(0, texts.size() - limits.identicalTexts()), texts.size()));
        state.put("turns", turns);
        state.put("tool_calls", toolCalls);
        state.put("calls_in_turn", callsInTurn);
        state.put("asked", asked);
        return context.saveProgress(state);
    }

    private void restore(Map<String, @Nullable Object> state) {
        conversation = Conversation.of((List<?>) state.getOrDefault("messages", List.of()));
        if (state.get("outputs") instanceof Map<?, ?> set) {
            set.forEach((key, value) -> outputs.put(String.valueOf(key), value));
        }
        ((List<?>) state.getOrDefault("texts", List.of())).forEach(text -> texts.add(String.valueOf(text)));
        turns = Json.node(state.get("turns")).asInt(0);
        toolCalls = Json.node(state.get("tool_calls")).asInt(0);
        callsInTurn = Json.node(state.get("calls_in_turn")).asInt(0);
        asked = Boolean.TRUE.equals(state.get("asked"));
    }
}

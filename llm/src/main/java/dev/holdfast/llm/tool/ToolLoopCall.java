// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.CallContext;
import dev.holdfast.CallException;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Reach;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.internal.Futures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of a loop with tools. One step at a time, so its state needs no lock. */
final class ToolLoopCall {
    private final Holdfast engine;
    private final CallContext context;
    private final Function<LlmRequest, CompletableFuture<LlmResponse>> asking;
    private final Map<String, Tool> tools;
    private final int maxTurns;
    private final Duration toolTimeout;
    private final CompletableFuture<ToolAnswer> result = new CompletableFuture<>();
    private final Futures.Running running = new Futures.Running(result);
    private final List<ToolTurn> turns = new ArrayList<>();
    private boolean toolsRan;

    /**
     * @param llm within the context of this run
     * @param asking how a turn is asked for; by default {@code llm::complete}
     */
    ToolLoopCall(
            Llm llm,
            Function<LlmRequest, CompletableFuture<LlmResponse>> asking,
            Map<String, Tool> tools,
            int maxTurns,
            Duration toolTimeout) {
        this.engine = llm.engine();
        this.context = Objects.requireNonNull(llm.context(), "the models have no context");
        this.asking = asking;
        this.tools = tools;
        this.maxTurns = maxTurns;
        this.toolTimeout = toolTimeout;
    }

    CompletableFuture<ToolAnswer> start(LlmRequest request) {
        ask(request, request.toolChoice());
        return result;
    }

    private void ask(LlmRequest conversation, @Nullable ToolChoice choice) {
        running.follow(asking.apply(conversation)).whenComplete((response, error) -> {
            if (error != null) {
                callFailed(Futures.unwrapped(error), conversation);
            } else {
                answered(conversation, OwnIds.in(response), choice);
            }
        });
    }

    private void callFailed(Throwable error, LlmRequest conversation) {
        if (error instanceof CallException failed) {
            fail(failed.failure(), conversation, failed);
        } else if (error instanceof TurnStream.Broken broken) {
            fail(broken.error().failure(), conversation, broken);
        } else {
            result.completeExceptionally(error);
        }
    }

    private void answered(LlmRequest conversation, LlmResponse response, @Nullable ToolChoice choice) {
        List<Content.ToolCall> calls = response.toolCalls();
        if (!calls.isEmpty() && !response.finishReason().isCut() && turns.size() + 1 < maxTurns) {
            run(conversation, response, calls, choice);
            return;
        }
        turns.add(new ToolTurn(response, List.of()));
        if (calls.isEmpty()) {
            Usage usage = turns.stream().map(turn -> turn.response().usage()).reduce(Usage.NONE, Usage::plus);
            LlmRequest whole = conversation.withMessage(response.toMessage()).toBuilder()
                    .toolChoice(choice)
                    .build();
            result.complete(new ToolAnswer(turns, usage, whole));
        } else if (response.finishReason().isCut()) {
            fail(
                    unanswered("tools.cut", "an answer that asks for tools was cut; none of them was run"),
                    conversation,
                    null);
        } else {
            result.completeExceptionally(new ToolTurnLimitException(
                    unanswered("tools.turn_limit", "no answer within " + maxTurns + " turns"), turns, conversation));
        }
    }

    private static Failure unanswered(String rule, String message) {
        return Failure.of(Category.INVALID_OUTPUT, rule, message).withScope(RetryScope.NEVER);
    }

    private void run(
            LlmRequest conversation, LlmResponse response, List<Content.ToolCall> calls, @Nullable ToolChoice choice) {
        toolsRan = true;
        List<CompletableFuture<Content.ToolResult>> runs = new ArrayList<>();
        for (Content.ToolCall call : calls) {
            ToolRun run = new ToolRun(engine, context, call);
            runs.add(run.start(tools.get(call.name()), List.copyOf(tools.keySet()), toolTimeout));
        }
        running.follow(all(runs)).whenComplete((results, error) -> {
            if (error != null) {
                result.completeExceptionally(Futures.unwrapped(error));
            } else {
                goOn(conversation, response, results, choice);
            }
        });
    }

    /** All results in the order of the calls; fails with the first that fails, and then cancels the rest. */
    private static CompletableFuture<List<Content.ToolResult>> all(List<CompletableFuture<Content.ToolResult>> runs) {
        CompletableFuture<List<Content.ToolResult>> all = new CompletableFuture<>();
        runs.forEach(run -> run.whenComplete((value, error) -> {
            if (error != null) {
                all.completeExceptionally(error);
            }
        }));
        CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).whenComplete((nothing, error) -> {
            if (error == null) {
                all.complete(runs.stream().map(CompletableFuture::join).toList());
            }
        });
        all.whenComplete((value, error) -> {
            if (error != null) {
                runs.forEach(run -> run.cancel(true));
            }
        });
        return all;
    }

    private void goOn(
            LlmRequest conversation,
            LlmResponse response,
            List<Content.ToolResult> results,
            @Nullable ToolChoice choice) {
        turns.add(new ToolTurn(response, results));
        List<Message> messages = new ArrayList<>(conversation.messages());
        messages.add(response.toMessage());
        messages.add(new Message(Message.Role.TOOL, List.copyOf(results)));
        LlmRequest longer = conversation.toBuilder()
                .messages(messages)
                .toolChoice(ToolLoop.afterFirstTurn(choice))
                .build();
        if (context.deadline().left().isZero()) {
            fail(
                    Failure.of(Category.TIMEOUT, "tools.deadline", "the deadline passed while tools were running")
                            .withReach(Reach.REQUEST),
                    longer,
                    null);
        } else if (!result.isDone()) {
            ask(longer, choice);
        }
    }

    private void fail(Failure reason, LlmRequest conversation, @Nullable Throwable cause) {
        Failure failure = toolsRan ? reason.withScope(RetryScope.NEVER) : reason;
        result.completeExceptionally(new ToolLoopException(failure.withCause(cause), turns, conversation, cause));
    }
}

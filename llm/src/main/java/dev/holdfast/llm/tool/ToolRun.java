// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.CallContext;
import dev.holdfast.ContextScope;
import dev.holdfast.Holdfast;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.time.Deadline;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One tool call carried out. Whatever goes wrong becomes a result marked as an error, except an {@link Error}. Nobody waits
 * for a function longer than its time, whether it heeds the interrupt or not.
 */
final class ToolRun {
    private final Holdfast engine;
    private final CallContext context;
    private final Content.ToolCall call;

    ToolRun(Holdfast engine, CallContext context, Content.ToolCall call) {
        this.engine = engine;
        this.context = context;
        this.call = call;
    }

    CompletableFuture<Content.ToolResult> start(@Nullable Tool tool, List<String> known, Duration loopTimeout) {
        if (tool == null) {
            return done(error("there is no tool of this name; there are: " + String.join(", ", known)));
        }
        String problems = tool.problemsWith(call.argumentsJson());
        return problems != null ? done(error(problems)) : run(tool, tool.timeoutOr(loopTimeout));
    }

    private static CompletableFuture<Content.ToolResult> done(Content.ToolResult result) {
        return CompletableFuture.completedFuture(result);
    }

    private Content.ToolResult error(String text) {
        return new Content.ToolResult(call.id(), List.of(new Content.Text(text)), true);
    }

    private CompletableFuture<Content.ToolResult> run(Tool tool, Duration timeout) {
        long nowNanos = engine.ticker().nanos();
        long limitNanos =
                Math.min(Nanos.of(timeout), Nanos.of(context.deadline().left()));
        Deadline due = new Deadline(engine.ticker(), Nanos.add(nowNanos, limitNanos));
        ToolInput input = new ToolInput(call, context.withDeadline(due));
        CompletableFuture<Content.ToolResult> result = new CompletableFuture<>();
        Timer.Scheduled timer = arm(due, result, timeout);
        CompletableFuture<Content.ToolResult> work;
        try (ContextScope open = context.open()) {
            work = tool.work().start(input, this::execute);
        }
        new Futures.Running(result).follow(work);
        work.whenComplete((value, error) -> {
            if (error == null) {
                result.complete(value);
            } else {
                failed(Futures.unwrapped(error), result);
            }
        });
        if (timer != null) {
            result.whenComplete((value, error) -> timer.cancel());
        }
        return result;
    }

    /** Away from this thread, with what belonged to the thread that asked. */
    private void execute(Runnable work) {
        engine.executor().execute(() -> {
            try (ContextScope open = context.open()) {
                work.run();
            }
        });
    }

    /** Interrupting and cancelling run code of users, which the timer's thread must not. */
    private Timer.@Nullable Scheduled arm(
            Deadline due, CompletableFuture<Content.ToolResult> result, Duration timeout) {
        if (due.atNanos() == Nanos.NEVER) {
            return null;
        }
        return engine.timer().at(due.atNanos(), () -> engine.executor()
                .execute(() -> result.complete(error("the tool did not end within " + timeout.toMillis()
                        + " ms and was given up; it may have done part of its work"))));
    }

    private void failed(Throwable error, CompletableFuture<Content.ToolResult> result) {
        if (error instanceof Error) {
            result.completeExceptionally(error);
            return;
        }
        String message = error.getMessage();
        String type = error.getClass().getSimpleName();
        result.complete(
                error("the tool failed: " + (message == null || message.isBlank() ? type : type + ": " + message)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.internal.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A function made ready to run: started on the executor, ended by cancelling its future. */
sealed interface ToolWork {
    /** Fails with what the function threw; cancelling it cancels the stage, or interrupts the thread. */
    CompletableFuture<Content.ToolResult> start(ToolInput input, Executor executor);

    /** See {@link ToolFunction.Blocking}. */
    record Blocking(ToolFunction.Blocking function) implements ToolWork {
        @Override
        public CompletableFuture<Content.ToolResult> start(ToolInput input, Executor executor) {
            CompletableFuture<Content.ToolResult> future = new CompletableFuture<>();
            // It knows how to interrupt a thread while it runs this and never after.
            FutureTask<Content.ToolResult> task = new FutureTask<>(() -> result(input, function.run(input))) {
                @Override
                protected void done() {
                    if (isCancelled()) {
                        return;
                    }
                    try {
                        future.complete(get());
                    } catch (ExecutionException e) {
                        future.completeExceptionally(e.getCause());
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("a task that is done does not wait", e);
                    }
                }
            };
            future.whenComplete((result, error) -> task.cancel(true));
            executor.execute(task);
            return future;
        }
    }

    /** See {@link ToolFunction}. */
    record Async(ToolFunction function) implements ToolWork {
        @Override
        public CompletableFuture<Content.ToolResult> start(ToolInput input, Executor executor) {
            CompletableFuture<Content.ToolResult> future = new CompletableFuture<>();
            executor.execute(() -> run(input, future));
            return future;
        }

        private void run(ToolInput input, CompletableFuture<Content.ToolResult> future) {
            if (future.isDone()) {
                return;
            }
            CompletionStage<Content.ToolResult> stage;
            try {
                stage = function.run(input);
                stage.whenComplete((result, error) -> {
                    if (error == null) {
                        future.complete(result(input, result));
                    } else {
                        future.completeExceptionally(error);
                    }
                });
            } catch (Throwable e) {
                future.completeExceptionally(e);
                return;
            }
            future.whenComplete((result, error) -> cancel(stage));
        }

        private static void cancel(CompletionStage<?> stage) {
            try {
                stage.toCompletableFuture().cancel(true);
            } catch (UnsupportedOperationException e) {
                // A stage that cannot be cancelled runs on; its result is void.
                return;
            }
        }
    }

    /** Whatever the function says whose result it is, it is that of its own call. */
    private static Content.ToolResult result(ToolInput input, @Nullable Object value) {
        if (value instanceof Content.ToolResult result) {
            return result.toolCallId().equals(input.id())
                    ? result
                    : new Content.ToolResult(input.id(), result.content(), result.error());
        }
        return input.result(value instanceof CharSequence text ? text.toString() : Json.text(value));
    }
}

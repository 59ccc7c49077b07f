// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.Attempt;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.CallResult;
import dev.holdfast.Holdfast;
import dev.holdfast.langchain4j.internal.AttemptScope;
import dev.holdfast.langchain4j.internal.WaitingThreads;
import dev.holdfast.target.Target;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.ModelProvider;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls of models that block, guarded by an engine. They run on the caller's thread, so that what belongs to it (a
 * transaction, a logging context) is there; where the engine hedges, two run at once and so on threads of their own.
 */
final class Guarded<M> {
    private final Holdfast engine;
    private final Routes<M> routes;
    private final Function<M, ModelProvider> provider;

    /** One attempt at one model. */
    @FunctionalInterface
    interface OnRoute<M, T> {
        T call(Target target, M model, Attempt attempt) throws Exception;
    }

    Guarded(Holdfast engine, Routes<M> routes, Function<M, ModelProvider> provider) {
        this.engine = engine;
        this.routes = routes;
        this.provider = provider;
    }

    /** @throws CallException when nothing that could be tried succeeded */
    <T> CallResult<T> call(CallOptions options, @Nullable String idempotencyKey, OnRoute<M, T> code) {
        if (!engine.config().hedge().enabled()) {
            return engine.blocking()
                    .callWithReport(routes.targets(), options, attempt -> once(attempt, idempotencyKey, code));
        }
        return awaited(engine.callWithReport(
                routes.targets(), options, attempt -> started(attempt, () -> once(attempt, idempotencyKey, code))));
    }

    private <T> T once(Attempt attempt, @Nullable String idempotencyKey, OnRoute<M, T> code) {
        Target target = attempt.target();
        M model = routes.model(target);
        try {
            return new AttemptScope(attempt, () -> {}, idempotencyKey).call(() -> code.call(target, model, attempt));
        } catch (Exception e) {
            if (Verdicts.isInterrupt(e)) {
                // Whoever wraps the exception often forgets the flag; the engine clears it where the interrupt was its
                // own.
                Thread.currentThread().interrupt();
            }
            throw Verdicts.exception(Routes.family(provider.apply(model)), e, false);
        }
    }

    private static <T> CompletableFuture<T> started(Attempt attempt, Callable<T> code) {
        CompletableFuture<T> result = new CompletableFuture<>();
        FutureTask<Void> task = new FutureTask<>(() -> {
            try {
                result.complete(code.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
            return null;
        });
        attempt.onCancel(() -> task.cancel(true));
        WaitingThreads.executor().execute(task);
        return result;
    }

    private static <T> T awaited(CompletableFuture<T> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new LangChain4jException("interrupted while waiting for the answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error fatal) {
                throw fatal;
            }
            throw new LangChain4jException(e.getCause());
        }
    }
}

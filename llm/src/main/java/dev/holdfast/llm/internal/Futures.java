// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Futures that hand exceptions on unwrapped, and cancellation down to what runs. */
public final class Futures {
    private Futures() {}

    /** The future's value, changed; cancelling this one cancels that one. */
    public static <T, R> CompletableFuture<R> map(CompletableFuture<T> from, Function<? super T, ? extends R> change) {
        CompletableFuture<R> to = new CompletableFuture<>();
        from.whenComplete((value, error) -> {
            if (error != null) {
                to.completeExceptionally(unwrapped(error));
                return;
            }
            try {
                to.complete(change.apply(value));
            } catch (Throwable e) {
                to.completeExceptionally(e);
            }
        });
        new Running(to).follow(from);
        return to;
    }

    /** What lies below the wrappers that futures put around an exception. */
    public static Throwable unwrapped(Throwable error) {
        Throwable current = error;
        while ((current instanceof CompletionException || current instanceof ExecutionException)
                && current.getCause() != null) {
            current = current.getCause();
        }
        return current;
    }

    /**
     * Waits for the value; throws the exception itself, not wrapped.
     *
     * @throws CancellationException when the waiting thread is interrupted: what runs is cancelled and the flag kept
     */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            CancellationException interrupted = new CancellationException("the calling thread was interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            Throwable cause = unwrapped(e);
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error fatal) {
                throw fatal;
            }
            throw new IllegalStateException("a call ends with an unchecked exception", cause);
        }
    }

    /** Ends the part of a whole that runs when the whole ends first: its caller left, or its time is over. Thread-safe. */
    public static final class Running {
        private final CompletableFuture<?> whole;
        private volatile @Nullable CompletableFuture<?> part;

        public Running(CompletableFuture<?> whole) {
            this.whole = whole;
            whole.whenComplete((value, error) -> end());
        }

        /** From now on this is what runs. */
        public <T> CompletableFuture<T> follow(CompletableFuture<T> next) {
            part = next;
            if (whole.isDone()) {
                end();
            }
            return next;
        }

        private void end() {
            CompletableFuture<?> running = part;
            if (running != null && !running.isDone()) {
                running.cancel(true);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Exceptions as futures wrap them. */
final class Errors {
    private Errors() {}

    /** The exception of a future that has completed with one. */
    static Throwable of(CompletableFuture<?> failed) {
        // Not by join: it would wrap the exception in a new one with a stack trace of its own.
        Throwable error =
                failed.<@Nullable Throwable>handle((value, thrown) -> thrown).getNow(null);
        if (error == null) {
            throw new IllegalArgumentException("the future has not failed");
        }
        return unwrap(error);
    }

    /** What lies below the wrappers that futures put around an exception. */
    static Throwable unwrap(Throwable error) {
        Throwable current = error;
        while ((current instanceof CompletionException || current instanceof ExecutionException)
                && current.getCause() != null) {
            current = current.getCause();
        }
        return current;
    }

    /** The {@link Error} that must be passed on as it is; null when there is none. */
    static @Nullable Error fatal(Throwable error) {
        return unwrap(error) instanceof Error fatal ? fatal : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

/**
 * Turns what an attempt ended with into a {@link Failure}. This is the engine's seam to the world of errors.
 *
 * <p>Implementations must be thread-safe, must not block and should not throw; a classifier that throws is logged once
 * and its error counts as {@link Category#UNKNOWN}. The throwable is given as the attempt ended with it, wrappers such
 * as {@link java.util.concurrent.CompletionException} included.
 */
@FunctionalInterface
public interface FailureClassifier {
    Failure classify(Throwable error);

    /**
     * The classifier for code that knows nothing of providers: {@link Classified} exceptions speak for themselves at any
     * depth of wrapping, timeouts and connection errors of the JDK are recognised, cancellation and interruption are the
     * caller's, everything else is {@link Category#UNKNOWN}.
     */
    static FailureClassifier standard() {
        return StandardClassifier.INSTANCE;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.error.ProviderErrorClassifier;

/** What errors of Spring AI's models mean: those of the providers, and a few that only Java knows. */
final class ModelErrors {
    private static final FailureClassifier PROVIDERS =
            ProviderErrorClassifier.create().asFailureClassifier();

    static final FailureClassifier CLASSIFIER = ModelErrors::classify;

    private ModelErrors() {}

    private static Failure classify(Throwable error) {
        if (error instanceof UnsupportedOperationException) {
            return Failure.of(Category.INVALID_REQUEST, "spring.unsupported", "this model does not do that")
                    .withScope(RetryScope.OTHER_TARGET)
                    .withSent(false)
                    .withCause(error);
        }
        return PROVIDERS.classify(error);
    }

    /** A failure inside the provider or on the way after content has come is an answer cut short. */
    static Failure afterContent(Failure failure) {
        return switch (failure.category()) {
            case SERVER_ERROR, UNKNOWN, NETWORK, TIMEOUT ->
                new Failure(
                        Category.STREAM_INTERRUPTED,
                        failure.scope(),
                        failure.reach(),
                        failure.hint(),
                        true,
                        failure.rule(),
                        failure.message(),
                        failure.cause());
            default -> failure;
        };
    }
}

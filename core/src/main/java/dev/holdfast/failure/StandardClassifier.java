// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@link FailureClassifier#standard()}: walks the causes once, first match from the outside in wins. */
final class StandardClassifier implements FailureClassifier {
    static final StandardClassifier INSTANCE = new StandardClassifier();

    /** Cause chains can be cyclic through overridden getCause; no honest one is this deep. */
    private static final int MAX_DEPTH = 32;

    @Override
    public Failure classify(Throwable error) {
        Throwable current = error;
        for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
            Failure failure = known(current);
            if (failure != null) {
                return failure.cause() == null ? failure.withCause(error) : failure;
            }
            current = current.getCause();
        }
        return Failure.of(Category.UNKNOWN, "exception.unknown", describe(error))
                .withCause(error);
    }

    private static @Nullable Failure known(Throwable error) {
        if (error instanceof Classified classified) {
            return classified.failure();
        }
        if (error instanceof CancellationException || error instanceof InterruptedException) {
            return Failure.of(Category.CANCELLED, "exception.cancelled", describe(error));
        }
        if (error instanceof ConnectException
                || error instanceof UnknownHostException
                || error instanceof NoRouteToHostException) {
            return Failure.of(Category.NETWORK, "exception.connect", describe(error))
                    .withSent(false);
        }
        if (error instanceof TimeoutException || error instanceof SocketTimeoutException) {
            return Failure.of(Category.TIMEOUT, "exception.timeout", describe(error));
        }
        if (error instanceof IOException && !(error instanceof InterruptedIOException)) {
            return Failure.of(Category.NETWORK, "exception.io", describe(error));
        }
        return null;
    }

    private static String describe(Throwable error) {
        String message = error.getMessage();
        String type = error.getClass().getSimpleName();
        return message == null || message.isBlank() ? type : type + ": " + message;
    }
}

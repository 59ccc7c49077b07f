// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Attempt;
import dev.holdfast.failure.Failure;
import org.jspecify.annotations.Nullable;

/** What one attempt's stream has to be; told each of its parts in order. Not thread-safe. */
interface StreamRules<T> {
    /** Takes note of the next part. */
    void next(T part);

    /** Whether what came so far holds something to show, after which nothing is repeated. */
    boolean visible();

    /** What is wrong with a stream that ends here; null when it is whole. */
    @Nullable
    Failure atEnd();

    /** Whether an engine further in has done what can be done about an error, so that it is passed on and counts for nothing. */
    default boolean isHandled(Throwable error) {
        return false;
    }

    /** Tells what was used, after the end. */
    void usage(Attempt attempt);
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import org.jspecify.annotations.Nullable;

/** A node could not do its work, and knows what kind of failure that is. */
public final class NodeFailedException extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public NodeFailedException(Failure failure) {
        super(failure.message(), failure.cause(), true, false);
        this.failure = failure;
    }

    public NodeFailedException(Category category, String message) {
        this(category, message, null);
    }

    public NodeFailedException(Category category, String message, @Nullable Throwable cause) {
        this(Failure.of(category, "graph.node", message).withCause(cause));
    }

    @Override
    public Failure failure() {
        return failure;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.transport.ResponseHead;

/** A whole error response, kept so that the client can be given the last one as it came. Its message holds none of it. */
final class RefusedException extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final transient ResponseHead head;
    private final transient byte[] body;

    RefusedException(Failure failure, ResponseHead head, byte[] body) {
        super(failure.category() + " (HTTP " + head.status() + ")", null, true, false);
        this.failure = failure;
        this.head = head;
        this.body = body;
    }

    @Override
    public Failure failure() {
        return failure;
    }

    ResponseHead head() {
        return head;
    }

    byte[] body() {
        return body;
    }
}

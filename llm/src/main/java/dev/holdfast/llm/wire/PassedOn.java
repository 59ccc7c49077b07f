// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.failure.Failure;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.transport.ResponseHead;
import org.jspecify.annotations.Nullable;

/** A body of which nothing is known, a file perhaps: it commits with its head and is complete when HTTP says so. */
final class PassedOn implements Reading {
    private final ErrorReader errors;
    private final ResponseHead head;
    private boolean complete;
    private @Nullable Failure failure;

    PassedOn(ErrorReader errors, ResponseHead head) {
        this.errors = errors;
        this.head = head;
    }

    @Override
    public boolean framed() {
        return false;
    }

    @Override
    public void feed(byte[] bytes) {}

    @Override
    public void end() {
        complete = true;
    }

    @Override
    public void fail(Throwable error) {
        failure = errors.thrown(error, head, true, true);
    }

    @Override
    public boolean commits() {
        return true;
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public @Nullable Failure failure() {
        return failure;
    }
}

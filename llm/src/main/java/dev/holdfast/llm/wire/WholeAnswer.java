// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A body that is shown only when it is whole and has been looked at. */
final class WholeAnswer implements Reading {
    private final ErrorReader errors;
    private final ResponseHead head;
    private final Consumer<BoundedBody> check;
    private final BoundedBody body;
    private boolean complete;
    private @Nullable Failure failure;

    /** @param check throws a classified exception for what is no answer */
    WholeAnswer(ErrorReader errors, ResponseHead head, Consumer<BoundedBody> check) {
        this.errors = errors;
        this.head = head;
        this.check = check;
        this.body = new BoundedBody(errors.limits().responseBytes());
    }

    @Override
    public boolean framed() {
        return false;
    }

    @Override
    public void feed(byte[] bytes) {
        if (!body.add(ByteBuffer.wrap(bytes))) {
            failure = errors.tooLarge(head).failure();
        }
    }

    @Override
    public void end() {
        try {
            check.accept(body);
            complete = true;
        } catch (RuntimeException e) {
            failure = e instanceof Classified known ? known.failure() : errors.thrown(e, head, false, true);
        }
    }

    @Override
    public void fail(Throwable error) {
        failure = errors.thrown(error, head, false, true);
    }

    @Override
    public boolean commits() {
        return complete;
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

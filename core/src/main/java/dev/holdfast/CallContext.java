// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.ContextCarrier.Carried;
import dev.holdfast.time.Deadline;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a nested call inherits: the id and the deadline of the call that it is made within, and what carriers took from the
 * thread where this was asked for. Immutable. Pass it on by {@link CallOptions#within}.
 *
 * @param carried put on the thread that makes a nested call, while it begins; null for nothing
 */
public record CallContext(
        String callId, Deadline deadline, @Nullable Carried carried) {
    public CallContext {
        Objects.requireNonNull(callId, "callId");
        Objects.requireNonNull(deadline, "deadline");
    }

    /** One that carries nothing. */
    public CallContext(String callId, Deadline deadline) {
        this(callId, deadline, null);
    }

    /** The same with another deadline. */
    public CallContext withDeadline(Deadline value) {
        return new CallContext(callId, value, carried);
    }

    /** Puts what is carried on this thread, for code that is to do something for the call that this is the context of. */
    public ContextScope open() {
        return carried == null ? ContextScope.NONE : carried.open();
    }
}

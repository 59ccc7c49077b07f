// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.time.Deadline;
import java.util.Objects;

/**
 * What a nested call inherits: the id and the deadline of the call that it is made within. Immutable. Pass it on by
 * {@link CallOptions#within}.
 */
public record CallContext(String callId, Deadline deadline) {
    public CallContext {
        Objects.requireNonNull(callId, "callId");
        Objects.requireNonNull(deadline, "deadline");
    }
}

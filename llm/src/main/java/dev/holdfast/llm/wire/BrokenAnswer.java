// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.CallReport;
import dev.holdfast.failure.Failure;
import org.jspecify.annotations.Nullable;

/** Makes the exception by which a client learns that an answer that it is reading has broken off. */
@FunctionalInterface
public interface BrokenAnswer {
    /** @param report the attempts of the call; null where its caller has left */
    RuntimeException exception(Failure failure, @Nullable CallReport report);
}

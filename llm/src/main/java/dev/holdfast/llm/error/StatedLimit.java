// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import dev.holdfast.limit.Dimension;
import java.time.Duration;

/** Hears what a response says of a rate limit; see {@link dev.holdfast.Attempt#rateLimit}. */
@FunctionalInterface
public interface StatedLimit {
    void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset);
}

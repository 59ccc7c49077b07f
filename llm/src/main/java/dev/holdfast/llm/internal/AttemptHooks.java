// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.limit.Dimension;
import java.time.Duration;

/** What an attempt tells the one who watches over it while it runs. */
public interface AttemptHooks {
    /** The id of the call, for the simulator's books. */
    String callId();

    /** How long the connection may take to stand. */
    Duration connectTimeout();

    /** Bytes have arrived, content or not. */
    void bytesArrived();

    /** The first content has begun to arrive. */
    void contentStarted();

    /** The response says how much is left of a rate limit. */
    default void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset) {}

    /** A tool call has begun to arrive; whether it comes to its end is open. */
    default void toolCallStarted() {}
}

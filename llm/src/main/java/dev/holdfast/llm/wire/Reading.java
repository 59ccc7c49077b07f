// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.failure.Failure;
import org.jspecify.annotations.Nullable;

/** Follows the body of one successful response, to know whether it is an answer. One thread at a time. */
interface Reading {

    /** Whether the body is an event stream, to be fed event by event. */
    boolean framed();

    /** The next event, or the next piece. */
    void feed(byte[] bytes);

    /** The body is complete as far as HTTP can tell. */
    void end();

    /** The transport failed. */
    void fail(Throwable error);

    /** Whether what has come may be shown to the client, so that the attempt commits. */
    boolean commits();

    /** Whether the answer is complete, whatever the body still holds. */
    boolean complete();

    /** Why it is no answer, or not a whole one; null as long as it is. */
    @Nullable
    Failure failure();
}

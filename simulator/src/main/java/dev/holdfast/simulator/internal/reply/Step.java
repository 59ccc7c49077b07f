// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.reply;

import java.util.Map;

/** One thing that a connection does for a request; a reply is a sequence of these. */
public sealed interface Step {
    /** Status line and headers. {@code length} in bytes; {@link #STREAMED} where the end alone tells it. */
    record Head(int status, String contentType, Map<String, String> headers, long length) implements Step {}

    /** Bytes of the body, and the tokens that are billed once they are written. */
    record Bytes(byte[] bytes, int tokens) implements Step {}

    /** Silence for a while. */
    record Pause(long nanos) implements Step {}

    /** Silence until the client leaves. */
    record Silence() implements Step {}

    /** The response is complete. */
    record End() implements Step {}

    /** The connection is closed where it stands (TCP FIN). */
    record Cut() implements Step {}

    /** The connection is reset where it stands (TCP RST). */
    record Reset() implements Step {}

    /** {@link Head#length()} of a body whose length is not known ahead. */
    long STREAMED = -1;
}

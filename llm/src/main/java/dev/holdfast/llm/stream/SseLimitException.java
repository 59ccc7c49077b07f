// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.stream;

/** A line or an event of a stream is larger than allowed; the stream cannot be read any further. */
public final class SseLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int limitBytes;

    SseLimitException(String what, int limitBytes) {
        super("event stream: " + what + " of more than " + limitBytes + " bytes", null, true, false);
        this.limitBytes = limitBytes;
    }

    /** The limit that was passed, in bytes. */
    public int limitBytes() {
        return limitBytes;
    }
}

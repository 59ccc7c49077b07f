// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

/** What becomes of a stream that is interrupted after its first content. */
public enum StreamRecovery {
    /** It ends with a {@link StreamEvent.Error} that holds the text so far. The default. */
    NONE,
    /**
     * The text so far is handed back to a target that takes the beginning of its answer, and the stream goes on with what
     * comes; a {@link StreamEvent.Continued} marks the seam. Only where text and nothing else has arrived, never inside a tool
     * call, and only with targets known to take such a beginning; otherwise, and when that fails too, as with {@link #NONE}.
     * The reader must be able to live with a seam: what follows may not be what would have followed.
     */
    CONTINUE
}

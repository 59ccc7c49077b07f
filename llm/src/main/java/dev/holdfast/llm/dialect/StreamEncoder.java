// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.TranslationNote;
import java.util.List;

/**
 * Writes one streamed answer as server-sent events, each call's result as whole events in UTF-8. The dialect's terminal
 * marker follows a {@link StreamEvent.Finish} and nothing else: a stream that fails ends with an error event alone. For one
 * stream; not thread-safe.
 */
public interface StreamEncoder {

    /** What to write for this event; may be empty. After the terminal event it always is. */
    byte[] encode(StreamEvent event);

    /** Ends the stream with an error, worded by the caller in place of {@link StreamEvent.Error}; empty after its end. */
    byte[] fail(ErrorBody error);

    /** Something that keeps the connection busy and means nothing, fit to be written at any time between events. */
    byte[] keepAlive();

    /** The translation report so far; whole after the terminal event. */
    List<TranslationNote> translation();
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.stream;

import java.util.Objects;

/**
 * One event of an event stream. Immutable; {@code toString} never shows the data.
 *
 * @param type the value of the event field; {@code message} when the event had none
 * @param data the data lines, joined by line feeds; may be empty
 * @param lastEventId the last id that the stream had set when the event came; empty when none
 */
public record ServerSentEvent(String type, String data, String lastEventId) {
    public ServerSentEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(lastEventId, "lastEventId");
    }

    @Override
    public String toString() {
        return "ServerSentEvent[" + type + ", " + data.length() + " chars]";
    }
}

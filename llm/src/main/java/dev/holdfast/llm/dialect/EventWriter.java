// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.internal.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/** Gathers server-sent events; JSON is written in one line, so that no event needs more than one. Not thread-safe. */
public final class EventWriter {
    private final StringBuilder gathered = new StringBuilder();

    /** An event without a name. */
    public void data(ObjectNode json) {
        data(Json.string(json));
    }

    /** An event without a name; one line. */
    public void data(String line) {
        gathered.append("data: ").append(line).append("\n\n");
    }

    /** An event whose name is the type that the object states. */
    public void typed(ObjectNode json) {
        gathered.append("event: ").append(Json.textOrEmpty(json, "type")).append('\n');
        data(json);
    }

    /** A line that readers pass over. */
    public void comment() {
        gathered.append(": keep-alive\n\n");
    }

    /** What was gathered since the last call, in UTF-8. */
    public byte[] take() {
        byte[] bytes = gathered.toString().getBytes(StandardCharsets.UTF_8);
        gathered.setLength(0);
        return bytes;
    }
}

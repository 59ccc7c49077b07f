// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.internal.Json;

/** A tool call that is still arriving. */
final class ToolDraft {
    private final StringBuilder arguments = new StringBuilder();
    private String id = "";
    private String name = "";
    private Extra extra = Extra.NONE;
    private boolean done;

    /** Whether a fragment with this id and name begins another call; some servers give all calls the same index. */
    boolean isOtherThan(String otherId, String otherName) {
        return !otherId.isEmpty() && !otherName.isEmpty() && !id.isEmpty() && !id.equals(otherId);
    }

    void add(String fragmentId, String fragmentName, String fragment, Extra known) {
        id = id.isEmpty() ? fragmentId : id;
        name = name.isEmpty() ? fragmentName : name;
        arguments.append(fragment);
        extra = known.isEmpty() ? extra : known;
    }

    boolean isDone() {
        return done;
    }

    void markDone() {
        done = true;
    }

    boolean hasName() {
        return !name.isEmpty();
    }

    /** Whether the arguments are a whole JSON object; an answer cut by the token limit leaves half of one. */
    boolean isWhole() {
        return arguments.isEmpty() || Json.objectOrNull(arguments.toString()) != null;
    }

    Content.ToolCall toCall(int number) {
        return new Content.ToolCall(
                id.isEmpty() ? "call_" + number : id, name, arguments.isEmpty() ? "{}" : arguments.toString(), extra);
    }
}

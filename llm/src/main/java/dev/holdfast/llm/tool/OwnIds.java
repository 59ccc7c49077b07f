// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives each tool call of one turn an id of its own, by which its result is told apart: some servers repeat ids, or send a
 * call twice. The same call twice is one call.
 */
final class OwnIds {
    private OwnIds() {}

    static LlmResponse in(LlmResponse response) {
        Set<String> ids = new HashSet<>();
        Set<Content> calls = new HashSet<>();
        List<Content> content = new ArrayList<>();
        for (Content part : response.content()) {
            if (!(part instanceof Content.ToolCall call)) {
                content.add(part);
            } else if (call.id().isBlank() || calls.add(call)) {
                content.add(new Content.ToolCall(own(call.id(), ids), call.name(), call.argumentsJson()));
            }
        }
        return content.equals(response.content())
                ? response
                : new LlmResponse(
                        response.id(),
                        response.model(),
                        content,
                        response.finishReason(),
                        response.usage(),
                        response.raw(),
                        response.report());
    }

    private static String own(String id, Set<String> taken) {
        String stem = id.isBlank() ? "call" : id;
        String own = stem;
        for (int i = 2; !taken.add(own); i++) {
            own = stem + "-" + i;
        }
        return own;
    }
}

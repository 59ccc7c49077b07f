// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tool calls of one answer, by their place in it where the server states it. */
final class ToolDrafts {
    private final List<ToolDraft> inOrder = new ArrayList<>();
    private final Map<Integer, ToolDraft> byIndex = new HashMap<>();

    /** Those begun so far, in the order of their beginning. */
    List<ToolDraft> all() {
        return inOrder;
    }

    @Nullable
    ToolDraft get(int index) {
        return byIndex.get(index);
    }

    /** The call that a fragment belongs to; a new one when its id says so, or when there is none at its place. */
    ToolDraft at(int index, String toolId, String name) {
        ToolDraft draft = index >= 0
                ? byIndex.get(index)
                : toolId.isEmpty() && !inOrder.isEmpty() ? inOrder.get(inOrder.size() - 1) : null;
        if (draft == null || draft.isOtherThan(toolId, name)) {
            draft = new ToolDraft();
            inOrder.add(draft);
            byIndex.put(index, draft);
        }
        return draft;
    }
}

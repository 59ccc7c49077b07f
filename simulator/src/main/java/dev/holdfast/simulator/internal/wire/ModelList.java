// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models}: a few behaviours worth picking from a list; any other model string works as well. */
public final class ModelList {
    private static final List<String> SHOWN = List.of(
            "ok",
            "tool",
            "json",
            "tokens=200,rate=50",
            "ttft=2000",
            "429,retry-after=2",
            "500",
            "503",
            "fail=2",
            "cut",
            "stall",
            "hang",
            "error-mid",
            "no-terminal",
            "empty",
            "malformed");
    private static final long CREATED_SECONDS = 1_767_225_600L;

    private ModelList() {}

    public static String openAi() {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (String model : SHOWN) {
            data.addObject()
                    .put("id", model)
                    .put("object", "model")
                    .put("created", CREATED_SECONDS)
                    .put("owned_by", "sim");
        }
        return Json.write(list);
    }

    public static String anthropic() {
        ObjectNode list = Json.object();
        ArrayNode data = list.putArray("data");
        for (String model : SHOWN) {
            data.addObject()
                    .put("type", "model")
                    .put("id", model)
                    .put("display_name", model)
                    .put("created_at", "2026-01-01T00:00:00Z")
                    .put("lifecycle", "active");
        }
        list.put("has_more", false).put("first_id", SHOWN.get(0)).put("last_id", SHOWN.get(SHOWN.size() - 1));
        return Json.write(list);
    }
}

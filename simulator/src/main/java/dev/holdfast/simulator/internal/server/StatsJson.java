// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import dev.holdfast.simulator.internal.wire.Json;
import dev.holdfast.simulator.stats.SimulatorStats;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** The counts as {@code GET /__sim/stats} shows them. */
final class StatsJson {
    private StatsJson() {}

    static String of(SimulatorStats stats) {
        ObjectNode json = Json.object().put("requests", stats.requests());
        put(json.putObject("by_status"), stats.byStatus());
        put(json.putObject("by_model"), stats.byModel());
        put(json.putObject("attempts_per_call"), stats.attemptsPerCall());
        json.put("tokens_billed", stats.tokensBilled())
                .put("cancelled", stats.cancelled())
                .put("open", stats.open());
        json.put("no_status", stats.noStatus()).put("calls_not_listed", stats.callsNotListed());
        return Json.write(json);
    }

    private static <K extends Comparable<K>> void put(ObjectNode json, Map<K, Long> counts) {
        new TreeMap<>(counts).forEach((key, count) -> json.put(key.toString(), count));
    }
}

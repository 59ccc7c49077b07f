// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.internal.route.Fleet;
import dev.holdfast.target.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** What a reload has changed, seen from the outside. */
final class FleetChange {
    private final Fleet fleet;
    private final Map<String, Target> before;

    /** Remembers how it is now. */
    FleetChange(Fleet fleet) {
        this.fleet = fleet;
        this.before = targets(fleet);
    }

    private static Map<String, Target> targets(Fleet fleet) {
        Map<String, Target> targets = new LinkedHashMap<>();
        fleet.members().forEach(member -> targets.put(member.target().name(), member.target()));
        return targets;
    }

    void write(JsonGenerator json) {
        Map<String, Target> now = targets(fleet);
        json.writeStartObject();
        json.writeBooleanProperty("reloaded", true);
        json.writeObjectPropertyStart("targets");
        names(json, "added", now.keySet().stream().filter(name -> !before.containsKey(name)));
        names(json, "removed", before.keySet().stream().filter(name -> !now.containsKey(name)));
        names(json, "changed", now.keySet().stream().filter(name -> before.containsKey(name) && !isSame(now, name)));
        names(json, "unchanged", now.keySet().stream().filter(name -> isSame(now, name)));
        json.writeEndObject();
        List<String> models = fleet.models();
        names(json, "models", models.stream());
        json.writeEndObject();
    }

    private boolean isSame(Map<String, Target> now, String name) {
        return Objects.equals(before.get(name), now.get(name));
    }

    private static void names(JsonGenerator json, String field, Stream<String> names) {
        json.writeArrayPropertyStart(field);
        names.forEach(json::writeString);
        json.writeEndArray();
    }
}

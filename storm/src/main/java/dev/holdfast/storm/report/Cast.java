// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engines of a run, in the order in which they first appear, each with a look that is the same in every chart. */
final class Cast {
    static final String HOLDFAST = "holdfast";

    private static final String NONE = "none";

    /**
     * One of them.
     *
     * @param look the class of its lines and labels
     */
    record Member(String engine, String label, String look) {}

    private final Map<String, Member> members = new LinkedHashMap<>();

    Cast(StormResult storm) {
        int peers = 0;
        for (ScenarioResult scenario : storm.scenarios()) {
            for (EngineResult engine : scenario.engines()) {
                if (!members.containsKey(engine.engine())) {
                    members.put(engine.engine(), new Member(engine.engine(), engine.label(), look(engine, peers)));
                    peers += isPeer(engine.engine()) ? 1 : 0;
                }
            }
        }
    }

    private static boolean isPeer(String engine) {
        return !engine.equals(HOLDFAST) && !engine.equals(NONE);
    }

    private static String look(EngineResult engine, int peers) {
        return isPeer(engine.engine()) ? "k" + (1 + peers) : "k-" + engine.engine();
    }

    List<Member> members() {
        return List.copyOf(members.values());
    }

    String look(EngineResult engine) {
        Member member = members.get(engine.engine());
        return member == null ? "k1" : member.look();
    }

    /** How an engine came through a scenario; null where it did not take part. */
    static @Nullable EngineResult of(ScenarioResult scenario, String engine) {
        return scenario.engines().stream()
                .filter(result -> result.engine().equals(engine))
                .findFirst()
                .orElse(null);
    }

    /** Ours last, so that nothing is drawn over it. */
    static List<EngineResult> toDraw(ScenarioResult scenario) {
        List<EngineResult> engines = new ArrayList<>(scenario.engines());
        engines.sort(Comparator.comparing(result -> result.engine().equals(HOLDFAST)));
        return Collections.unmodifiableList(engines);
    }
}

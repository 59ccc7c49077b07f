// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.EdgeCondition;
import dev.holdfast.graph.EdgeSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the edges of a node, each at most once, best first. The first edge with a condition that holds is followed alone; the
 * first one without, together with all others without. So what comes after a choice that stands is not asked at all.
 *
 * <p>After a failure only edges for failures and edges for every case count, and one is followed.
 */
final class EdgeChoice {
    private final Step step;
    private final List<EdgeSpec> edges;
    private final boolean success;
    private final boolean several;
    private final Map<String, @Nullable Object> output;
    private final Map<String, @Nullable Object> memory;
    private final Consumer<List<EdgeSpec>> chosen;
    private final List<EdgeSpec> together = new ArrayList<>();
    private int index;

    EdgeChoice(
            Step step,
            List<EdgeSpec> edges,
            boolean success,
            boolean several,
            Map<String, @Nullable Object> output,
            Map<String, @Nullable Object> memory,
            Consumer<List<EdgeSpec>> chosen) {
        this.step = step;
        this.edges = edges;
        this.success = success;
        this.several = several;
        this.output = output;
        this.memory = memory;
        this.chosen = chosen;
    }

    /** Goes on from where it is; on the run's strand. */
    void ask() {
        while (index < edges.size()) {
            EdgeSpec edge = edges.get(index++);
            if (!success) {
                if (edge.condition() == EdgeCondition.ON_FAILURE || edge.condition() == EdgeCondition.ALWAYS) {
                    chosen.accept(List.of(edge));
                    return;
                }
            } else if (!Layout.isExclusive(edge)) {
                if (edge.condition() != EdgeCondition.ON_FAILURE) {
                    together.add(edge);
                }
            } else if (together.isEmpty()) {
                if (edge.condition() == EdgeCondition.LLM_DECIDE) {
                    step.decide(edge, output, memory, yes -> answered(edge, yes));
                    return;
                }
                if (step.holds(edge, output, memory)) {
                    chosen.accept(List.of(edge));
                    return;
                }
            }
        }
        chosen.accept(distinct(several ? together : together.subList(0, Math.min(1, together.size()))));
    }

    private void answered(EdgeSpec edge, boolean yes) {
        if (yes) {
            chosen.accept(List.of(edge));
        } else {
            ask();
        }
    }

    /** Two edges to one node are one way. */
    private static List<EdgeSpec> distinct(List<EdgeSpec> edges) {
        Set<String> targets = new HashSet<>();
        return edges.stream().filter(edge -> targets.add(edge.target())).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.result.EngineResult.Band;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The states of circuits over time, as engines tell them. Thread-safe. */
public final class CircuitLog {
    public static final String CLOSED = "closed";
    public static final String OPEN = "open";
    public static final String HALF_OPEN = "half-open";
    public static final String PAUSED = "paused";

    private record Change(long atNanos, String state) {}

    private final LongSupplier scenarioNanos;
    private final Map<String, List<Change>> changes = new HashMap<>();

    /** @param scenarioNanos scenario time since the start; below 0 before it */
    public CircuitLog(LongSupplier scenarioNanos) {
        this.scenarioNanos = scenarioNanos;
    }

    /** The circuit of a target is in that state from now on. The first time a target is named, it was closed before. */
    public synchronized void enters(String target, String state) {
        changes.computeIfAbsent(target, ignored -> new ArrayList<>())
                .add(new Change(Math.max(0, scenarioNanos.getAsLong()), state));
    }

    /** The states of a target from the start to the end; empty where nothing was ever told. */
    public synchronized List<Band> bands(String target, Duration end) {
        List<Change> told = changes.getOrDefault(target, List.of());
        if (told.isEmpty()) {
            return List.of();
        }
        List<Change> visible = new ArrayList<>(List.of(new Change(0, CLOSED)));
        for (Change change : told) {
            Change last = visible.get(visible.size() - 1);
            if (change.atNanos() >= end.toNanos()) {
                break;
            }
            if (change.atNanos() == last.atNanos()) {
                visible.remove(visible.size() - 1); // nobody was in that state for any time
            }
            boolean same = !visible.isEmpty()
                    && visible.get(visible.size() - 1).state().equals(change.state());
            if (!same) {
                visible.add(change);
            }
        }
        List<Band> bands = new ArrayList<>();
        for (int i = 0; i < visible.size(); i++) {
            Duration to =
                    i + 1 < visible.size() ? Duration.ofNanos(visible.get(i + 1).atNanos()) : end;
            Change change = visible.get(i);
            bands.add(new Band(Duration.ofNanos(change.atNanos()), to, change.state()));
        }
        return bands;
    }
}

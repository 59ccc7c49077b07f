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
        List<Band> bands = new ArrayList<>();
        Change last = new Change(0, CLOSED);
        for (Change change : told) {
            if (change.atNanos() >= end.toNanos()) {
                break;
            }
            if (change.atNanos() > last.atNanos() && !change.state().equals(last.state())) {
                bands.add(new Band(Duration.ofNanos(last.atNanos()), Duration.ofNanos(change.atNanos()), last.state()));
                last = change;
            } else if (change.atNanos() == last.atNanos()) {
                last = change;
            }
        }
        bands.add(new Band(Duration.ofNanos(last.atNanos()), end, last.state()));
        return bands;
    }

    /** How often the circuit of a target went to open. */
    public synchronized long openings(String target) {
        return changes.getOrDefault(target, List.of()).stream()
                .filter(change -> change.state().equals(OPEN))
                .count();
    }
}

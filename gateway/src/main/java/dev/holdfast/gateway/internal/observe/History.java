// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * What happened at each target in the last ten minutes, second by second, so that a page opened late shows it too. Looks at
 * the counters once a second, so that calls pay nothing for it. Targets that are gone are forgotten. Thread-safe.
 */
public final class History {
    private final Map<String, Timeline> timelines = new TreeMap<>();
    private final Map<String, TargetCounts> before = new HashMap<>();
    private long oldest = -1;
    private long newest = -1;

    /**
     * What has been added since the look before.
     *
     * @param counts since the gateway started
     */
    public record Change(TargetView view, TargetCounts counts, long calls, long failures, long input, long output) {
        static Change of(TargetView view, TargetCounts counts, TargetCounts earlier) {
            return new Change(
                    view,
                    counts,
                    counts.attempts() - earlier.attempts(),
                    counts.failed() - earlier.failed(),
                    counts.inputTokens() - earlier.inputTokens(),
                    counts.outputTokens() - earlier.outputTokens());
        }
    }

    /** A look at all targets, in this second since some moment. */
    public synchronized List<Change> look(long second, List<TargetView> views, Metrics metrics) {
        List<Change> changes = views.stream()
                .map(view -> Change.of(
                        view, metrics.counts(view.name()), before.getOrDefault(view.name(), TargetCounts.NONE)))
                .toList();
        oldest = oldest < 0 ? second : Math.max(oldest, second - Timeline.SECONDS + 1);
        newest = second;
        for (Change change : changes) {
            before.put(change.view().name(), change.counts());
            timelines
                    .computeIfAbsent(change.view().name(), name -> new Timeline())
                    .add(
                            second,
                            change.calls(),
                            change.failures(),
                            change.view().band());
        }
        if (timelines.size() > changes.size()) {
            List<String> there = views.stream().map(TargetView::name).toList();
            timelines.keySet().retainAll(there);
            before.keySet().retainAll(there);
        }
        return changes;
    }

    /** Adds the fields {@code seconds} and {@code targets}; in each list the oldest second comes first. */
    public synchronized void write(JsonGenerator json) {
        json.writeNumberProperty("seconds", oldest < 0 ? 0 : newest - oldest + 1);
        json.writeArrayPropertyStart("targets");
        timelines.forEach((name, timeline) -> {
            json.writeStartObject();
            json.writeStringProperty("name", name);
            json.writeArrayPropertyStart("calls");
            for (long second = oldest; second <= newest; second++) {
                json.writeNumber(timeline.calls(second));
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("failures");
            for (long second = oldest; second <= newest; second++) {
                json.writeNumber(timeline.failures(second));
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("bands");
            bands(json, timeline);
            json.writeEndArray();
            json.writeEndObject();
        });
        json.writeEndArray();
    }

    private void bands(JsonGenerator json, Timeline timeline) {
        long start = oldest;
        for (long second = oldest; second <= newest; second++) {
            Band band = timeline.band(second);
            if (second == newest || timeline.band(second + 1) != band) {
                json.writeStartObject();
                json.writeStringProperty("band", band.word());
                json.writeNumberProperty("seconds", second + 1 - start);
                json.writeEndObject();
                start = second + 1;
            }
        }
    }
}

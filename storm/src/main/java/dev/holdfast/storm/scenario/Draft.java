// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import dev.holdfast.simulator.scenario.Conditions;
import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.simulator.scenario.Window;
import dev.holdfast.storm.result.ScenarioResult.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A storm that is being written down. Troubles belong to the target named last. Not thread-safe. */
final class Draft {
    private static final double CALLS_PER_SECOND = 3;

    private final Catalogue catalogue;
    private final String name;
    private final long seconds;
    private final String what;
    private final List<Place> places = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private boolean streamed;
    private double poison;
    private @Nullable Double faultRate;
    private @Nullable Outage outage;
    private @Nullable Duration calmFrom;

    Draft(Catalogue catalogue, String name, long seconds, String what) {
        this.catalogue = catalogue;
        this.name = name;
        this.seconds = seconds;
        this.what = what;
    }

    Draft target(String targetName, Conditions conditions) {
        // each server has luck of its own
        long luck = catalogue.seed() + places.size();
        places.add(new Place(targetName, new Scenario(luck, null, Set.of(), conditions, List.of(), List.of())));
        return this;
    }

    Draft outage(double from, double to, String behaviour) {
        Place last = last();
        Scenario script = last.script();
        Duration start = catalogue.time(from);
        Duration end = catalogue.time(to);
        replace(new Scenario(
                script.seed(),
                null,
                Set.of(),
                script.base(),
                List.of(new dev.holdfast.simulator.scenario.Outage(start, end, behaviour)),
                script.windows()));
        outage = new Outage(places.size() - 1, start, end);
        return trouble(start, end, behaviour);
    }

    Draft window(double from, double to, Conditions conditions, String words) {
        Scenario script = last().script();
        Window window = new Window(catalogue.time(from), catalogue.time(to), conditions);
        replace(new Scenario(script.seed(), null, Set.of(), script.base(), script.outages(), List.of(window)));
        return trouble(window.from(), window.to(), words);
    }

    private Draft trouble(Duration from, Duration to, String words) {
        marks.add(new Mark(from, to, last().name(), words));
        calmFrom = calmFrom == null || calmFrom.compareTo(to) < 0 ? to : calmFrom;
        return this;
    }

    Draft faultRate(double share) {
        faultRate = share;
        return this;
    }

    Draft poison(double share) {
        poison = share;
        return this;
    }

    Draft streamed() {
        streamed = true;
        return this;
    }

    Storm done() {
        return new Storm(
                name,
                what,
                catalogue.time(seconds),
                CALLS_PER_SECOND * catalogue.crowd(),
                streamed,
                poison,
                faultRate,
                outage,
                calmFrom,
                marks,
                places);
    }

    private Place last() {
        return places.get(places.size() - 1);
    }

    private void replace(Scenario script) {
        places.set(places.size() - 1, new Place(last().name(), script));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.scenario.Arrivals;
import dev.holdfast.storm.scenario.Catalogue;
import dev.holdfast.storm.scenario.Storm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Demands on results that were made up. */
class ChecksTest {
    private static final long SEED = 7;

    @Test
    void goodputMayBeLowWhereNobodyHasMore() {
        Storm storm = storm("steady");

        assertThat(failing(storm, run(storm, "holdfast", 2, 1), run(storm, "none", 2, 1)))
                .isEmpty();
        assertThat(failing(storm, run(storm, "holdfast", 2, 1), run(storm, "none", 1, 1)))
                .singleElement()
                .satisfies(check -> assertThat(check.found()).contains("best none 1.000"));
    }

    @Test
    void amplificationIsBoundedByTheFaultRate() {
        Storm blips = storm("blips");
        Storm brownout = storm("brownout");

        assertThat(failing(blips, run(blips, "holdfast", 1, 2))).hasSize(1);
        assertThat(failing(brownout, run(brownout, "holdfast", 1, 2)))
                .singleElement()
                .satisfies(check -> assertThat(check.demand()).isEqualTo("amplification at most 1.390"));
    }

    @Test
    void poisonMustNotOpenTheCircuit() {
        Storm poison = storm("poison");
        CircuitLog circuits = new CircuitLog(() -> 1);
        circuits.enters("a", CircuitLog.OPEN);

        assertThat(failing(poison, run(poison, "holdfast", 1, 1))).isEmpty();
        assertThat(failing(poison, run(poison, "holdfast", 1, 1, circuits))).hasSize(1);
    }

    @Test
    void overloadShowsNothingUnlessSomebodyCollapses() {
        Storm overload = storm("overload");

        assertThat(failing(overload, run(overload, "holdfast", 1, 1), run(overload, "none", 1, 1)))
                .singleElement()
                .satisfies(check -> assertThat(check.found()).isEqualTo("none does"));
        assertThat(failing(overload, run(overload, "holdfast", 1, 1), run(overload, "none", 2, 1)))
                .isEmpty();
    }

    /** For a while the oracle serves three times what is asked for, because calls of the outage have waited. */
    @ParameterizedTest
    @CsvSource({"false, 0", "true, 1"})
    void whoServesAllThatIsAskedForHasNotCollapsedAndWhoServesNothingHas(boolean fails, int collapses) {
        Storm herd = storm("recovery-herd");
        Arrivals arrivals = Arrivals.of(herd, SEED);
        CallLog log = new CallLog(herd, arrivals);
        for (int call = 0; call < arrivals.size(); call++) {
            long startNanos = arrivals.startNanos()[call];
            boolean again = fails && startNanos > 150e9 && startNanos < 200e9;
            log.requests(0, call, 1);
            log.ended(call, again ? Outcome.FAILED : Outcome.SUCCEEDED, startNanos + 1);
        }
        List<Double> much = new ArrayList<>(oracle(herd, arrivals));
        for (int bucket = herd.bucketOf((long) 150e9); bucket < herd.bucketOf((long) 200e9); bucket++) {
            much.set(bucket, 3 * much.get(bucket));
        }
        EngineResult run = Figures.of("holdfast", "holdfast", log, new CircuitLog(() -> 0), much, 0);

        List<Check> checks =
                Checks.added(herd, arrivals, List.of(run), much).get(0).checks();

        assertThat(checks)
                .filteredOn(check -> check.demand().startsWith("no second collapse"))
                .singleElement()
                .satisfies(check -> assertThat(check.found()).startsWith(collapses + " falls"));
    }

    @Test
    void othersAreNotChecked() {
        Storm steady = storm("steady");

        List<EngineResult> added =
                Checks.added(steady, Arrivals.of(steady, SEED), List.of(run(steady, "none", 2, 9)), List.of());

        assertThat(added.get(0).checks()).isEmpty();
    }

    private static Storm storm(String name) {
        return new Catalogue(1, 1, SEED)
                .all().stream()
                        .filter(storm -> storm.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    /** Each so many-th call succeeds, all make so many requests. */
    private static EngineResult run(Storm storm, String engine, int every, int requests) {
        return run(storm, engine, every, requests, new CircuitLog(() -> 0));
    }

    private static EngineResult run(Storm storm, String engine, int every, int requests, CircuitLog circuits) {
        Arrivals arrivals = Arrivals.of(storm, SEED);
        CallLog log = new CallLog(storm, arrivals);
        for (int call = 0; call < arrivals.size(); call++) {
            log.requests(0, call, requests);
            log.ended(call, call % every == 0 ? Outcome.SUCCEEDED : Outcome.FAILED, arrivals.startNanos()[call] + 1);
        }
        return Figures.of(engine, engine, log, circuits, oracle(storm, arrivals), 0);
    }

    private static List<Double> oracle(Storm storm, Arrivals arrivals) {
        double each = (double) arrivals.size() / storm.buckets();
        return Collections.nCopies(storm.buckets(), each);
    }

    private static List<Check> failing(Storm storm, EngineResult... engines) {
        Arrivals arrivals = Arrivals.of(storm, SEED);
        return Checks.added(storm, arrivals, List.of(engines), oracle(storm, arrivals)).get(0).checks().stream()
                .filter(check -> !check.holds())
                .toList();
    }
}

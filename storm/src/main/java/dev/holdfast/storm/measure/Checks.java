// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.engine.Engines;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Band;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.EngineResult.TargetResult;
import dev.holdfast.storm.scenario.Arrivals;
import dev.holdfast.storm.scenario.Storm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is demanded of Holdfast in every storm. */
public final class Checks {
    private static final double ENOUGH = 0.95;
    private static final double NEAR_THE_BEST = 0.02;
    private static final double SMALL_FAULT_RATE = 0.15;
    private static final double AMPLIFICATION = 1.2;
    private static final double AMPLIFICATION_IN_OUTAGE = 1.1;
    private static final int ATTEMPTS = 3;

    private final Storm storm;
    private final Arrivals arrivals;
    private final EngineResult holdfast;
    private final List<EngineResult> all;
    private final List<Double> oracle;
    private final List<Check> checks = new ArrayList<>();

    private Checks(Storm storm, Arrivals arrivals, EngineResult holdfast, List<EngineResult> all, List<Double> oracle) {
        this.storm = storm;
        this.arrivals = arrivals;
        this.holdfast = holdfast;
        this.all = all;
        this.oracle = oracle;
    }

    /** The results, with checks for Holdfast. */
    public static List<EngineResult> added(
            Storm storm, Arrivals arrivals, List<EngineResult> engines, List<Double> oracle) {
        return engines.stream()
                .map(engine -> engine.engine().equals(Engines.HOLDFAST)
                        ? Copies.withChecks(engine, new Checks(storm, arrivals, engine, engines, oracle).made())
                        : engine)
                .toList();
    }

    private List<Check> made() {
        goodput();
        amplification();
        long broken = holdfast.truncated() + holdfast.duplicated();
        demand("no answer truncated or duplicated", String.valueOf(broken), broken == 0);
        switch (storm.name()) {
            case "poison" -> {
                long openings = openings(Duration.ZERO);
                demand("the circuit never opens", openings + " openings", openings == 0);
            }
            case "overload" -> collapse();
            case "recovery-herd" -> secondCollapse();
            default -> {}
        }
        return checks;
    }

    private void goodput() {
        EngineResult best = holdfast;
        for (EngineResult engine : all) {
            best = engine.ofOracle() > best.ofOracle() ? engine : best;
        }
        double share = holdfast.ofOracle();
        demand(
                "goodput at least 0.95 of the oracle, or within 0.02 of the best engine",
                number(share)
                        + (best.equals(holdfast) ? "" : ", best " + best.engine() + " " + number(best.ofOracle())),
                share >= ENOUGH || share >= best.ofOracle() - NEAR_THE_BEST);
    }

    private void amplification() {
        Double faults = storm.faultRate();
        double bound = faults == null || faults <= SMALL_FAULT_RATE
                ? AMPLIFICATION
                : (1 - Math.pow(faults, ATTEMPTS)) / (1 - faults);
        demand(
                "amplification at most " + number(bound),
                number(holdfast.amplification()),
                holdfast.amplification() <= bound);
        Double inOutage = holdfast.amplificationInOutage();
        if (inOutage != null) {
            demand(
                    "amplification at most 1.1 after the first 50 calls of the outage",
                    number(inOutage),
                    inOutage <= AMPLIFICATION_IN_OUTAGE);
        }
    }

    private void collapse() {
        Duration recovery = holdfast.recovery();
        demand("recovers after the trigger ends", recovery == null ? "never" : seconds(recovery), recovery != null);
        List<String> collapsed = all.stream()
                .filter(engine -> engine.recovery() == null && !engine.engine().equals(Engines.HOLDFAST))
                .map(EngineResult::engine)
                .toList();
        if (all.size() > 1) {
            demand(
                    "at least one other stays collapsed, or the storm shows nothing",
                    collapsed.isEmpty() ? "none does" : String.join(", ", collapsed),
                    !collapsed.isEmpty());
        }
    }

    /**
     * Once half of what is possible is served again, it never falls below half for a sixteenth of the storm. What the oracle
     * serves beyond what is asked for just then are calls that it let wait; who let none wait has not collapsed.
     */
    private void secondCollapse() {
        Duration calm = storm.outage() == null ? Duration.ZERO : storm.outage().to();
        int width = storm.buckets() / 16;
        List<Long> good = holdfast.series().good();
        long[] offered = arrivals.perBucket(storm);
        boolean back = false;
        int falls = 0;
        for (int from = storm.bucketOf(calm.toNanos()); from + width <= storm.buckets() - 1; from++) {
            double served = 0;
            double possible = 0;
            for (int bucket = from; bucket < from + width; bucket++) {
                served += good.get(bucket);
                possible += Math.min(oracle.get(bucket), offered[bucket]);
            }
            boolean half = served >= possible / 2;
            falls += back && !half ? 1 : 0;
            back = half;
        }
        long openings = openingsAfterClosing(calm);
        demand(
                "no second collapse: goodput stays above half of the oracle, the circuit stays closed",
                falls + " falls, " + openings + " openings",
                falls == 0 && openings == 0);
    }

    private long openings(Duration from) {
        long openings = 0;
        for (TargetResult target : holdfast.targets()) {
            openings += target.bands().stream()
                    .filter(band ->
                            band.state().equals(CircuitLog.OPEN) && band.from().compareTo(from) >= 0)
                    .count();
        }
        return openings;
    }

    private long openingsAfterClosing(Duration calm) {
        long openings = 0;
        for (TargetResult target : holdfast.targets()) {
            boolean closed = false;
            for (Band band : target.bands()) {
                closed |= band.state().equals(CircuitLog.CLOSED) && band.to().compareTo(calm) > 0;
                openings += closed && band.state().equals(CircuitLog.OPEN) ? 1 : 0;
            }
        }
        return openings;
    }

    private void demand(String demand, String found, boolean holds) {
        checks.add(new Check(demand, found, holds));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }
}

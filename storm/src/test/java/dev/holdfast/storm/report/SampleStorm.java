// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Band;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.EngineResult.Series;
import dev.holdfast.storm.result.EngineResult.TargetResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.ScenarioResult.Mark;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Results made by hand that look like those of a run: an outage and an overload, met by six engines. */
final class SampleStorm {
    static final int BUCKETS = 60;
    private static final int OFFERED = 100;

    private SampleStorm() {}

    static StormResult storm() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("Java", "17.0.15");
        versions.put("Holdfast", "0.1.0-SNAPSHOT");
        versions.put("resilience4j", "2.4.0");
        return new StormResult(
                "holdfast storm --seed 42",
                42,
                Form.REAL_TIME,
                20,
                List.of("2 processors", "7.8 GiB memory", "Linux 6.1"),
                versions,
                List.of("retry.max_attempts 5 (default 3)"),
                List.of(outage(), overload()));
    }

    static ScenarioResult outage() {
        return scenario(
                "outage",
                "The only target is down for twenty seconds, then comes back whole.",
                List.of("a"),
                List.of(
                        new Mark(Duration.ofSeconds(20), Duration.ofSeconds(40), "a", "a goes down"),
                        new Mark(Duration.ofSeconds(55), null, "a", "a is asked by twice as many")),
                List.of(
                        engine("none", "no policy", 0.99, 1, 0),
                        engine("hive", "Hive's policy", 0.71, 3.1, 14),
                        engine("abstractcore", "AbstractCore's policy", 0.83, 2.2, 8),
                        engine("resilience4j", "resilience4j", 0.93, 1.9, 4),
                        engine("failsafe", "Failsafe", 0.91, 2.0, 5),
                        engine("holdfast", "Holdfast", 0.985, 1.04, 1)));
    }

    static ScenarioResult overload() {
        return scenario(
                "overload",
                "More is asked than the server can give, and the more it is asked the slower it gets; retries keep it down.",
                List.of("a", "b"),
                List.of(
                        new Mark(Duration.ofSeconds(15), Duration.ofSeconds(30), "a", "a gets slower"),
                        new Mark(Duration.ofSeconds(25), Duration.ofSeconds(35), "b", "errors")),
                List.of(
                        engine("none", "no policy", 0.62, 1, 3),
                        engine("hive", "Hive's policy", 0.11, 4.2, 60),
                        engine("abstractcore", "AbstractCore's policy", 0.35, 3.4, 60),
                        engine("resilience4j", "resilience4j", 0.55, 2.3, 22),
                        engine("failsafe", "Failsafe", 0.52, 2.4, 25),
                        engine("holdfast", "Holdfast", 0.97, 1.09, 2)));
    }

    static ScenarioResult scenario(
            String name, String what, List<String> targets, List<Mark> marks, List<EngineResult> engines) {
        List<Long> offered = new ArrayList<>();
        List<Double> oracle = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) {
            offered.add((long) OFFERED);
            oracle.add(i < 20 || i >= 40 ? OFFERED : targets.size() == 1 ? 0.0 : 0.7 * OFFERED);
        }
        return new ScenarioResult(
                name,
                what,
                Duration.ofSeconds(BUCKETS),
                Duration.ofSeconds(1),
                targets,
                targets.size() == 1 ? null : 0.02,
                marks,
                offered,
                oracle,
                engines);
    }

    /** Loses its share while trouble lasts and for this many seconds after it. */
    static EngineResult engine(String name, String label, double share, double amplification, int recovery) {
        Random random = new Random(name.hashCode());
        List<Long> good = new ArrayList<>();
        List<Long> requests = new ArrayList<>();
        List<@Nullable Double> p50 = new ArrayList<>();
        List<@Nullable Double> p99 = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) {
            boolean down = i >= 20 && i < 40;
            boolean late = i >= 40 && i < 40 + recovery;
            double noise = 1 + 0.03 * random.nextGaussian();
            double level = down ? 0.02 : late ? share * (i - 39.0) / recovery : 0.5 + 0.5 * share;
            good.add(Math.max(0, Math.round(OFFERED * level * Math.min(1, noise))));
            requests.add(Math.round(OFFERED * (down || late ? amplification : 1) * noise));
            p50.add(down && i % 3 != 0 ? null : Double.valueOf(300 * noise * (late ? amplification : 1)));
            p99.add(down && i % 3 != 0 ? null : Double.valueOf(700 * noise * (down || late ? 4 * amplification : 1)));
        }
        long succeeded = good.stream().mapToLong(Long::longValue).sum();
        boolean ours = name.equals("holdfast");
        boolean circuit = ours || name.equals("resilience4j");
        List<Band> bands = circuit
                ? List.of(
                        new Band(Duration.ZERO, Duration.ofSeconds(22), "closed"),
                        new Band(Duration.ofSeconds(22), Duration.ofSeconds(40), "open"),
                        new Band(Duration.ofSeconds(40), Duration.ofSeconds(40 + 1 + recovery), "half-open"),
                        new Band(Duration.ofSeconds(41 + recovery), Duration.ofSeconds(BUCKETS), "closed"))
                : List.of();
        return new EngineResult(
                name,
                label,
                (long) BUCKETS * OFFERED,
                succeeded,
                (long) BUCKETS * OFFERED - succeeded - (ours ? 1800 : 0),
                ours ? 1800 : 0,
                share,
                amplification,
                amplification * 1.05,
                Duration.ofMillis(310),
                Duration.ofMillis((long) (900 * Math.min(10, amplification))),
                recovery >= BUCKETS ? null : Duration.ofSeconds(recovery),
                name.equals("hive") ? 12 : 0,
                0,
                (long) (1000 * (amplification - 1)),
                List.of(new TargetResult("a", 9000, 6000, bands)),
                new Series(good, requests, p50, p99),
                ours
                        ? List.of(
                                new Check("goodput at least 95 % of the oracle", Figures.share(share), share >= 0.95),
                                new Check(
                                        "amplification at most 1.05",
                                        Figures.factor(amplification),
                                        amplification <= 1.05),
                                new Check("no truncated answer", "0", true))
                        : List.of(),
                ours ? 0.012 : null);
    }
}

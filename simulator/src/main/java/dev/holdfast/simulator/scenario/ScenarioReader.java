// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.scenario.ScenarioException.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of a scenario, each with its type, bounds and default. */
final class ScenarioReader {
    private static final Duration NO_TIME = Duration.ZERO;
    private static final double MOST_PER_SECOND = 1_000_000;
    private static final int MOST_AT_A_TIME = 1_000_000;
    private static final int DEFAULT_QUEUE = 1000;

    private ScenarioReader() {}

    static Scenario read(String text) {
        List<Problem> problems = new ArrayList<>();
        Node root = NodeReader.read(text, problems);
        Scenario scenario = Scenario.none();
        if (root instanceof Node.Mapping mapping) {
            Section section = new Section(mapping, "", problems);
            scenario = scenario(section);
            section.end();
        } else {
            problems.add(new Problem(root.line(), "", "a scenario must be a mapping"));
        }
        if (!problems.isEmpty()) {
            throw new ScenarioException(problems);
        }
        return scenario;
    }

    private static Scenario scenario(Section section) {
        Duration repeat = section.duration("repeat", NO_TIME);
        Set<String> only =
                section.names("only").stream().map(Behaviour::bareName).collect(Collectors.toSet());
        List<Outage> outages = section.list("outages", ScenarioReader::outage);
        List<Window> windows = section.list("windows", ScenarioReader::window);
        return new Scenario(
                section.whole("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
                repeat.isZero() ? null : repeat,
                only,
                conditions(section),
                outages == null ? List.of() : outages,
                windows == null ? List.of() : windows);
    }

    private static Conditions conditions(Section section) {
        List<ErrorShare> errors = section.list("errors", ScenarioReader::errorShare);
        if (errors != null && errors.stream().mapToDouble(ErrorShare::share).sum() > 1 + 1e-9) {
            section.problem("errors", "shares add up to more than 1");
        }
        double pace = section.number("rate", 0, 0.001, MOST_PER_SECOND);
        return new Conditions(
                capacity(section.section("capacity", "rate")),
                concurrency(section.section("concurrency", "limit")),
                latency(section.section("latency", "value")),
                pace == 0 ? null : pace,
                errors);
    }

    private static @Nullable Capacity capacity(@Nullable Section section) {
        if (section == null) {
            return null;
        }
        section.require("rate");
        double perSecond = section.number("rate", 1, 0.001, MOST_PER_SECOND);
        int burst = (int) section.whole("burst", (long) Math.max(1, Math.ceil(perSecond)), 1, MOST_AT_A_TIME);
        Capacity capacity = new Capacity(perSecond, burst, section.behaviour("429"));
        section.end();
        return capacity;
    }

    private static @Nullable Concurrency concurrency(@Nullable Section section) {
        if (section == null) {
            return null;
        }
        section.require("limit");
        Concurrency concurrency = new Concurrency(
                (int) section.whole("limit", 1, 1, MOST_AT_A_TIME),
                (int) section.whole("queue", DEFAULT_QUEUE, 0, MOST_AT_A_TIME),
                section.number("slowdown", 0, 0, 1000),
                section.behaviour("503"));
        section.end();
        return concurrency;
    }

    private static @Nullable Latency latency(@Nullable Section section) {
        if (section == null) {
            return null;
        }
        String distribution = section.text("distribution", "fixed");
        Latency latency =
                switch (distribution) {
                    case "fixed" -> new Latency.Fixed(needed(section, "value"));
                    case "uniform" -> new Latency.Uniform(section.duration("min", NO_TIME), needed(section, "max"));
                    case "exponential" -> new Latency.Exponential(needed(section, "mean"));
                    case "normal" -> new Latency.Normal(needed(section, "mean"), needed(section, "deviation"));
                    case "lognormal" -> new Latency.LogNormal(needed(section, "median"), needed(section, "p99"));
                    default -> null;
                };
        if (latency == null) {
            section.problem(
                    "distribution",
                    "must be fixed, uniform, exponential, normal or lognormal, not '" + distribution + "'");
            return null;
        }
        check(latency, section);
        section.end();
        return latency;
    }

    private static void check(Latency latency, Section section) {
        if (latency instanceof Latency.Uniform uniform && uniform.max().compareTo(uniform.min()) < 0) {
            section.problem("max", "must not be below min");
        }
        if (latency instanceof Latency.LogNormal logNormal
                && (logNormal.median().isZero() || logNormal.p99().compareTo(logNormal.median()) < 0)) {
            section.problem("p99", "must not be below median, and median must be above 0");
        }
    }

    private static Duration needed(Section section, String key) {
        section.require(key);
        return section.duration(key, Duration.ofMillis(1));
    }

    private static ErrorShare errorShare(Section section) {
        section.require("share");
        section.require("behaviour");
        return new ErrorShare(section.number("share", 0, 0, 1), section.behaviour("500"));
    }

    private static Outage outage(Section section) {
        Duration from = section.duration("from", NO_TIME);
        return new Outage(from, end(section, from), section.behaviour("503"));
    }

    private static Window window(Section section) {
        Duration from = section.duration("from", NO_TIME);
        return new Window(from, end(section, from), conditions(section));
    }

    private static Duration end(Section section, Duration from) {
        section.require("to");
        Duration to = section.duration("to", from.plusNanos(1));
        if (to.compareTo(from) <= 0) {
            section.problem("to", "must be after from");
        }
        return to;
    }
}

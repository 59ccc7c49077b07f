// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.behaviour.BehaviourException;
import dev.holdfast.simulator.scenario.ScenarioException.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One mapping being read: values by key, checked. What is wrong becomes a problem and the default is returned, so that one
 * reading finds every problem. {@link #end} reports the keys that nobody asked for.
 */
final class Section {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(ms|s|m|h)");
    private static final Map<String, BigDecimal> NANOS = Map.of(
            "ms", BigDecimal.valueOf(1_000_000L),
            "s", BigDecimal.valueOf(1_000_000_000L),
            "m", BigDecimal.valueOf(60_000_000_000L),
            "h", BigDecimal.valueOf(3_600_000_000_000L));

    private final Node.Mapping mapping;
    private final String path;
    private final List<Problem> problems;
    private final Set<String> known = new LinkedHashSet<>();

    Section(Node.Mapping mapping, String path, List<Problem> problems) {
        this.mapping = mapping;
        this.path = path;
        this.problems = problems;
    }

    @Nullable
    Node node(String key) {
        known.add(key);
        return mapping.entries().get(key);
    }

    /** The mapping under a key; a bare value there stands for its {@code shorthand} key. */
    @Nullable
    Section section(String key, @Nullable String shorthand) {
        Node node = node(key);
        if (node == null) {
            return null;
        }
        return section(node, at(key), shorthand);
    }

    private @Nullable Section section(Node node, String where, @Nullable String shorthand) {
        if (node instanceof Node.Mapping map) {
            return new Section(map, where, problems);
        }
        if (node instanceof Node.Scalar && shorthand != null) {
            return new Section(new Node.Mapping(node.line(), Map.of(shorthand, node)), where, problems);
        }
        problem(node, where, "must be a mapping" + (shorthand == null ? "" : " or the value of " + shorthand));
        return null;
    }

    /** The mappings of a list, each read by {@code read}; null where the key is absent. */
    <T> @Nullable List<T> list(String key, Function<Section, T> read) {
        Node node = node(key);
        if (node == null) {
            return null;
        }
        List<T> values = new ArrayList<>();
        if (!(node instanceof Node.Sequence sequence)) {
            problem(node, at(key), "must be a list");
            return values;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            Section item = section(sequence.items().get(i), at(key) + "[" + i + "]", null);
            if (item != null) {
                values.add(read.apply(item));
                item.end();
            }
        }
        return values;
    }

    Set<String> names(String key) {
        Set<String> names = new LinkedHashSet<>();
        Node node = node(key);
        if (node instanceof Node.Sequence sequence) {
            for (Node item : sequence.items()) {
                if (item instanceof Node.Scalar scalar) {
                    names.add(scalar.text());
                } else {
                    problem(item, at(key), "must hold model names");
                }
            }
        } else if (node != null) {
            problem(node, at(key), "must be a list of model names");
        }
        return names;
    }

    Duration duration(String key, Duration otherwise) {
        Node.Scalar scalar = scalar(key);
        if (scalar == null) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(scalar.text());
        if (!matcher.matches()) {
            problem(scalar, at(key), "must be a duration such as 250ms, 1.5s, 2m or 1h, not '" + scalar.text() + "'");
            return otherwise;
        }
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(NANOS.get(matcher.group(2)));
        if (nanos.compareTo(BigDecimal.valueOf(Duration.ofDays(365).toNanos())) > 0) {
            problem(scalar, at(key), "is longer than a year");
            return otherwise;
        }
        return Duration.ofNanos(nanos.longValue());
    }

    double number(String key, double otherwise, double least, double most) {
        Node.Scalar scalar = scalar(key);
        if (scalar == null) {
            return otherwise;
        }
        if (!scalar.quoted() && scalar.text().matches("\\d{1,15}(\\.\\d{1,15})?")) {
            double number = Double.parseDouble(scalar.text());
            if (number >= least && number <= most) {
                return number;
            }
        }
        problem(scalar, at(key), "must be a number from " + least + " to " + most + ", not '" + scalar.text() + "'");
        return otherwise;
    }

    long whole(String key, long otherwise, long least, long most) {
        Node.Scalar scalar = scalar(key);
        if (scalar == null) {
            return otherwise;
        }
        if (!scalar.quoted() && scalar.text().matches("-?\\d{1,18}")) {
            long number = Long.parseLong(scalar.text());
            if (number >= least && number <= most) {
                return number;
            }
        }
        problem(
                scalar,
                at(key),
                "must be a whole number from " + least + " to " + most + ", not '" + scalar.text() + "'");
        return otherwise;
    }

    /** Words of a model name, checked; {@code fail=N} counts a client's requests and has no place in a scenario. */
    String behaviour(String otherwise) {
        String key = "behaviour";
        Node.Scalar scalar = scalar(key);
        if (scalar == null) {
            return otherwise;
        }
        try {
            if (Behaviour.parse(scalar.text()).fail() > 0) {
                problem(scalar, at(key), "cannot use fail=N; give a share of errors or an outage instead");
            }
            return scalar.text();
        } catch (BehaviourException unknown) {
            problem(scalar, at(key), String.valueOf(unknown.getMessage()));
            return otherwise;
        }
    }

    String text(String key, String otherwise) {
        Node.Scalar scalar = scalar(key);
        return scalar == null ? otherwise : scalar.text();
    }

    /** Says that a key must be there, where it is not. */
    void require(String key) {
        if (node(key) == null) {
            problem(mapping, at(key), "is missing");
        }
    }

    void problem(String key, String message) {
        Node node = mapping.entries().get(key);
        problem(node == null ? mapping : node, at(key), message);
    }

    void end() {
        mapping.entries().forEach((key, node) -> {
            if (!known.contains(key)) {
                problem(node, at(key), "is not a key here; known: " + String.join(", ", known));
            }
        });
    }

    private Node.@Nullable Scalar scalar(String key) {
        Node node = node(key);
        if (node == null || node instanceof Node.Scalar) {
            return (Node.Scalar) node;
        }
        problem(node, at(key), "must be a single value");
        return null;
    }

    private void problem(Node node, String where, String message) {
        problems.add(new Problem(node.line(), where, message));
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}

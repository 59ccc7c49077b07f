// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.Node.Entry;
import dev.holdfast.gateway.config.Node.Kind;
import dev.holdfast.gateway.config.Node.Mapping;
import dev.holdfast.gateway.config.Node.Scalar;
import dev.holdfast.gateway.config.Node.Sequence;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One mapping being read: values by key, checked. What is wrong becomes a problem and the default is returned, so that one
 * reading finds every problem. {@link #end} reports the keys that nobody asked for.
 */
final class Section {
    /** What stands at a key or in a list, with its place. */
    record Item(int line, String path, Node value) {}

    private static final Duration UNSTATED = Duration.ofSeconds(Long.MAX_VALUE);

    private final Mapping mapping;
    private final int line;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    private Section(Mapping mapping, int line, String path, Problems problems) {
        this.mapping = mapping;
        this.line = line;
        this.path = path;
        this.problems = problems;
    }

    /** The whole document; one that is no mapping is a problem and then empty. */
    static Section root(Node node, Problems problems) {
        return of(new Item(node.line(), "", node), problems);
    }

    /** A mapping; nothing at all is an empty one, and anything else is a problem. */
    static Section of(Item item, Problems problems) {
        if (item.value() instanceof Mapping mapping) {
            return new Section(mapping, item.line(), item.path(), problems);
        }
        if (!isNothing(item.value())) {
            problems.add(item.line(), item.path(), "must be a mapping of keys to values, not " + kind(item.value()));
        }
        return new Section(new Mapping(item.line(), Map.of(), 1), item.line(), item.path(), problems);
    }

    private static boolean isNothing(Node node) {
        return node instanceof Scalar scalar && (scalar.kind() == Kind.NOTHING || scalar.kind() == Kind.BROKEN);
    }

    private static String kind(Node node) {
        return node instanceof Sequence ? "a list" : node instanceof Mapping ? "a mapping" : "a single value";
    }

    int line() {
        return line;
    }

    boolean isStated(String key) {
        return mapping.entries().containsKey(key);
    }

    private @Nullable Item item(String key) {
        known.add(key);
        Entry entry = mapping.entries().get(key);
        return entry == null ? null : new Item(entry.line(), at(key), entry.value());
    }

    /** The mapping under a key; an empty one where the key is absent. */
    Section section(String key) {
        Item item = item(key);
        return item == null
                ? new Section(new Mapping(line, Map.of(), 1), line, at(key), problems)
                : of(item, problems);
    }

    /** Each key as a name with what stands there; to be used in place of {@link #end}. */
    Map<String, Item> named() {
        Map<String, Item> named = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> named.put(key, new Item(entry.line(), at(key), entry.value())));
        return named;
    }

    /** The values of a list; empty where the key is absent. */
    List<Item> list(String key) {
        Item item = item(key);
        return item == null ? List.of() : list(item, problems);
    }

    static List<Item> list(Item item, Problems problems) {
        List<Item> items = new ArrayList<>();
        if (item.value() instanceof Sequence sequence) {
            for (Node value : sequence.items()) {
                items.add(new Item(value.line(), item.path() + "[" + items.size() + "]", value));
            }
        } else if (!isNothing(item.value())) {
            problems.add(item.line(), item.path(), "must be a list such as [a, b], not " + kind(item.value()));
        }
        return items;
    }

    /** Words of a list; items that are no single value are problems. */
    List<Item> words(String key) {
        List<Item> words = new ArrayList<>();
        for (Item item : list(key)) {
            if (scalar(item, problems) != null) {
                words.add(item);
            }
        }
        return words;
    }

    /** The text of an item that must be a single value; null with a problem where it is not. */
    static @Nullable String word(Item item, Problems problems) {
        Scalar scalar = scalar(item, problems);
        return scalar == null ? null : scalar.text();
    }

    static String text(Item item) {
        return ((Scalar) item.value()).text();
    }

    /** The text at a key; null where it is absent or unusable. */
    @Nullable
    String text(String key) {
        Scalar scalar = scalar(key);
        return scalar == null ? null : scalar.text();
    }

    /** The text at a key that must be there; null with a problem where it is not. */
    @Nullable
    String requiredText(String key, String example) {
        require(key, example);
        String text = text(key);
        if (text != null && text.isBlank()) {
            problem(key, "must not be empty: write " + example);
            return null;
        }
        return text;
    }

    boolean bool(String key, boolean otherwise) {
        Scalar scalar = scalar(key);
        if (scalar == null) {
            return otherwise;
        }
        boolean typed = scalar.kind() == Kind.BARE || scalar.kind() == Kind.REFERENCE;
        if (typed && (scalar.text().equals("true") || scalar.text().equals("false"))) {
            return scalar.text().equals("true");
        }
        problem(key, "must be true or false, not '" + scalar.shown() + "'");
        return otherwise;
    }

    /** One of some words. */
    <T> T choice(String key, T otherwise, Map<String, T> choices) {
        Scalar scalar = scalar(key);
        if (scalar == null) {
            return otherwise;
        }
        T chosen = choices.get(scalar.text());
        if (chosen == null) {
            problem(key, "must be " + String.join(" or ", new TreeSet<>(choices.keySet())) + ", not '" + scalar.shown() + "'");
            return otherwise;
        }
        return chosen;
    }

    int whole(String key, int otherwise, int least, int most) {
        return (int) whole(key, (long) otherwise, least, most);
    }

    long whole(String key, long otherwise, long least, long most) {
        BigDecimal number = decimal(key, least, most, "a whole number");
        if (number == null) {
            return otherwise;
        }
        if (number.scale() > 0 || !within(number, BigDecimal.valueOf(least), BigDecimal.valueOf(most))) {
            problem(key, "must be a whole number " + range(least, most) + ", not '" + number.toPlainString() + "'");
            return otherwise;
        }
        return number.longValueExact();
    }

    /** A number with a fraction, from {@code least} to {@code most}. */
    double number(String key, double otherwise, double least, double most) {
        BigDecimal number = decimal(key, least, most, "a number");
        if (number == null) {
            return otherwise;
        }
        if (!within(number, BigDecimal.valueOf(least), BigDecimal.valueOf(most))) {
            problem(key, "must be a number " + range(least, most) + ", not '" + number.toPlainString() + "'");
            return otherwise;
        }
        return number.doubleValue();
    }

    private static boolean within(BigDecimal number, BigDecimal least, BigDecimal most) {
        return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
    }

    private @Nullable BigDecimal decimal(String key, Number least, Number most, String what) {
        Scalar scalar = scalar(key);
        if (scalar == null) {
            return null;
        }
        boolean typed = scalar.kind() == Kind.BARE || scalar.kind() == Kind.REFERENCE;
        BigDecimal number = typed ? Quantities.number(scalar.text()) : null;
        if (number == null) {
            problem(
                    key,
                    "must be " + what + " " + range(least, most) + " in plain decimal digits, without quotes, not '"
                            + scalar.shown() + "'");
        }
        return number;
    }

    private static String range(Number least, Number most) {
        boolean open = most.doubleValue() >= 1e9;
        return open ? "of at least " + plain(least) : "from " + plain(least) + " to " + plain(most);
    }

    private static String plain(Number number) {
        return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
    }

    /** A duration above zero. */
    Duration duration(String key, Duration otherwise) {
        Duration duration = durationOrZero(key, otherwise);
        if (duration.isZero()) {
            problem(key, "must be longer than zero");
            return otherwise;
        }
        return duration;
    }

    /** A duration above zero where one is stated. */
    @Nullable
    Duration optionalDuration(String key, @Nullable Duration otherwise) {
        Duration stated = duration(key, UNSTATED);
        return stated.equals(UNSTATED) ? otherwise : stated;
    }

    Duration durationOrZero(String key, Duration otherwise) {
        Scalar scalar = scalar(key);
        if (scalar == null) {
            return otherwise;
        }
        Quantities.Parsed<Duration> parsed = Quantities.duration(scalar.text());
        if (parsed.value() == null) {
            problem(key, parsed.rule() + ", not '" + scalar.shown() + "'");
            return otherwise;
        }
        return parsed.value();
    }

    /** Bytes. */
    int size(String key, int otherwise, int least) {
        Scalar scalar = scalar(key);
        if (scalar == null) {
            return otherwise;
        }
        Quantities.Parsed<Integer> parsed = Quantities.size(scalar.text(), least);
        if (parsed.value() == null) {
            problem(key, parsed.rule() + ", not '" + scalar.shown() + "'");
            return otherwise;
        }
        return parsed.value();
    }

    /**
     * What a record makes of values that were read; what it refuses becomes a problem at the key that it names.
     *
     * @param keys of this section by the record's own words for them
     */
    <T> T build(T otherwise, Map<String, String> keys, Supplier<T> record) {
        try {
            return record.get();
        } catch (IllegalArgumentException refused) {
            String message = String.valueOf(refused.getMessage());
            String culprit = null;
            int first = Integer.MAX_VALUE;
            for (Map.Entry<String, String> key : keys.entrySet()) {
                int at = message.indexOf(key.getKey());
                if (at >= 0 && at < first) {
                    culprit = key.getValue();
                    first = at;
                }
            }
            for (Map.Entry<String, String> key : keys.entrySet()) {
                message = message.replaceAll("\\b" + key.getKey() + "\\b", key.getValue());
            }
            problem(culprit == null ? "" : culprit, message);
            return otherwise;
        }
    }

    void problem(Item item, String message) {
        problems.add(item.line(), item.path(), message);
    }

    void require(String key, String example) {
        if (item(key) == null) {
            problems.add(line, at(key), "is missing: write " + example);
        }
    }

    /** A problem of a key, or, where the key is absent, of this mapping. */
    void problem(String key, String message) {
        Entry entry = mapping.entries().get(key);
        problems.add(entry == null ? line : entry.line(), key.isEmpty() ? path : at(key), message);
    }

    /** Reports the keys that nobody asked for. */
    void end() {
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.add(
                        entry.line(),
                        at(key),
                        "is not known here" + Nearest.hint(key, known) + "; known: " + String.join(", ", known));
            }
        });
    }

    @Nullable
    Scalar scalar(String key) {
        Item item = item(key);
        return item == null ? null : scalar(item, problems);
    }

    private static @Nullable Scalar scalar(Item item, Problems problems) {
        if (!(item.value() instanceof Scalar scalar)) {
            problems.add(item.line(), item.path(), "must be a single value, not " + kind(item.value()));
            return null;
        }
        if (scalar.kind() == Kind.NOTHING) {
            problems.add(item.line(), item.path(), "has no value");
        }
        return isNothing(scalar) ? null : scalar;
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}

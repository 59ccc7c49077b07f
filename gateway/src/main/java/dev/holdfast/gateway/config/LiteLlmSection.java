// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.Node.Entry;
import dev.holdfast.gateway.config.Node.Kind;
import dev.holdfast.gateway.config.Node.Mapping;
import dev.holdfast.gateway.config.Node.Scalar;
import dev.holdfast.gateway.config.Node.Sequence;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A mapping of a LiteLLM file. Takes what it understands; {@link #end} names the rest. */
final class LiteLlmSection {
    private static final double LONGEST_SECONDS = 365 * 86_400.0;

    private final Mapping mapping;
    private final int line;
    private final String path;
    private final Problems notes;
    private final Set<String> taken = new HashSet<>();

    LiteLlmSection(@Nullable Node node, int line, String path, Problems notes) {
        this.line = line;
        this.path = path;
        this.notes = notes;
        boolean nothing = node == null || (node instanceof Scalar scalar && scalar.kind() == Kind.NOTHING);
        if (!nothing && !(node instanceof Mapping)) {
            notes.add(line, path, "is not a mapping and was left out");
        }
        this.mapping = node instanceof Mapping given ? given : new Mapping(line, Map.of(), 1);
    }

    int line() {
        return line;
    }

    int line(String key) {
        Entry entry = mapping.entries().get(key);
        return entry == null ? line : entry.line();
    }

    @Nullable
    Node node(String key) {
        taken.add(key);
        Entry entry = mapping.entries().get(key);
        return entry == null ? null : entry.value();
    }

    Set<String> keys() {
        return mapping.entries().keySet();
    }

    LiteLlmSection section(String key) {
        return new LiteLlmSection(node(key), line(key), at(key), notes);
    }

    List<Node> list(String key) {
        Node node = node(key);
        if (node == null || (node instanceof Scalar scalar && scalar.kind() == Kind.NOTHING)) {
            return List.of();
        }
        if (node instanceof Sequence sequence) {
            return sequence.items();
        }
        note(key, "is not a list and was left out");
        return List.of();
    }

    @Nullable
    String text(String key) {
        Node node = node(key);
        if (node instanceof Scalar scalar) {
            return scalar.kind() == Kind.NOTHING || scalar.text().isBlank() ? null : scalar.text().strip();
        }
        if (node != null) {
            note(key, "is not a single value and was left out");
        }
        return null;
    }

    /** A number that is not negative; null where there is none. */
    @Nullable
    BigDecimal number(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        BigDecimal number = Quantities.number(text.replace("_", ""));
        if (number == null || number.signum() < 0) {
            note(key, "is not a number of at least 0 and was left out");
            return null;
        }
        return number;
    }

    @Nullable
    Integer whole(String key) {
        BigDecimal number = number(key);
        return number == null ? null : number.setScale(0, RoundingMode.HALF_UP).min(BigDecimal.valueOf(999_999_999)).intValue();
    }

    /** Seconds, with a fraction. */
    @Nullable
    Duration seconds(String key) {
        BigDecimal number = number(key);
        if (number == null) {
            return null;
        }
        if (number.doubleValue() > LONGEST_SECONDS) {
            note(key, "is longer than a year and was left out");
            return null;
        }
        return Duration.ofNanos(number.movePointRight(9).longValue());
    }

    boolean isTrue(String key) {
        return "true".equalsIgnoreCase(text(key));
    }

    void note(String key, String message) {
        notes.add(line(key), at(key), message);
    }

    void note(String message) {
        notes.add(line, path, message);
    }

    /** Names what nobody took. */
    void end(Map<String, String> reasons, String otherwise) {
        mapping.entries().forEach((key, entry) -> {
            if (!taken.contains(key)) {
                notes.add(entry.line(), at(key), reasons.getOrDefault(key, otherwise));
            }
        });
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}

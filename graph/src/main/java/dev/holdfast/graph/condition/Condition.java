// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.Objects;

/** An expression, compiled once. Immutable and thread-safe; two of the same text are equal. */
public final class Condition {
    private final String text;

    private Condition(String text) {
        this.text = Objects.requireNonNull(text, "text");
    }

    /** Never throws: a malformed expression says so when it is asked. */
    public static Condition of(String text) {
        return new Condition(text);
    }

    /** The expression as it was written. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Condition that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a call may go, in failover order. Immutable for its users and meant to be made once and kept: what a
 * {@code Holdfast} finds out about the targets is remembered here.
 */
public final class Targets {
    private final List<Target> order;

    /** What the last engine that used this looked up; owned by that engine, checked by it before each use. */
    private volatile @Nullable Object resolved;

    private Targets(List<Target> order) {
        if (order.isEmpty()) {
            throw new IllegalArgumentException("a call needs at least one target");
        }
        if (order.size() > MAX) {
            throw new IllegalArgumentException("a call takes at most " + MAX + " targets, not " + order.size());
        }
        if (order.stream().distinct().count() != order.size()) {
            throw new IllegalArgumentException("a target is named twice in " + order);
        }
        this.order = order;
    }

    private static final int MAX = 64;

    public static Targets of(Target... targets) {
        return new Targets(List.of(targets));
    }

    public static Targets of(List<Target> targets) {
        return new Targets(List.copyOf(targets));
    }

    /** Targets known by their names alone, see {@link Target#of}. */
    public static Targets named(String... names) {
        return new Targets(Stream.of(names).map(Target::of).toList());
    }

    /** The targets in failover order, at least one and at most 64. */
    public List<Target> order() {
        return order;
    }

    /** For engines only: what {@link #remember} kept last. */
    public @Nullable Object remembered() {
        return resolved;
    }

    /** For engines only. */
    public void remember(Object lookup) {
        resolved = lookup;
    }

    @Override
    public String toString() {
        return order.toString();
    }
}

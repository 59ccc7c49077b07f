// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a call may go: tiers in failover order. A flat list is an order, each entry a tier of its own; inside a tier of
 * several targets each call goes to one that is fast and not busy. Immutable for its users and meant to be made once and
 * kept: what a {@code Holdfast} finds out about the targets is remembered here.
 */
public final class Targets {
    private final List<Target> order;
    private final List<Tier> tiers;
    private final boolean balanced;

    /** What the last engine that used this looked up; owned by that engine, checked by it before each use. */
    private volatile @Nullable Object resolved;

    private Targets(List<Tier> tiers) {
        List<Target> order =
                tiers.stream().flatMap(tier -> tier.targets().stream()).toList();
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
        this.tiers = tiers;
        this.balanced = tiers.size() < order.size();
    }

    private static final int MAX = 64;

    public static Targets of(Target... targets) {
        return of(List.of(targets));
    }

    public static Targets of(List<Target> targets) {
        return new Targets(targets.stream().map(Tier::of).toList());
    }

    /** Targets known by their names alone, see {@link Target#of}. */
    public static Targets named(String... names) {
        return of(Stream.of(names).map(Target::of).toList());
    }

    /** Tiers in failover order, each balanced within itself. */
    public static Targets tiers(Tier... tiers) {
        return new Targets(List.of(tiers));
    }

    /** Tiers in failover order, each balanced within itself. */
    public static Targets tiers(List<Tier> tiers) {
        return new Targets(List.copyOf(tiers));
    }

    /** All targets as declared, tier by tier; at least one and at most 64. */
    public List<Target> order() {
        return order;
    }

    /** The tiers in failover order; their targets, one tier after the other, are {@link #order}. */
    public List<Tier> tiers() {
        return tiers;
    }

    /** Whether a tier has more than one target, so that the order differs from call to call. */
    public boolean balanced() {
        return balanced;
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
        return balanced ? tiers.stream().map(Tier::targets).toList().toString() : order.toString();
    }
}

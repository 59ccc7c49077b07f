// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Targets that are equally good and share the load: faster and less busy ones get more of it. Immutable.
 *
 * @param targets at least one
 * @param weights one positive number for each target: how much of the load it should get beside the others at equal speed
 */
public record Tier(List<Target> targets, List<Double> weights) {
    public Tier {
        targets = List.copyOf(targets);
        weights = List.copyOf(weights);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a tier needs at least one target");
        }
        if (weights.size() != targets.size()) {
            throw new IllegalArgumentException(targets.size() + " targets need as many weights, not " + weights.size());
        }
        for (double weight : weights) {
            if (!(weight > 0) || weight == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("a weight must be positive and finite, not " + weight);
            }
        }
    }

    /** Targets of equal weight. */
    public static Tier of(Target... targets) {
        return of(List.of(targets));
    }

    /** Targets of equal weight. */
    public static Tier of(List<Target> targets) {
        return new Tier(targets, Collections.nCopies(targets.size(), 1.0));
    }

    /** Targets of equal weight, known by their names alone, see {@link Target#of}. */
    public static Tier named(String... names) {
        return of(List.of(names).stream().map(Target::of).toList());
    }

    /**
     * The same tier with another weight for one target; 1 is that of all others, unless they were given one.
     *
     * @throws IllegalArgumentException if the target is not in this tier, or the weight is not positive and finite
     */
    public Tier withWeight(Target target, double weight) {
        int index = targets.indexOf(target);
        if (index < 0) {
            throw new IllegalArgumentException(target + " is not in the tier " + targets);
        }
        List<Double> changed = new ArrayList<>(weights);
        changed.set(index, weight);
        return new Tier(targets, changed);
    }
}

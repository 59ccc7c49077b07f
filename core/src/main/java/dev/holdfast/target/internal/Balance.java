// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.target.Targets;
import dev.holdfast.target.Tier;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The order in which one call tries its targets. In each tier two different usable targets are drawn at random, by weight,
 * and the one with the lower expected cost goes in front; the others follow by cost, the unusable ones last.
 *
 * <pre>  cost = latency * (in flight / weight + sqrt(use))</pre>
 *
 * Latency is the peak EWMA. As long as nothing is in flight it is read decayed, down to that of the fastest target in the
 * tier, so that an idle target comes back with one trial and not with a flood: the trial is in flight, and until it has
 * ended the old latency counts in full. Weights are relative to their mean. {@code use} is the target's part of the tier's recent choices, relative to its weight: 1 is just right. It
 * stands where load metrics usually add 1 for the call itself: with 1, calls that come one at a time, as those of models
 * often do, would all go to the target of the greatest weight. Its square root makes the load of such calls follow the weight
 * and the inverse square of the latency. A target without history is taken to be as fast as the fastest.
 *
 * <p>Source: M. Mitzenmacher, "The power of two choices in randomized load balancing", 1996; Finagle's {@code p2c} and
 * {@code PeakEwma}.
 */
public final class Balance {
    private final TargetState[] states;
    private final long nowNanos;
    private final int[] order;
    private final double[] costs;

    private Balance(TargetState[] states, long nowNanos) {
        this.states = states;
        this.nowNanos = nowNanos;
        this.order = new int[states.length];
        this.costs = new double[states.length];
    }

    /**
     * Indices into {@code states} in the order in which to try them; null for the order as declared, at no cost, when no
     * tier has more than one target.
     *
     * @param states the states of {@code targets.order()}
     */
    public static int @Nullable [] order(TargetState[] states, Targets targets, long nowNanos, RandomGenerator random) {
        return targets.balanced() ? new Balance(states, nowNanos).all(targets.tiers(), random) : null;
    }

    private int[] all(List<Tier> tiers, RandomGenerator random) {
        int from = 0;
        for (Tier tier : tiers) {
            tier(tier, from, random);
            from += tier.targets().size();
        }
        return order;
    }

    private void tier(Tier tier, int from, RandomGenerator random) {
        int size = tier.targets().size();
        if (size == 1) {
            order[from] = from;
            return;
        }
        int usable = usableFirst(from, from + size);
        if (usable > 1) {
            costs(tier, from, size);
            front(tier, from, usable, random);
            sort(from + 1, from + usable);
        }
        if (usable > 0) {
            states[order[from]].choices().add(nowNanos);
        }
    }

    /** Fills in the tier's indices, those of usable targets first; returns how many these are. */
    private int usableFirst(int from, int to) {
        long usable = 0;
        int next = from;
        for (int i = from; i < to; i++) {
            if (usable(states[i])) {
                usable |= 1L << i;
                order[next++] = i;
            }
        }
        int count = next - from;
        for (int i = from; i < to; i++) {
            if ((usable & 1L << i) == 0) {
                order[next++] = i;
            }
        }
        return count;
    }

    private boolean usable(TargetState state) {
        return state.usable(nowNanos) && state.domain().pausedUntilNanos(nowNanos) <= nowNanos;
    }

    private void costs(Tier tier, int from, int size) {
        double fastestNanos = Double.POSITIVE_INFINITY;
        double chosen = 0;
        double weights = 0;
        for (int i = from; i < from + size; i++) {
            if (known(states[i])) {
                fastestNanos = Math.min(fastestNanos, peakNanos(states[i]));
            }
            costs[i] = states[i].choices().recent(nowNanos);
            chosen += costs[i];
            weights += tier.weights().get(i - from);
        }
        for (int i = from; i < from + size; i++) {
            double weight = tier.weights().get(i - from) / weights * size;
            double use = chosen == 0 ? 0 : costs[i] / chosen * size / weight;
            int inFlight = states[i].inFlight();
            costs[i] = latencyNanos(states[i], inFlight, fastestNanos) * (inFlight / weight + Math.sqrt(use));
        }
    }

    private double latencyNanos(TargetState state, int inFlight, double fastestNanos) {
        if (!known(state)) {
            return fastestNanos == Double.POSITIVE_INFINITY ? 1 : fastestNanos;
        }
        return inFlight == 0 ? Math.max(costNanos(state), fastestNanos) : peakNanos(state);
    }

    private static boolean known(TargetState state) {
        return state.total().known() || state.firstContent().known();
    }

    /** A target that serves both kinds is as slow as the slower of them. */
    private static double peakNanos(TargetState state) {
        return Math.max(state.total().peakNanos(), state.firstContent().peakNanos());
    }

    private double costNanos(TargetState state) {
        return Math.max(state.total().costNanos(nowNanos), state.firstContent().costNanos(nowNanos));
    }

    /** Draws two by weight and puts the cheaper one in front. */
    private void front(Tier tier, int from, int usable, RandomGenerator random) {
        swap(from, draw(tier, from, from, usable, random));
        swap(from + 1, draw(tier, from, from + 1, usable - 1, random));
        if (costs[order[from + 1]] < costs[order[from]]) {
            swap(from, from + 1);
        }
    }

    /** A position among {@code count} from {@code first} on, each as likely as the weight of the target there. */
    private int draw(Tier tier, int from, int first, int count, RandomGenerator random) {
        if (count == 1) {
            return first;
        }
        double sum = 0;
        for (int i = first; i < first + count; i++) {
            sum += tier.weights().get(order[i] - from);
        }
        double at = random.nextDouble() * sum;
        for (int i = first; i < first + count - 1; i++) {
            at -= tier.weights().get(order[i] - from);
            if (at < 0) {
                return i;
            }
        }
        return first + count - 1;
    }

    /** By insertion: tiers are small. */
    private void sort(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            for (int j = i; j > from && costs[order[j]] < costs[order[j - 1]]; j--) {
                swap(j, j - 1);
            }
        }
    }

    private void swap(int a, int b) {
        int index = order[a];
        order[a] = order[b];
        order[b] = index;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.target.Targets;
import dev.holdfast.target.Tier;
import dev.holdfast.target.internal.Balance;
import dev.holdfast.target.internal.TargetState;
import java.util.random.RandomGenerator;

/** The states of some targets as one engine knows them, in the order in which a call asks them. Immutable. */
final class Route {
    final Holdfast owner;
    final TargetState[] states;
    private final Targets targets;
    private final int edition;

    Route(Holdfast owner, TargetState[] states, Targets targets, int edition) {
        this.owner = owner;
        this.states = states;
        this.targets = targets;
        this.edition = edition;
    }

    /** Whether no state has been dropped by the registry since this was looked up, of whatever target. */
    boolean isCurrent() {
        return edition == owner.edition();
    }

    /** Whether there is another target in the tier of this one. */
    boolean hasPeer(int index) {
        if (!targets.balanced()) {
            return false;
        }
        for (Tier tier : targets.tiers()) {
            if (tier.targets().contains(states[index].target())) {
                return tier.targets().size() > 1;
            }
        }
        return false;
    }

    /** The order for one call: inside a declared tier, chance and cost decide who comes first. */
    Route forCall(long nowNanos, RandomGenerator random) {
        int[] order = Balance.order(states, targets, nowNanos, random);
        if (order == null) {
            return this;
        }
        TargetState[] ordered = new TargetState[order.length];
        for (int i = 0; i < order.length; i++) {
            ordered[i] = states[order[i]];
        }
        return new Route(owner, ordered, targets, edition);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.load;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario makes of one request.
 *
 * @param instead what it gets in place of what it asked for; null where it gets that
 * @param latencyNanos silence before the first content, beside what it asked for
 * @param tokensPerSecond pace where it sets none; 0 for none
 */
public record Verdict(@Nullable Behaviour instead, long latencyNanos, double tokensPerSecond) {
    /** Nothing is changed. */
    public static final Verdict AS_ASKED = new Verdict(null, 0, 0);

    /** The behaviour of a request that asked for {@code asked}; its provider's error shapes are kept. */
    public Behaviour applied(Behaviour asked) {
        Behaviour behaviour = instead == null ? asked : instead.or(asked.as());
        return behaviour.slowed(latencyNanos, tokensPerSecond);
    }
}

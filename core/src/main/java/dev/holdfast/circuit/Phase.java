// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stay of a circuit in one state. The object itself is the generation: a permit points to the phase that gave it, so a
 * result of an earlier phase is recognised by identity and nothing can alias.
 */
abstract sealed class Phase {
    final long generation;
    final int trips;

    /** When the first of these trips was; means nothing while there is none. */
    final long firstTripNanos;

    final boolean forced;

    private Phase(long generation, int trips, long firstTripNanos, boolean forced) {
        this.generation = generation;
        this.trips = trips;
        this.firstTripNanos = firstTripNanos;
        this.forced = forced;
    }

    abstract CircuitState state();

    /** Calls go through and are watched; {@code window} is null where nothing can open the circuit. */
    static final class Closed extends Phase implements Permit {
        final @Nullable Window window;
        final long sinceNanos;

        Closed(
                long generation,
                int trips,
                long firstTripNanos,
                boolean forced,
                @Nullable Window window,
                long sinceNanos) {
            super(generation, trips, firstTripNanos, forced);
            this.window = window;
            this.sinceNanos = sinceNanos;
        }

        @Override
        CircuitState state() {
            return CircuitState.CLOSED;
        }
    }

    /** Calls are rejected until a moment, {@code Long.MAX_VALUE} when forced. */
    static final class Open extends Phase {
        final long untilNanos;

        Open(long generation, int trips, long firstTripNanos, boolean forced, long untilNanos) {
            super(generation, trips, firstTripNanos, forced);
            this.untilNanos = untilNanos;
        }

        @Override
        CircuitState state() {
            return CircuitState.OPEN;
        }
    }

    /** Probes find out; their places live in the circuit, because a probe can outlast its phase. */
    static final class HalfOpen extends Phase {
        final AtomicInteger successes = new AtomicInteger();

        HalfOpen(Open before) {
            super(before.generation + 1, before.trips, before.firstTripNanos, false);
        }

        @Override
        CircuitState state() {
            return CircuitState.HALF_OPEN;
        }
    }
}

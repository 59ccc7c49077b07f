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
    final boolean forced;

    private Phase(long generation, int trips, boolean forced) {
        this.generation = generation;
        this.trips = trips;
        this.forced = forced;
    }

    abstract CircuitState state();

    /** Calls go through and are watched; {@code window} is null where nothing can open the circuit. */
    static final class Closed extends Phase implements Permit {
        final @Nullable Window window;
        final long sinceNanos;

        Closed(long generation, int trips, boolean forced, @Nullable Window window, long sinceNanos) {
            super(generation, trips, forced);
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

        Open(long generation, int trips, boolean forced, long untilNanos) {
            super(generation, trips, forced);
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

        HalfOpen(long generation, int trips) {
            super(generation, trips, false);
        }

        @Override
        CircuitState state() {
            return CircuitState.HALF_OPEN;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import dev.holdfast.circuit.Phase.Closed;
import dev.holdfast.circuit.Phase.HalfOpen;
import dev.holdfast.circuit.Phase.Open;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.time.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker for calls that may outlast a break. Thread-safe, no lock while nothing fails, no timer: an open circuit
 * becomes half-open when the first call after its time asks.
 *
 * <p>The whole state is one reference to an immutable {@link Phase}, so that every change is one compare-and-set and a
 * late result is recognised because its permit points to another phase. Late results feed nothing and move nothing.
 *
 * <p>A probe's place is a slot of {@link #places}; a slot is free when it is empty or its lease has ended. Places belong to
 * the circuit, not to a phase: a probe that is still on its way when the circuit has opened and half-opened again counts
 * against the new phase too, so that the target never sees more probes at once than configured.
 */
public final class Circuit {
    /** An open time is at most this part of the time since the first trip in a row, 1/32. */
    private static final int AWAY_PART = 32;

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Circuit.class, "phase", Phase.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CircuitConfig config;
    private final RandomGenerator random;
    private final IntSupplier inFlight;
    private final CircuitListener listener;
    private final AtomicReferenceArray<@Nullable Probe> places;
    private final long slowNanos;

    /** Successes that no living window counts: of probes, without a window, slow ones, late ones, those of past phases. */
    private final LongAdder otherSuccesses = new LongAdder();

    /** Held while the count of a window that ends moves to the others, so that no sum misses it. */
    private final Object counting = new Object();

    @SuppressWarnings("FieldMayBeFinal") // changed through PHASE
    private volatile Phase phase;

    /** @param inFlight how many attempts run at the target now; asked for with failures, and about once a millisecond */
    public Circuit(CircuitConfig config, RandomGenerator random, IntSupplier inFlight, CircuitListener listener) {
        this.config = config;
        this.random = random;
        this.inFlight = inFlight;
        this.listener = listener;
        this.slowNanos = config.slowAfter() == null ? Nanos.NEVER : Nanos.of(config.slowAfter());
        this.places = new AtomicReferenceArray<>(config.halfOpenMaxCalls());
        this.phase = closed(0, 0, 0, false, 0);
    }

    /**
     * Asks for leave to make an attempt.
     *
     * @param leaseNanos how long the attempt can take until its commit at the most: a probe's place is free after that
     * @return null for no. Otherwise the caller must give the permit back exactly once.
     */
    public @Nullable Permit tryAcquire(long nowNanos, long leaseNanos) {
        while (true) {
            Phase current = phase;
            if (current instanceof Closed closed) {
                return closed;
            }
            if (current instanceof Open open) {
                if (nowNanos < open.untilNanos) {
                    return null;
                }
                change(open, new HalfOpen(open), nowNanos);
            } else {
                Probe probe = takePlace((HalfOpen) current, nowNanos, leaseNanos);
                if (probe == null) {
                    return null;
                }
                if (phase == current) {
                    return probe;
                }
                // The phase ended while the place was taken: this call was never let through.
                leave(probe);
            }
        }
    }

    /** As {@link #tryAcquire} where the circuit is closed, else null; never changes anything. */
    public @Nullable Permit tryAcquireClosed() {
        return phase instanceof Closed closed ? closed : null;
    }

    /** Whether {@link #tryAcquire} would say yes now, without asking for a permit. */
    public boolean admits(long nowNanos) {
        Phase current = phase;
        if (current instanceof Open open) {
            return nowNanos >= open.untilNanos && freePlaceAtNanos(nowNanos) <= nowNanos;
        }
        return current instanceof Closed || freePlaceAtNanos(nowNanos) <= nowNanos;
    }

    /** When a call can be let through: {@code nowNanos} or earlier for at once, {@link Nanos#NEVER} while forced open. */
    public long returnAtNanos(long nowNanos) {
        Phase current = phase;
        if (current instanceof Open open) {
            return Math.max(open.untilNanos, freePlaceAtNanos(nowNanos));
        }
        return current instanceof Closed ? nowNanos : freePlaceAtNanos(nowNanos);
    }

    /**
     * The attempt succeeded; for a stream's probe this is told at its commit, otherwise at its end. At its end every probe
     * is told by {@link #probeSucceeded} too.
     */
    public void success(Permit permit, long elapsedNanos, long nowNanos) {
        if (permit instanceof Closed closed && closed.window != null && elapsedNanos <= slowNanos) {
            if (!closed.window.addSuccess(nowNanos)) {
                otherSuccesses.increment();
            } else if (closed.window.opens(nowNanos)) {
                trip(closed, null, nowNanos);
            }
            return;
        }
        if (permit instanceof Closed closed) {
            otherSuccesses.increment();
            addBad(closed, false, true, null, nowNanos);
            return;
        }
        Probe probe = (Probe) permit;
        leave(probe);
        HalfOpen half = probe.phase;
        if (half.successes.incrementAndGet() >= config.halfOpenSuccesses()) {
            change(half, closed(half.generation + 1, half.trips, half.firstTripNanos, false, nowNanos), nowNanos);
        }
    }

    /** A probe has come to a good end; only its count is left to do. */
    public void probeSucceeded() {
        otherSuccesses.increment();
    }

    /** The attempt failed; a failure that is no evidence about the target only gives the permit back. */
    public void failure(Permit permit, Failure failure, long elapsedNanos, long nowNanos) {
        if (!counts(failure)) {
            release(permit);
        } else if (permit instanceof Closed closed) {
            addBad(closed, true, elapsedNanos > slowNanos, failure.hint(), nowNanos);
        } else {
            Probe probe = (Probe) permit;
            leave(probe);
            HalfOpen half = probe.phase;
            change(half, open(half, half.trips, failure.hint(), nowNanos), nowNanos);
        }
    }

    /** The attempt ended without evidence: it was cancelled, never started, or says nothing about the target. */
    public void release(Permit permit) {
        if (permit instanceof Probe probe) {
            leave(probe);
        }
    }

    /** Whether it matters how long attempts take. */
    public boolean timesAttempts() {
        return slowNanos != Nanos.NEVER;
    }

    /** Whether this failure is evidence against the target. */
    public boolean counts(Failure failure) {
        return failure.scope() == RetryScope.SAME_TARGET && config.counted().contains(failure.category());
    }

    /** Opens by hand: nothing goes through until {@link #reset} or {@link #forceClosed}. */
    public void forceOpen(long nowNanos) {
        force(
                nowNanos,
                current -> new Open(current.generation + 1, current.trips, current.firstTripNanos, true, Nanos.NEVER));
    }

    /** Closes by hand: everything goes through, whatever the outcomes, until {@link #reset} or {@link #forceOpen}. */
    public void forceClosed(long nowNanos) {
        force(nowNanos, current -> closed(current.generation + 1, 0, 0, true, nowNanos));
    }

    /** Back to automatic, closed, with an empty window and no memory of trips. */
    public void reset(long nowNanos) {
        force(nowNanos, current -> closed(current.generation + 1, 0, 0, false, nowNanos));
    }

    public CircuitState state() {
        return phase.state();
    }

    public CircuitInfo info(long nowNanos) {
        return info(phase, nowNanos);
    }

    /** How many attempts succeeded here in all, late ones too. */
    public long succeeded() {
        synchronized (counting) {
            long counted = phase instanceof Closed closed && closed.window != null ? closed.window.successes() : 0;
            return otherSuccesses.sum() + counted;
        }
    }

    /** Places that probes hold now; for the check that everything comes back. */
    public int liveProbes(long nowNanos) {
        int live = 0;
        for (int i = 0; i < places.length(); i++) {
            Probe probe = places.get(i);
            live += probe != null && nowNanos < probe.expiresAtNanos ? 1 : 0;
        }
        return live;
    }

    private void addBad(Closed closed, boolean failure, boolean slow, @Nullable Duration hint, long nowNanos) {
        if (closed.window != null && phase == closed && closed.window.addBad(failure, slow, nowNanos)) {
            trip(closed, hint, nowNanos);
        }
    }

    private void trip(Closed closed, @Nullable Duration hint, long nowNanos) {
        boolean calm = nowNanos - closed.sinceNanos >= Nanos.of(config.calm());
        change(closed, open(closed, calm ? 0 : closed.trips, hint, nowNanos), nowNanos);
    }

    private Closed closed(long generation, int trips, long firstTripNanos, boolean forced, long nowNanos) {
        Window window = forced || !config.enabled() ? null : new Window(config, inFlight);
        return new Closed(generation, trips, firstTripNanos, forced, window, nowNanos);
    }

    /**
     * The first trip lasts {@code recovery}. Those that follow last a part of the time since the first, up to the cap, with
     * equal jitter: so the return of a target is noticed late by a part of the time that it was away, a short outage at once
     * and a long one without asking all through it.
     */
    private Open open(Phase from, int tripsBefore, @Nullable Duration hint, long nowNanos) {
        long recoveryNanos = Nanos.of(config.recovery());
        long firstTripNanos = tripsBefore == 0 ? nowNanos : from.firstTripNanos;
        long capNanos = Math.max(recoveryNanos, Nanos.of(config.maxRecovery()));
        // Threads bring their own readings of the clock, so one may be older than the first trip.
        long awayNanos = Math.max(0, nowNanos - firstTripNanos);
        long fullNanos = Math.min(capNanos, awayNanos / AWAY_PART);
        long openNanos = Math.max(recoveryNanos, fullNanos / 2 + random.nextLong(fullNanos / 2 + 1));
        if (hint != null) {
            openNanos = Math.max(openNanos, Nanos.of(hint));
        }
        return new Open(from.generation + 1, tripsBefore + 1, firstTripNanos, false, Nanos.add(nowNanos, openNanos));
    }

    private void change(Phase from, Phase to, long nowNanos) {
        if (replace(from, to)) {
            listener.changed(from.state(), info(to, nowNanos), nowNanos);
        }
    }

    private boolean replace(Phase from, Phase to) {
        Window ending = from instanceof Closed closed ? closed.window : null;
        if (ending == null) {
            return PHASE.compareAndSet(this, from, to);
        }
        synchronized (counting) {
            boolean replaced = PHASE.compareAndSet(this, from, to);
            if (replaced) {
                otherSuccesses.add(ending.close());
            }
            return replaced;
        }
    }

    private void force(long nowNanos, UnaryOperator<Phase> next) {
        while (true) {
            Phase from = phase;
            Phase to = next.apply(from);
            if (replace(from, to)) {
                listener.changed(from.state(), info(to, nowNanos), nowNanos);
                return;
            }
        }
    }

    private @Nullable Probe takePlace(HalfOpen half, long nowNanos, long leaseNanos) {
        for (int i = 0; i < places.length(); i++) {
            Probe there = places.get(i);
            if (there == null || nowNanos >= there.expiresAtNanos) {
                Probe probe = new Probe(half, i, Nanos.add(nowNanos, leaseNanos));
                if (places.compareAndSet(i, there, probe)) {
                    return probe;
                }
            }
        }
        return null;
    }

    private void leave(Probe probe) {
        // Fails where the lease ended and the place has gone to another: then there is nothing to give back.
        places.compareAndSet(probe.place, probe, null);
    }

    private long freePlaceAtNanos(long nowNanos) {
        long earliest = Nanos.NEVER;
        for (int i = 0; i < places.length(); i++) {
            Probe probe = places.get(i);
            earliest = Math.min(earliest, probe == null ? nowNanos : probe.expiresAtNanos);
        }
        return earliest;
    }

    private CircuitInfo info(Phase at, long nowNanos) {
        Window.Count count = at instanceof Closed closed && closed.window != null
                ? closed.window.count(nowNanos)
                : Window.Count.NOTHING;
        long returnAt = at instanceof Open open
                ? open.untilNanos
                : at instanceof HalfOpen ? freePlaceAtNanos(nowNanos) : nowNanos;
        return new CircuitInfo(
                at.state(),
                at.forced,
                at.generation,
                count.attempts(),
                count.failures(),
                at.trips,
                Duration.ofNanos(Nanos.left(returnAt, nowNanos)),
                liveProbes(nowNanos));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.circuit.Circuit;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.circuit.Permit;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Reach;
import dev.holdfast.limit.Admission;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.retry.RetryBudget;
import dev.holdfast.target.Target;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Everything that one engine keeps about one target. Thread-safe. */
public final class TargetState {
    /** Reading it is cheaper than writing it, and an hour's rest need not be measured finer than this. */
    private static final long USE_GRAIN_NANOS = 60_000_000_000L;

    private final Target target;
    private final Circuit circuit;
    private final RetryBudget budget;
    private final QuotaDomain domain;
    private final Credential credential;
    private final TargetListener listener;
    private final Waiters waiters = new Waiters();
    private final LatencyEstimate firstContent = new LatencyEstimate();
    private final LatencyEstimate total = new LatencyEstimate();
    private final Choices choices = new Choices();
    private final Admission admission;
    private final int probes;
    private final AtomicLongArray failures = new AtomicLongArray(Category.values().length);
    private volatile long usedAtNanos = -USE_GRAIN_NANOS;
    private volatile @Nullable Failure lastFailure;

    TargetState(
            Target target,
            CircuitConfig circuit,
            BudgetConfig budget,
            LimitConfig limits,
            RandomGenerator random,
            QuotaDomain domain,
            Credential credential,
            TargetListener listener) {
        this.target = target;
        this.domain = domain;
        this.credential = credential;
        this.listener = listener;
        this.budget = new RetryBudget(budget);
        this.admission = new Admission(limits);
        this.probes = circuit.halfOpenMaxCalls();
        this.circuit = new Circuit(circuit, random, admission::inFlight, this::circuitChanged);
        domain.join(this);
        credential.join(this);
    }

    public Target target() {
        return target;
    }

    public Circuit circuit() {
        return circuit;
    }

    public RetryBudget budget() {
        return budget;
    }

    public QuotaDomain domain() {
        return domain;
    }

    public Credential credential() {
        return credential;
    }

    public Waiters waiters() {
        return waiters;
    }

    /** Whether neither a block nor the circuit stands in the way now; a pause is looked at apart, because it can be waited for. */
    public boolean usable(long nowNanos) {
        return credential.usable(nowNanos) && circuit.admits(nowNanos);
    }

    /** The closed circuit's permit where there is neither a block nor a pause, else null. */
    public @Nullable Permit permitAtRest(long nowNanos) {
        return credential.isFree() && domain.pausedUntilNanos(nowNanos) <= nowNanos ? circuit.tryAcquireClosed() : null;
    }

    /** When block, circuit and pause let a call through; {@code nowNanos} or earlier for at once. */
    public long returnAtNanos(long nowNanos) {
        long atNanos = Math.max(credential.returnAtNanos(nowNanos), circuit.returnAtNanos(nowNanos));
        return Math.max(atNanos, domain.pausedUntilNanos(nowNanos));
    }

    /** Slots, and who waits for them. */
    public Admission admission() {
        return admission;
    }

    public int inFlight() {
        return admission.inFlight();
    }

    /** When the pacer of the domain lets an attempt start, for which it is reserved; {@code nowNanos} or earlier for at once. */
    public long reserve(long tokens, long nowNanos) {
        return domain.pacer().reserve(tokens, nowNanos);
    }

    /** The attempt that was reserved for this moment does not come. */
    public void unreserve(long tokens, long atNanos, long nowNanos) {
        domain.pacer().cancel(tokens, atNanos, nowNanos);
    }

    /** How long streams take to their first content here. */
    public LatencyEstimate firstContent() {
        return firstContent;
    }

    /** How long plain calls take here. */
    public LatencyEstimate total() {
        return total;
    }

    /** How long attempts of one kind take to their commit. */
    public LatencyEstimate latency(boolean stream) {
        return stream ? firstContent : total;
    }

    /** The time that an attempt needs here to be rather worth its slot than not; 0 when too little is known. */
    public long usefulNanos() {
        long plainNanos = total.usefulNanos();
        return plainNanos != 0 ? plainNanos : firstContent.usefulNanos();
    }

    Choices choices() {
        return choices;
    }

    /** What went wrong here last, without its cause; null when nothing has. */
    public @Nullable Failure lastFailure() {
        return lastFailure;
    }

    /**
     * The same failure; where the last one here had the same message, with that very string. So very many calls that wait
     * after one outage hold its message once.
     */
    public Failure inKnownWords(Failure failure) {
        Failure last = lastFailure;
        return last == null || !last.message().equals(failure.message())
                ? failure
                : failure.withMessage(last.message());
    }

    /** Attempts that succeeded. */
    public long succeeded() {
        return circuit.succeeded();
    }

    /**
     * An attempt failed after so long; unless it was the request's own fault the target is a worse choice in its tier for a
     * while.
     */
    public void failed(Failure failure, long elapsedNanos, long nowNanos) {
        lastFailure = failure.withCause(null);
        failures.incrementAndGet(failure.category().ordinal());
        if (failure.reach() != Reach.REQUEST) {
            total.recordFailure(nowNanos);
        }
        if (failure.category() == Category.OVERLOADED || failure.category() == Category.RATE_LIMIT) {
            admission.overloaded(nowNanos);
        }
        if (failure.category() == Category.TIMEOUT) {
            total.recordCensored(elapsedNanos, nowNanos);
        }
    }

    /** Failed attempts by category, those that never happened left out. */
    public Map<Category, Long> failures() {
        Map<Category, Long> counts = new EnumMap<>(Category.class);
        for (Category category : Category.values()) {
            long count = failures.get(category.ordinal());
            if (count > 0) {
                counts.put(category, count);
            }
        }
        return counts;
    }

    boolean idleSince(long momentNanos) {
        return usedAtNanos < momentNanos && inFlight() == 0 && waiters.size() == 0;
    }

    /** An attempt starts here. */
    public void used(long nowNanos) {
        if (nowNanos - usedAtNanos > USE_GRAIN_NANOS) {
            usedAtNanos = nowNanos;
        }
    }

    void drop() {
        domain.drop(this);
        credential.drop(this);
    }

    void blocked(Failure reason, long forNanos) {
        listener.blocked(target, reason, forNanos);
        waiters.wakeAll();
    }

    void unblocked() {
        listener.unblocked(target);
    }

    private void circuitChanged(CircuitState from, CircuitInfo info, long nowNanos) {
        listener.circuitChanged(target, from, info);
        if (info.state() == CircuitState.OPEN) {
            waiters.wakeAll();
        } else if (info.state() == CircuitState.CLOSED && from == CircuitState.HALF_OPEN) {
            admission.restart(probes, nowNanos);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.circuit.Circuit;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Failure;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.retry.RetryBudget;
import dev.holdfast.target.Target;
import java.util.concurrent.atomic.LongAdder;
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
    private final LongAdder inFlight = new LongAdder();
    private final LatencyEstimate firstContent = new LatencyEstimate();
    private final LatencyEstimate total = new LatencyEstimate();
    private final Choices choices = new Choices();
    private volatile long usedAtNanos;
    private volatile boolean dropped;
    private volatile @Nullable Failure lastFailure;

    TargetState(
            Target target,
            CircuitConfig circuit,
            BudgetConfig budget,
            RandomGenerator random,
            QuotaDomain domain,
            Credential credential,
            TargetListener listener) {
        this.target = target;
        this.domain = domain;
        this.credential = credential;
        this.listener = listener;
        this.budget = new RetryBudget(budget);
        this.circuit = new Circuit(circuit, random, this::circuitChanged);
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

    /** When block, circuit and pause let a call through; {@code nowNanos} or earlier for at once. */
    public long returnAtNanos(long nowNanos) {
        long atNanos = Math.max(credential.returnAtNanos(nowNanos), circuit.returnAtNanos(nowNanos));
        return Math.max(atNanos, domain.pausedUntilNanos(nowNanos));
    }

    /** An attempt takes its slot. */
    public void enter(long nowNanos) {
        inFlight.increment();
        if (nowNanos - usedAtNanos > USE_GRAIN_NANOS) {
            usedAtNanos = nowNanos;
        }
    }

    /** An attempt gives its slot back. */
    public void leave() {
        inFlight.decrement();
    }

    public int inFlight() {
        return inFlight.intValue();
    }

    /** How long streams take to their first content here. */
    public LatencyEstimate firstContent() {
        return firstContent;
    }

    /** How long plain calls take here. */
    public LatencyEstimate total() {
        return total;
    }

    Choices choices() {
        return choices;
    }

    /** What went wrong here last, without its cause; null when nothing has. */
    public @Nullable Failure lastFailure() {
        return lastFailure;
    }

    public void failed(Failure failure) {
        lastFailure = failure.withCause(null);
    }

    /** Whether the registry has forgotten this state, so that holders must look the target up again. */
    public boolean dropped() {
        return dropped;
    }

    boolean idleSince(long momentNanos) {
        return usedAtNanos < momentNanos && inFlight() == 0 && waiters.size() == 0;
    }

    void used(long nowNanos) {
        usedAtNanos = nowNanos;
    }

    void drop() {
        dropped = true;
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

    private void circuitChanged(CircuitState from, CircuitInfo info) {
        listener.circuitChanged(target, from, info);
        if (info.state() == CircuitState.OPEN) {
            waiters.wakeAll();
        }
    }
}

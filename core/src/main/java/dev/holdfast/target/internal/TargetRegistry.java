// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one engine. Entries unused for an hour are dropped, so that endpoints and keys that come and go do not
 * pile up; one that was forced open or closed by hand stays. Thread-safe.
 */
public final class TargetRegistry {
    private static final long IDLE_NANOS = 3_600_000_000_000L;
    private static final long SWEEP_NANOS = 60_000_000_000L;

    private final CircuitConfig circuit;
    private final BudgetConfig budget;
    private final LimitConfig limits;
    private final RandomGenerator random;
    private final NewestListener listener;
    private final Map<Target, TargetState> states = new ConcurrentHashMap<>();

    /** Written under the lock. */
    private volatile int edition;

    // guarded by this
    private final Map<String, QuotaDomain> domains = new HashMap<>();
    private final Map<String, Credential> credentials = new HashMap<>();
    private long sweptAtNanos;

    public TargetRegistry(
            CircuitConfig circuit,
            BudgetConfig budget,
            LimitConfig limits,
            RandomGenerator random,
            TargetListener listener) {
        this(circuit, budget, limits, random, new NewestListener(listener));
    }

    private TargetRegistry(
            CircuitConfig circuit,
            BudgetConfig budget,
            LimitConfig limits,
            RandomGenerator random,
            NewestListener listener) {
        this.circuit = circuit;
        this.budget = budget;
        this.limits = limits;
        this.random = random;
        this.listener = listener;
    }

    /**
     * A registry for an engine that goes on where this one's stops. What the new configuration leaves as it is, both use
     * from now on: whole targets where circuit, budget and limits are the same, else credentials with their blocks and,
     * where the pacing is the same, quota domains; of others the pause is copied. The new engine hears of all of them.
     */
    public synchronized TargetRegistry continued(
            CircuitConfig newCircuit,
            BudgetConfig newBudget,
            LimitConfig newLimits,
            RandomGenerator newRandom,
            TargetListener newListener,
            long nowNanos) {
        TargetRegistry next = new TargetRegistry(newCircuit, newBudget, newLimits, newRandom, listener);
        next.credentials.putAll(credentials);
        if (limits.pacing().equals(newLimits.pacing())) {
            next.domains.putAll(domains);
        } else {
            domains.forEach((name, domain) -> next.domains.put(name, domain.repaced(newLimits.pacing(), nowNanos)));
        }
        if (circuit.equals(newCircuit) && budget.equals(newBudget) && limits.equals(newLimits)) {
            next.states.putAll(states);
        }
        listener.tell(newListener);
        return next;
    }

    /** The state of a target, made at first use. */
    public TargetState state(Target target, long nowNanos) {
        TargetState state = states.get(target);
        return state != null ? state : create(target, nowNanos);
    }

    public @Nullable TargetState known(Target target) {
        return states.get(target);
    }

    /** Another number whenever states have been dropped: a state that was looked up under this one is still in use. */
    public int edition() {
        return edition;
    }

    public Collection<TargetState> all() {
        return List.copyOf(states.values());
    }

    private synchronized TargetState create(Target target, long nowNanos) {
        TargetState state = states.get(target);
        if (state != null) {
            return state;
        }
        sweep(nowNanos);
        QuotaDomain domain =
                domains.computeIfAbsent(target.quotaDomain(), name -> new QuotaDomain(name, limits.pacing(), listener));
        Credential credential = target.credential() == null
                ? new Credential()
                : credentials.computeIfAbsent(target.provider() + '|' + target.credential(), name -> new Credential());
        state = new TargetState(target, circuit, budget, limits, random, domain, credential, listener);
        state.used(nowNanos);
        states.put(target, state);
        return state;
    }

    /** To be called under the lock. Growth is the only reason to look for what can go, so this runs when something is added. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void sweep(long nowNanos) {
        if (nowNanos - sweptAtNanos < SWEEP_NANOS) {
            return;
        }
        sweptAtNanos = nowNanos;
        boolean dropped = states.values().removeIf(state -> {
            boolean drop = state.idleSince(nowNanos - IDLE_NANOS)
                    && !state.circuit().info(nowNanos).forced();
            if (drop) {
                state.drop();
            }
            return drop;
        });
        if (dropped) {
            edition++;
        }
        domains.values().removeIf(QuotaDomain::unused);
        credentials.values().removeIf(Credential::unused);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.load;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.scenario.Capacity;
import dev.holdfast.simulator.scenario.Concurrency;
import dev.holdfast.simulator.scenario.Conditions;
import dev.holdfast.simulator.scenario.ErrorShare;
import dev.holdfast.simulator.scenario.Latency;
import dev.holdfast.simulator.scenario.Outage;
import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A scenario at work. Thread-safe; time comes in from outside as monotonic nanoseconds, so that tests can hold the clock.
 * Verdicts are given outside the lock, by the thread that brought them about: the arriving one, or the one that left.
 */
public final class ScenarioRun {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Scenario scenario;
    private final long startNanos;
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    private long arrivals;
    private int serving;
    private double bucket = Double.POSITIVE_INFINITY;
    private long bucketFilledNanos;

    public ScenarioRun(Scenario scenario, long startNanos) {
        this.scenario = scenario;
        this.startNanos = startNanos;
        this.bucketFilledNanos = startNanos;
    }

    /** True where nothing would ever be changed: callers may spare themselves the visit. */
    public boolean idle() {
        return scenario.equals(Scenario.none());
    }

    public Scenario scenario() {
        return scenario;
    }

    /**
     * A request for {@code model} arrives; {@code told} hears its verdict once, now or when its turn comes. Callers must
     * give the ticket back exactly once when the request is over, told or not.
     */
    public Ticket arrive(String model, long nowNanos, Consumer<Verdict> told) {
        Ticket ticket;
        List<Runnable> begun = new ArrayList<>();
        synchronized (this) {
            ticket = new Ticket(told);
            RandomGenerator luck = new SplittableRandom(scenario.seed() * 0x9e3779b97f4a7c15L + arrivals++);
            if (scenario.only().isEmpty() || scenario.only().contains(Behaviour.bareName(model))) {
                begun.addAll(admit(ticket, luck, nowNanos));
            } else {
                begun.add(ticket.verdict(Verdict.AS_ASKED));
            }
        }
        begun.forEach(Runnable::run);
        return ticket;
    }

    /** The request of this ticket is over. */
    public void leave(Ticket ticket, long nowNanos) {
        List<Runnable> begun;
        synchronized (this) {
            waiting.remove(ticket);
            if (ticket.serving) {
                ticket.serving = false;
                serving--;
            }
            begun = beginWaiting(conditions(nowNanos));
        }
        begun.forEach(Runnable::run);
    }

    /** How many wait for their turn. */
    public synchronized int queued() {
        return waiting.size();
    }

    private List<Runnable> admit(Ticket ticket, RandomGenerator luck, long nowNanos) {
        Optional<Outage> outage = scenario.outageAt(Duration.ofNanos(nowNanos - startNanos));
        if (outage.isPresent()) {
            return List.of(ticket.instead(outage.get().behaviour()));
        }
        Conditions now = conditions(nowNanos);
        Capacity capacity = now.capacity();
        if (capacity != null && !takeFromBucket(capacity, nowNanos)) {
            return List.of(ticket.instead(capacity.behaviour()));
        }
        Optional<String> error = error(now, luck.nextDouble());
        if (error.isPresent()) {
            return List.of(ticket.instead(error.get()));
        }
        Latency latency = now.latency();
        ticket.latencyNanos = latency == null ? 0 : latency.sampleNanos(luck);
        // those who wait already go first, where a window has just raised the limit
        List<Runnable> begun = new ArrayList<>(beginWaiting(now));
        Concurrency concurrency = now.concurrency();
        if (concurrency == null || serving < concurrency.limit()) {
            begun.add(begin(ticket, now));
        } else if (waiting.size() < concurrency.queue()) {
            waiting.add(ticket);
        } else {
            begun.add(ticket.instead(concurrency.behaviour()));
        }
        return begun;
    }

    private List<Runnable> beginWaiting(Conditions now) {
        List<Runnable> begun = new ArrayList<>();
        Concurrency concurrency = now.concurrency();
        Iterator<Ticket> next = waiting.iterator();
        while (next.hasNext() && (concurrency == null || serving < concurrency.limit())) {
            Ticket ticket = next.next();
            next.remove();
            begun.add(begin(ticket, now));
        }
        return begun;
    }

    private Runnable begin(Ticket ticket, Conditions now) {
        ticket.serving = true;
        serving++;
        Concurrency concurrency = now.concurrency();
        double slowed = concurrency == null ? 1 : 1 + concurrency.slowdown() * waiting.size();
        long latencyNanos = (long) Math.min(Latency.MOST.toNanos(), ticket.latencyNanos * slowed);
        Double pace = now.tokensPerSecond();
        return ticket.verdict(new Verdict(null, latencyNanos, pace == null ? 0 : pace));
    }

    private boolean takeFromBucket(Capacity capacity, long nowNanos) {
        double filled = (nowNanos - bucketFilledNanos) / NANOS_PER_SECOND * capacity.requestsPerSecond();
        bucket = Math.min(capacity.burst(), bucket + filled);
        bucketFilledNanos = nowNanos;
        if (bucket < 1) {
            return false;
        }
        bucket--;
        return true;
    }

    private static Optional<String> error(Conditions now, double drawn) {
        double below = 0;
        for (ErrorShare error : now.errors() == null ? List.<ErrorShare>of() : now.errors()) {
            below += error.share();
            if (drawn < below) {
                return Optional.of(error.behaviour());
            }
        }
        return Optional.empty();
    }

    private Conditions conditions(long nowNanos) {
        return scenario.conditionsAt(Duration.ofNanos(nowNanos - startNanos));
    }

    /** One request's place. */
    public static final class Ticket {
        private final Consumer<Verdict> told;
        private boolean serving;
        private long latencyNanos;

        private Ticket(Consumer<Verdict> told) {
            this.told = told;
        }

        private Runnable verdict(Verdict verdict) {
            return () -> told.accept(verdict);
        }

        private Runnable instead(String behaviour) {
            return verdict(new Verdict(Behaviour.parse(behaviour), 0, 0));
        }
    }
}

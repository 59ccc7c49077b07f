// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.RampConfig;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Calls that arrive at random at targets with a limited number of places, in virtual time; counts where they go. */
final class BalanceSimulation {
    final VirtualTime time;
    final Targets targets;
    final TargetState[] states;

    /** How many attempts a target works on at once; more wait there. */
    int places = Integer.MAX_VALUE;

    /** Whether targets are drawn blindly instead. */
    boolean byChance;

    private final Map<Target, Integer> calls = new HashMap<>();
    private final Map<Target, Integer> most = new HashMap<>();
    private final Map<TargetState, Integer> working = new HashMap<>();
    private final Map<TargetState, ArrayDeque<Runnable>> queues = new HashMap<>();
    private final List<Long> tookNanos = new ArrayList<>();

    BalanceSimulation(long seed, Targets targets) {
        time = new VirtualTime(seed);
        this.targets = targets;
        TargetRegistry registry = new TargetRegistry(
                CircuitConfig.defaults(),
                BudgetConfig.defaults(),
                LimitConfig.defaults().withRamp(RampConfig.disabled()),
                time,
                new Silent());
        states = targets.order().stream()
                .map(target -> registry.state(target, 0))
                .toArray(TargetState[]::new);
    }

    List<Integer> order() {
        return Arrays.stream(Balance.order(states, targets, time.nanos(), time))
                .boxed()
                .toList();
    }

    /** Lets this many calls arrive, at exponential intervals, and waits for the last. */
    void run(double callsPerSecond, int count, Function<TargetState, Duration> service) {
        for (int i = 0; i < count; i++) {
            time.advance(Duration.ofNanos((long) (exponential() / callsPerSecond * 1e9)));
            arrive(states[byChance ? time.nextInt(states.length) : order().get(0)], service);
        }
        time.runUntilIdle(Duration.ofHours(1));
    }

    /** As an attempt that starts there now. */
    int enter(TargetState state) {
        return state.admission().tryEnter(time.nanos());
    }

    private void arrive(TargetState state, Function<TargetState, Duration> service) {
        count(state);
        long arrivedNanos = time.nanos();
        int slot = enter(state);
        most.merge(state.target(), state.inFlight(), Math::max);
        Runnable work = () -> time.at(time.nanos() + service.apply(state).toNanos(), () -> {
            state.admission().leave(slot, time.nanos());
            state.total().record(time.nanos() - arrivedNanos, time.nanos());
            tookNanos.add(time.nanos() - arrivedNanos);
            Runnable next = queues.get(state).poll();
            if (next == null) {
                working.merge(state, -1, Integer::sum);
            } else {
                next.run();
            }
        });
        queues.computeIfAbsent(state, s -> new ArrayDeque<>());
        if (working.getOrDefault(state, 0) < places) {
            working.merge(state, 1, Integer::sum);
            work.run();
        } else {
            queues.get(state).add(work);
        }
    }

    void count(TargetState state) {
        calls.merge(state.target(), 1, Integer::sum);
    }

    /** Forgets what was counted, not what the targets know. */
    void forget() {
        calls.clear();
        most.clear();
    }

    double share(Target target) {
        int all = calls.values().stream().mapToInt(i -> i).sum();
        return calls.getOrDefault(target, 0) / (double) all;
    }

    /** The most attempts that were in flight there at once. */
    int most(Target target) {
        return most.getOrDefault(target, 0);
    }

    double meanSeconds() {
        return tookNanos.stream().mapToLong(n -> n).average().orElseThrow() / 1e9;
    }

    double p95Seconds() {
        return tookNanos.stream().sorted().toList().get(tookNanos.size() * 95 / 100) / 1e9;
    }

    /** Between half and one and a half of this, evenly. */
    Duration around(Duration mean) {
        return Duration.ofNanos((long) (mean.toNanos() * (0.5 + time.nextDouble())));
    }

    private double exponential() {
        return -Math.log(1 - time.nextDouble());
    }
}

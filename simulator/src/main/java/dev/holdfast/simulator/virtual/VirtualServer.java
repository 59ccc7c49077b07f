// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.virtual;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.behaviour.Ending;
import dev.holdfast.simulator.internal.load.ScenarioRun;
import dev.holdfast.simulator.internal.load.Verdict;
import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A server under a scenario, as the simulator plays it, but in time that is given from outside and without sockets: outages,
 * capacity, errors, places and their queue are the simulator's own; what is left out is HTTP. For simulations with very many
 * clients. Not thread-safe: to be used by the one thread that moves its time.
 */
public final class VirtualServer {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int OK = 200;

    /** What the prompt of every request is taken to cost. */
    private static final int PROMPT_TOKENS = 6;

    /** Runs tasks at their moment. */
    @FunctionalInterface
    public interface Alarm {
        /** Schedules a task; what is returned takes it back. */
        Runnable at(long atNanos, Runnable task);
    }

    private final ScenarioRun run;
    private final LongSupplier nanos;
    private final Alarm alarm;
    private long requests;
    private long tokensBilled;
    private int open;

    /** @param nanos the time that {@code alarm} is on; the scenario starts now */
    public VirtualServer(Scenario scenario, LongSupplier nanos, Alarm alarm) {
        this.run = new ScenarioRun(scenario, nanos.getAsLong());
        this.nanos = nanos;
        this.alarm = alarm;
    }

    /**
     * A request arrives; {@code told} hears its end once, later or at once, unless the client leaves before.
     *
     * @param model a behaviour in the words of a model name
     */
    public Visit ask(String model, Consumer<Reply> told) {
        requests++;
        open++;
        Visit visit = new Visit(Behaviour.parse(model), told);
        visit.ticket = run.arrive(model, nanos.getAsLong(), visit::begin);
        if (visit.over) {
            run.leave(visit.ticket, nanos.getAsLong());
        }
        return visit;
    }

    /** Requests that have arrived. */
    public long requests() {
        return requests;
    }

    /** Tokens of the answers, as far as they were written. */
    public long tokensBilled() {
        return tokensBilled;
    }

    /** What a whole answer to this model name costs. */
    public static long tokensOf(String model) {
        return PROMPT_TOKENS + Behaviour.parse(model).tokens();
    }

    /** Requests in flight, those in the queue included. */
    public int open() {
        return open;
    }

    /** One request on its way. */
    public final class Visit {
        private final Behaviour asked;
        private final Consumer<Reply> told;
        private ScenarioRun.@Nullable Ticket ticket;
        private @Nullable Runnable pending;
        private boolean over;

        private Visit(Behaviour asked, Consumer<Reply> told) {
            this.asked = asked;
            this.told = told;
        }

        private void begin(Verdict verdict) {
            if (over) {
                return;
            }
            Behaviour behaviour = verdict.applied(asked);
            Reply reply = reply(behaviour);
            if (reply == null) {
                return; // until the client leaves
            }
            int tokens = reply.status() == OK ? written(behaviour, reply) : 0;
            double paced = behaviour.tokensPerSecond() == 0 ? 0 : tokens / behaviour.tokensPerSecond();
            boolean silent = reply.status() != OK;
            long afterNanos = behaviour.slowHeadersNanos()
                    + (silent ? 0 : behaviour.ttftNanos() + (long) (paced * NANOS_PER_SECOND));
            if (afterNanos == 0) {
                end(reply, 0);
            } else {
                int billed = tokens == 0 ? 0 : PROMPT_TOKENS + tokens;
                pending = alarm.at(nanos.getAsLong() + afterNanos, () -> end(reply, billed));
            }
        }

        private void end(Reply reply, int billed) {
            tokensBilled += billed;
            close();
            told.accept(reply);
        }

        /** The client leaves; without effect after the end. */
        public void leave() {
            if (!over) {
                close();
            }
        }

        private void close() {
            over = true;
            open--;
            if (pending != null) {
                pending.run();
                pending = null;
            }
            if (ticket != null) {
                run.leave(ticket, nanos.getAsLong());
            }
        }
    }

    private static int written(Behaviour behaviour, Reply reply) {
        return reply.whole() || behaviour.ending() == Ending.NO_TERMINAL ? behaviour.tokens() : behaviour.after();
    }

    /** Null where nothing ever comes. */
    private static @Nullable Reply reply(Behaviour behaviour) {
        boolean stalls = behaviour.stallNanos() == Behaviour.FOREVER;
        return switch (behaviour.ending()) {
            case HANG -> null;
            case STATUS -> new Reply(behaviour.status(), false, hint(behaviour));
            case REFUSE -> new Reply(0, false, null);
            case RESET -> new Reply(behaviour.resetBeforeAnswer() ? 0 : OK, false, null);
            case COMPLETE -> stalls ? null : new Reply(OK, true, null);
            default -> new Reply(OK, false, null);
        };
    }

    private static @Nullable Duration hint(Behaviour behaviour) {
        double seconds = behaviour.hint().inSeconds();
        return seconds == 0 ? null : Duration.ofNanos((long) (seconds * NANOS_PER_SECOND));
    }
}

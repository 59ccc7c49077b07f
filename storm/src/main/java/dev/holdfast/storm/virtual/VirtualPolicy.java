// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.virtual;

import dev.holdfast.simulator.virtual.Reply;
import dev.holdfast.simulator.virtual.VirtualServer;
import dev.holdfast.storm.engine.Fault;
import dev.holdfast.storm.engine.Policy;
import dev.holdfast.storm.scenario.Storm;
import dev.holdfast.time.Timer;
import org.jspecify.annotations.Nullable;

/** A {@link Policy} at work in virtual time: one target, the request's timeout, the caller's deadline. */
final class VirtualPolicy implements VirtualClient {
    private static final long DEADLINE_NANOS = Storm.DEADLINE.toNanos();
    private static final long REQUEST_TIMEOUT_NANOS = Storm.REQUEST_TIMEOUT.toNanos();
    private static final int OK = 200;

    private final VirtualStorm.Run run;
    private final Policy policy;

    VirtualPolicy(VirtualStorm.Run run, Policy.Maker maker) {
        this.run = run;
        this.policy =
                maker.make(state -> run.circuits.enters(run.storm().targets().get(0), state));
    }

    @Override
    public void call(int number, boolean poison) {
        boolean covered = !run.storm().streamed() || policy.coversStreams();
        if (covered && !policy.admits(run.time.nanos())) {
            run.ended(number, false);
        } else {
            new Call(number, poison, covered).begin();
        }
    }

    private final class Call {
        private final int number;
        private final boolean poison;
        private final boolean covered;
        private int attempt;
        private boolean over;
        private VirtualServer.@Nullable Visit visit;
        private Timer.@Nullable Scheduled next;
        private Timer.@Nullable Scheduled deadline;

        Call(int number, boolean poison, boolean covered) {
            this.number = number;
            this.poison = poison;
            this.covered = covered;
        }

        void begin() {
            deadline = run.time.at(run.time.nanos() + DEADLINE_NANOS, () -> {
                leave();
                end(false);
            });
            ask();
        }

        private void ask() {
            int mine = ++attempt;
            next = run.time.at(run.time.nanos() + REQUEST_TIMEOUT_NANOS, () -> {
                leave();
                failed(Fault.TIMED_OUT);
            });
            VirtualServer.Visit begun = run.ask(0, number, poison, this::replied);
            // the reply may have come already, and the next attempt with it
            if (!over && attempt == mine) {
                visit = begun;
            }
        }

        private void replied(Reply reply) {
            cancel(next);
            if (over) {
                return;
            }
            if (reply.whole()) {
                if (covered) {
                    policy.attemptSucceeded(run.time.nanos());
                }
                end(true);
            } else {
                boolean answered = reply.status() != 0 && reply.status() != OK;
                failed(answered ? Fault.status(reply.status()) : Fault.BROKEN);
            }
        }

        private void failed(Fault fault) {
            long wait = covered ? policy.attemptFailed(attempt, fault, run.time.nanos(), run.time) : Policy.STOP;
            if (wait == Policy.STOP) {
                end(false);
            } else {
                next = run.time.at(run.time.nanos() + wait, this::ask);
            }
        }

        private void leave() {
            if (visit != null) {
                visit.leave();
            }
        }

        private void end(boolean good) {
            over = true;
            cancel(next);
            cancel(deadline);
            run.ended(number, good);
        }

        private static void cancel(Timer.@Nullable Scheduled task) {
            if (task != null) {
                task.cancel();
            }
        }
    }
}

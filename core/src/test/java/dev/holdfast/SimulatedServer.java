// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;

import dev.holdfast.failure.Category;
import dev.holdfast.target.Target;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A target in virtual time that can be overrun: it works on a limited number of requests at once, keeps a limited number
 * waiting and refuses the rest. It starts cold, with room for few, and grows with what it has served; a failure makes it
 * cold again. It keeps an eye on its clients: how steeply their load rises, and whether they come back before the time that
 * they were told.
 */
final class SimulatedServer {
    /** How many requests it works on at once when it is cold, and when it is warm. */
    static final int COLD = 20;

    static final int WARM = 150;

    /** How many more may wait. */
    private static final int PLACES = 30;

    private static final long MEAN_NANOS = Duration.ofSeconds(1).toNanos();

    /** How long it takes to say no. */
    private static final long NO_NANOS = Duration.ofMillis(50).toNanos();

    /** What it tells those whom it refuses. */
    private static final Duration BUSY = Duration.ofSeconds(2);

    final Target target;
    private final VirtualTime time;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Map<String, Long> toldNanos = new HashMap<>();
    private long pausedUntilNanos;
    private int working;
    private int room = COLD;
    private boolean down;

    /** What it answers everybody while it is set, with a wait of this length. */
    Duration limited = Duration.ZERO;

    int served;
    int refused;

    /** Those who were told to wait by {@link #limited}. */
    int told;

    /** Requests that came before the time that their call, or everybody, had been told. */
    int early;

    // the rise of the load
    private int start;
    private int commits;
    private int inFlight;
    /** By how much requests at once have exceeded the start of a rise plus one for each answer since. */
    int excess;

    SimulatedServer(String name, VirtualTime time) {
        this.target = Target.of(name);
        this.time = time;
        rise(10);
    }

    void fail() {
        down = true;
        room = COLD;
    }

    /** After a rest: it has room for few again, and its clients should know nothing of it. */
    void cool() {
        room = COLD;
        rise(10);
    }

    void recover() {
        down = false;
    }

    /** From now on no more than this at once, and one more for each answer. */
    void rise(int from) {
        start = from;
        commits = 0;
    }

    CompletableFuture<String> ask(String callId) {
        long nowNanos = time.nanos();
        early += nowNanos < Math.max(pausedUntilNanos, toldNanos.getOrDefault(callId, 0L)) ? 1 : 0;
        inFlight++;
        excess = Math.max(excess, inFlight - start - commits);
        CompletableFuture<String> answer = answer(callId);
        answer.whenComplete((value, error) -> {
            inFlight--;
            commits += error == null ? 1 : 0;
        });
        return answer;
    }

    private CompletableFuture<String> answer(String callId) {
        if (down) {
            return no(fault(Category.SERVER_ERROR), () -> {});
        }
        if (!limited.isZero()) {
            told++;
            return no(fault(Category.RATE_LIMIT, limited), () -> pausedUntilNanos = time.nanos() + limited.toNanos());
        }
        if (working >= room && waiting.size() == PLACES) {
            refused++;
            return no(fault(Category.OVERLOADED, BUSY), () -> toldNanos.put(callId, time.nanos() + BUSY.toNanos()));
        }
        CompletableFuture<String> answer = new CompletableFuture<>();
        if (working < room) {
            work(answer);
        } else {
            waiting.add(() -> work(answer));
        }
        return answer;
    }

    /** Says no after a while; from that moment on the client knows. */
    private CompletableFuture<String> no(Throwable why, Runnable known) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        time.at(time.nanos() + NO_NANOS, () -> {
            known.run();
            answer.completeExceptionally(why);
        });
        return answer;
    }

    private void work(CompletableFuture<String> answer) {
        working++;
        long tookNanos = (long) (MEAN_NANOS * (0.5 + time.nextDouble()));
        time.at(time.nanos() + tookNanos, () -> {
            working--;
            served++;
            room = Math.min(WARM, room + served % 2);
            while (working < room && !waiting.isEmpty()) {
                waiting.poll().run();
            }
            if (down) {
                answer.completeExceptionally(fault(Category.SERVER_ERROR));
            } else {
                answer.complete(target.name());
            }
        });
    }
}

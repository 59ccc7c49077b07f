// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.Mailbox;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.observe.CallObserver;
import dev.holdfast.gateway.internal.observe.CallRecord;
import dev.holdfast.gateway.internal.observe.Ears;
import dev.holdfast.gateway.internal.observe.History;
import dev.holdfast.gateway.internal.observe.Json;
import dev.holdfast.gateway.internal.observe.Metrics;
import dev.holdfast.gateway.internal.observe.TargetView;
import dev.holdfast.gateway.internal.route.Fleet;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Tells those who watch what happens, as server-sent events: {@code state} first and whenever something was missed, then
 * {@code call}, {@code target} and, each second, {@code tick}. Looks at the targets once a second in any case, for the
 * {@link History}. Engines are listened to only while somebody watches, since a listener makes every event be built.
 *
 * <p>All fields but the volatile ones are touched from one mailbox only. Thread-safe.
 */
final class LiveFeed implements CallObserver, AutoCloseable {
    static final int MOST_WATCHERS = 64;
    /** A page shows the last 100 calls; nobody reads more than this. */
    static final int MOST_CALLS_A_SECOND = 50;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long PATIENCE_NANOS = 30 * SECOND_NANOS;

    private final Fleet fleet;
    private final StateJson state;
    private final Metrics metrics;
    private final History history;
    private final Ticker ticker;
    private final Timer timer;
    private final Mailbox<Runnable> work;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Ears ears = new Ears(engine -> engine.addListener(this::hear));
    private final AtomicInteger callsThisSecond = new AtomicInteger();
    private volatile boolean watched;
    private volatile boolean closed;
    private volatile Timer.Scheduled next;

    /** Begins to look. */
    LiveFeed(
            Fleet fleet,
            StateJson state,
            Metrics metrics,
            History history,
            Ticker ticker,
            Timer timer,
            Executor executor) {
        this.fleet = fleet;
        this.state = state;
        this.metrics = metrics;
        this.history = history;
        this.ticker = ticker;
        this.timer = timer;
        this.work = new Mailbox<>("of the live page", Runnable::run, executor);
        this.next = timer.at(ticker.nanos() + SECOND_NANOS, this::pulse);
        fleet.onChange(() -> work.offer(this::fleetChanged));
    }

    /** {@code GET /api/events} */
    void watch(Request request, Response response) {
        work.offer(() -> welcome(response));
    }

    private void welcome(Response response) {
        if (closed || watchers.size() >= MOST_WATCHERS) {
            Answers.error(response, 503, "too_many_watchers", "as many pages are open as can be served");
            return;
        }
        Watcher watcher = new Watcher(response);
        watchers.add(watcher);
        watched = true;
        listen();
        response.begin(200, Answers.headers("text/event-stream"));
        response.onWritable(() -> work.offer(() -> refresh(watcher)));
        response.onGone(() -> work.offer(() -> leave(watcher)));
        watcher.send(stateEvent(), ticker.nanos());
    }

    private void refresh(Watcher watcher) {
        if (watcher.caughtUp()) {
            watcher.send(stateEvent(), ticker.nanos());
        }
    }

    private void leave(Watcher watcher) {
        watchers.remove(watcher);
        watched = !watchers.isEmpty();
        listen();
    }

    private byte[] stateEvent() {
        return Watcher.event("state", state.state());
    }

    private void tell(String name, byte[] json) {
        byte[] event = Watcher.event(name, json);
        long nowNanos = ticker.nanos();
        watchers.forEach(watcher -> watcher.send(event, nowNanos));
    }

    @Override
    public void ended(CallRecord call) {
        if (watched && callsThisSecond.getAndIncrement() < MOST_CALLS_A_SECOND) {
            work.offer(() -> tell("call", Json.bytes(json -> Json.call(json, call))));
        }
    }

    /** An operator has changed something about a target that no engine tells. */
    void changed(String what, String target) {
        if (watched) {
            work.offer(() -> tellOf(what, member -> member.target().name().equals(target)));
        }
    }

    /** Something about the whole has changed. */
    void changed() {
        if (watched) {
            work.offer(() -> tell("state", state.state()));
        }
    }

    private void tellOf(String what, Predicate<Fleet.Member> whom) {
        fleet.members().stream()
                .filter(whom)
                .forEach(member -> tell("target", state.change(what, TargetView.of(member))));
    }

    // The engines.

    /** Has an ear at each engine while somebody watches, at none otherwise. */
    private void listen() {
        ears.at(watched ? fleet.engines() : List.of());
    }

    private void hear(HoldfastEvent event) {
        if (event instanceof TargetEvent fact) {
            work.offer(() -> hear(fact));
        }
    }

    private void hear(TargetEvent fact) {
        if (fact instanceof TargetEvent.CircuitOpened opened) {
            tellOf("opened", member -> member.target().equals(opened.target()));
        } else if (fact instanceof TargetEvent.CircuitHalfOpened half) {
            tellOf("half_opened", member -> member.target().equals(half.target()));
        } else if (fact instanceof TargetEvent.CircuitClosed shut) {
            tellOf("closed", member -> member.target().equals(shut.target()));
        } else if (fact instanceof TargetEvent.TargetBlocked blocked) {
            tellOf("blocked", member -> member.target().equals(blocked.target()));
        } else if (fact instanceof TargetEvent.TargetUnblocked free) {
            tellOf("unblocked", member -> member.target().equals(free.target()));
        } else if (fact instanceof TargetEvent.DomainPaused paused) {
            tellOf("paused", member -> member.target().quotaDomain().equals(paused.domain()));
        } else if (fact instanceof TargetEvent.DomainResumed resumed) {
            tellOf("resumed", member -> member.target().quotaDomain().equals(resumed.domain()));
        } else if (fact instanceof TargetEvent.BudgetExhausted poor) {
            tellOf("budget_exhausted", member -> member.target().equals(poor.target()));
        }
    }

    private void fleetChanged() {
        listen();
        if (watched) {
            tell("state", state.state());
        }
    }

    // The clock. It strikes on the timer's thread, which must do no work.

    private void pulse() {
        work.offer(this::look);
    }

    private void look() {
        if (closed) {
            return;
        }
        long nowNanos = ticker.nanos();
        next = timer.at(nowNanos - nowNanos % SECOND_NANOS + SECOND_NANOS, this::pulse);
        List<TargetView> views = TargetView.all(fleet);
        List<History.Change> changes = history.look(nowNanos / SECOND_NANOS, views, metrics);
        int calls = callsThisSecond.getAndSet(0);
        if (watched) {
            watchers.stream()
                    .filter(watcher -> watcher.isBehindFor(PATIENCE_NANOS, nowNanos))
                    .forEach(Watcher::abort);
            tell("tick", state.tick(changes, Math.max(0, calls - MOST_CALLS_A_SECOND)));
        }
    }

    int watching() {
        return watchers.size();
    }

    /** Says goodbye to those who watch. */
    @Override
    public void close() {
        closed = true;
        next.cancel();
        work.offer(() -> {
            watchers.forEach(Watcher::end);
            watchers.clear();
            watched = false;
            listen();
        });
    }
}

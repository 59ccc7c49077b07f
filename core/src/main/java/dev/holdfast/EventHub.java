// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.EventListener;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.Mailbox;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Target;
import dev.holdfast.target.internal.QuotaDomain;
import dev.holdfast.target.internal.TargetListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The listeners of one engine, each behind its own mailbox, and the translation of what targets report into events. */
final class EventHub implements TargetListener {
    private static final Set<EventHub> HUBS =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final Executor executor;
    private final Attention attention;

    // guarded by this
    private final List<EventListener> own = new ArrayList<>();

    private volatile List<Served> mailboxes = List.of();

    EventHub(Executor executor, Attention attention, List<EventListener> listeners) {
        this.executor = executor;
        this.attention = attention;
        this.own.addAll(listeners);
        HUBS.add(this);
        refresh();
    }

    static void refreshAll() {
        List<EventHub> all;
        synchronized (HUBS) {
            all = List.copyOf(HUBS);
        }
        all.forEach(EventHub::refresh);
    }

    /** Whether anybody listens: no event is made otherwise. */
    boolean on() {
        return attention.listeners();
    }

    void emit(HoldfastEvent event) {
        for (Served served : mailboxes) {
            served.mailbox.offer(event);
        }
    }

    synchronized Runnable add(EventListener listener) {
        own.add(listener);
        refresh();
        return () -> remove(listener);
    }

    private synchronized void remove(EventListener listener) {
        own.remove(listener);
        refresh();
    }

    /** Completes when everything that was emitted so far has been delivered. */
    CompletableFuture<Void> delivered() {
        return CompletableFuture.allOf(
                mailboxes.stream().map(served -> served.mailbox.delivered()).toArray(CompletableFuture<?>[]::new));
    }

    /** Mailboxes are kept over a change, so that the order of what a listener hears never breaks. */
    private synchronized void refresh() {
        List<EventListener> wanted = new ArrayList<>(own);
        wanted.addAll(HoldfastRuntime.globalListeners());
        List<Served> next = new ArrayList<>();
        for (EventListener listener : wanted) {
            Served kept = null;
            for (Served served : mailboxes) {
                kept = served.listener == listener ? served : kept;
            }
            next.add(kept != null ? kept : new Served(listener, new Mailbox<>(listener, listener::on, executor)));
        }
        for (Served served : mailboxes) {
            if (!next.contains(served)) {
                served.mailbox.close();
            }
        }
        mailboxes = List.copyOf(next);
        attention.listenersAre(!next.isEmpty());
    }

    @Override
    public void circuitChanged(Target target, CircuitState from, CircuitInfo info) {
        if (on()) {
            emit(
                    switch (info.state()) {
                        case OPEN -> new TargetEvent.CircuitOpened(target, from, info);
                        case HALF_OPEN -> new TargetEvent.CircuitHalfOpened(target, info);
                        case CLOSED -> new TargetEvent.CircuitClosed(target, from, info);
                    });
        }
    }

    @Override
    public void blocked(Target target, Failure reason, long forNanos) {
        if (on()) {
            emit(new TargetEvent.TargetBlocked(
                    target, reason.category(), reason.message(), Duration.ofNanos(forNanos)));
        }
    }

    @Override
    public void unblocked(Target target) {
        if (on()) {
            emit(new TargetEvent.TargetUnblocked(target));
        }
    }

    @Override
    public void paused(QuotaDomain domain, long forNanos) {
        if (on()) {
            emit(new TargetEvent.DomainPaused(domain.name(), Duration.ofNanos(forNanos)));
        }
    }

    @Override
    public void resumed(QuotaDomain domain) {
        if (on()) {
            emit(new TargetEvent.DomainResumed(domain.name()));
        }
    }

    /** Compared as it is: each listener has one mailbox, and two equal listeners have two. */
    private static final class Served {
        private final EventListener listener;
        private final Mailbox<HoldfastEvent> mailbox;

        Served(EventListener listener, Mailbox<HoldfastEvent> mailbox) {
            this.listener = listener;
            this.mailbox = mailbox;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.gateway.internal.observe.CallObserver;
import dev.holdfast.gateway.internal.observe.CallRecord;
import dev.holdfast.gateway.internal.route.Live;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.time.Ticker;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** What all calls have in common. Thread-safe. */
public final class Service {
    private static final System.Logger LOG = System.getLogger(Service.class.getName());

    private final Live live;
    private final Transport transport;
    private final Ticker ticker;
    private final Clock clock;
    private final String idPrefix;
    private final AtomicLong calls = new AtomicLong();
    private final List<CallObserver> observers = new CopyOnWriteArrayList<>();
    private volatile Doors doors;
    private volatile boolean draining;

    /** @param random makes ids differ from those of an earlier process */
    public Service(Live live, Transport transport, Ticker ticker, Clock clock, RandomGenerator random) {
        this.live = live;
        this.transport = transport;
        this.ticker = ticker;
        this.clock = clock;
        this.doors = Doors.of(live.config(), ticker);
        this.idPrefix = "hf-" + Long.toHexString(random.nextLong() & 0xFFFF_FFFFL) + '-';
    }

    Live live() {
        return live;
    }

    Transport transport() {
        return transport;
    }

    Ticker ticker() {
        return ticker;
    }

    Clock clock() {
        return clock;
    }

    Doors doors() {
        return doors;
    }

    /** Another configuration is in force. */
    public void reloaded() {
        doors = doors.reloaded(live.config());
    }

    String nextCallId() {
        return idPrefix + calls.incrementAndGet();
    }

    public void observe(CallObserver observer) {
        observers.add(observer);
    }

    void ended(CallRecord call) {
        for (CallObserver observer : observers) {
            try {
                observer.ended(call);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "an observer of calls failed", e);
            }
        }
    }

    /** From now on every new call is refused. */
    public void drain() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.limit.Pacer;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.time.Nanos;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** What shares one rate limit, and until when the provider asked it to wait. Thread-safe. */
public final class QuotaDomain {
    private static final long NOT_PAUSED = -1;

    /** Many calls are told of one limit at about the same time: an end that moves by less is no news. */
    private static final long NEWS_NANOS = 1_000_000_000L;

    private final String name;
    private final Pacer pacer;
    private final TargetListener listener;
    private final List<TargetState> members = new CopyOnWriteArrayList<>();
    private final AtomicLong pausedUntilNanos = new AtomicLong(NOT_PAUSED);

    QuotaDomain(String name, PacerConfig pacing, TargetListener listener) {
        this.name = name;
        this.pacer = new Pacer(pacing);
        this.listener = listener;
    }

    public String name() {
        return name;
    }

    /** Keeps the domain below the limits that are known of it. */
    public Pacer pacer() {
        return pacer;
    }

    /** The same domain at another pace, without members: what is left of its pause goes along. */
    QuotaDomain repaced(PacerConfig pacing, long nowNanos) {
        QuotaDomain other = new QuotaDomain(name, pacing, listener);
        long until = pausedUntilNanos.get();
        other.pausedUntilNanos.set(until > nowNanos ? until : NOT_PAUSED);
        return other;
    }

    void join(TargetState member) {
        members.add(member);
    }

    void drop(TargetState member) {
        members.remove(member);
    }

    boolean unused() {
        return members.isEmpty();
    }

    /** When the pause ends; {@code nowNanos} or earlier when there is none. */
    public long pausedUntilNanos(long nowNanos) {
        long until = pausedUntilNanos.get();
        if (until != NOT_PAUSED && nowNanos >= until && pausedUntilNanos.compareAndSet(until, NOT_PAUSED)) {
            returnInOrder(nowNanos);
            listener.resumed(this);
        }
        return until;
    }

    /**
     * Pauses until a moment; a pause that already lasts longer stays. Waiters look again when a pause begins; when it only
     * grows they find out at the end of their waits.
     */
    public void pause(long untilNanos, long nowNanos) {
        if (untilNanos <= nowNanos) {
            return;
        }
        long before = pausedUntilNanos.getAndAccumulate(untilNanos, Math::max);
        if (untilNanos - NEWS_NANOS > before || before <= nowNanos) {
            listener.paused(this, Nanos.left(untilNanos, nowNanos));
        }
        if (before <= nowNanos) {
            for (TargetState member : members) {
                member.waiters().wakeAll();
            }
        }
    }

    /** Those who waited leave at the rate that is known, otherwise one, two, four and so on. */
    private void returnInOrder(long nowNanos) {
        if (!pacer.knowsRate(nowNanos)) {
            for (TargetState member : members) {
                member.admission().restart(1, nowNanos);
            }
        }
    }

    /** Ends the pause. */
    public void reset() {
        if (pausedUntilNanos.getAndSet(NOT_PAUSED) != NOT_PAUSED) {
            listener.resumed(this);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reservations whose start has not come, in order of their starts. One that is given back stays as a gap for somebody else,
 * unless nothing follows it: then it is as if it had never been. Guarded by the lock of its {@link Pacer}.
 */
final class Line {
    private static final int FEW = 64;

    private final List<Reservation> reservations = new ArrayList<>();

    /** Those before have started. */
    private int head;

    private int gaps;

    private long tokenCorrections;

    /** A start in the future, and what it changed. */
    static final class Reservation {
        final long startNanos;
        final Taken requests;
        final Taken tokens;
        private long tokenCount;
        private boolean gap;

        Reservation(long startNanos, long tokenCount, Taken requests, Taken tokens) {
            this.startNanos = startNanos;
            this.tokenCount = tokenCount;
            this.requests = requests;
            this.tokens = tokens;
        }
    }

    /**
     * What a reservation took from a bucket.
     *
     * @param before the bucket's number before
     * @param after the bucket's number after
     * @param corrections what had been corrected of it before, as {@link Line#corrected} counts it
     */
    record Taken(long before, long after, long corrections) {
        /**
         * Sets the number back where nothing but corrections has changed it. Anything else keeps what it has got: somebody
         * with a later clock may have counted from his own moment on, and nothing would be left to take out.
         */
        void giveBackTo(Meter meter, long corrections, long nowNanos) {
            long since = corrections - this.corrections;
            if (after != before) {
                meter.set(after + since, Math.max(before, nowNanos) + since);
            }
        }
    }

    int waiting() {
        return reservations.size() - head - gaps;
    }

    /** The latest start; 0 when nobody waits. */
    long lastStartNanos() {
        return head == reservations.size() ? 0 : reservations.get(reservations.size() - 1).startNanos;
    }

    /** The tokens' number is corrected while there are reservations. */
    void corrected(long costNanos) {
        tokenCorrections += costNanos;
    }

    long tokenCorrections() {
        return tokenCorrections;
    }

    void add(Reservation reservation) {
        reservations.add(reservation);
    }

    /** Forgets those that have started. */
    void advance(long nowNanos) {
        while (head < reservations.size() && reservations.get(head).startNanos <= nowNanos) {
            gaps -= reservations.get(head).gap ? 1 : 0;
            head++;
        }
        if (head == reservations.size() || (head > FEW && head > reservations.size() / 2)) {
            reservations.subList(0, head).clear();
            head = 0;
        }
    }

    /** Gives the first gap, not before a moment, with room for so many tokens, to a new reservation. */
    @Nullable
    Reservation fillGap(long tokenCount, long earliestNanos) {
        for (int i = gaps == 0 ? reservations.size() : firstFrom(earliestNanos); i < reservations.size(); i++) {
            Reservation reservation = reservations.get(i);
            if (reservation.gap && reservation.tokenCount >= tokenCount) {
                reservation.gap = false;
                reservation.tokenCount = tokenCount;
                gaps--;
                return reservation;
            }
        }
        return null;
    }

    /** Makes a reservation a gap; false if there is none such. */
    boolean leave(long startNanos, long tokenCount) {
        for (int i = firstFrom(startNanos); i < reservations.size(); i++) {
            Reservation reservation = reservations.get(i);
            if (reservation.startNanos != startNanos) {
                return false;
            }
            if (!reservation.gap && reservation.tokenCount == tokenCount) {
                reservation.gap = true;
                gaps++;
                return true;
            }
        }
        return false;
    }

    /** Takes out the last reservation if it is a gap. */
    @Nullable
    Reservation takeLastGap() {
        int last = reservations.size() - 1;
        if (last < head || !reservations.get(last).gap) {
            return null;
        }
        gaps--;
        return reservations.remove(last);
    }

    private int firstFrom(long startNanos) {
        int low = head;
        int high = reservations.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (reservations.get(middle).startNanos < startNanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter with an exact upper limit that threads can use without meeting each other: the limit is dealt out to stripes,
 * and a thread takes a slot from the share of its own.
 *
 * <p>Data layout: each stripe has 128 bytes to itself, so that no two share a cache line or the line fetched beside it; its
 * first long is the stripe's word, its second the most that it has had in flight.
 *
 * <pre>
 *   63                  32 31               0
 *  | allowance            | in flight        |
 * </pre>
 *
 * Entry is one compare-and-set of a word whose allowance exceeds what is in flight; leaving is one subtraction from the
 * word where the slot was taken. Shares change under the lock of the {@link Admission} alone, and only in this order:
 * {@link #close} sets every allowance to zero, which ends entries, so that what is in flight can only fall from then on;
 * {@link #used} adds it up; {@link #open} deals out what is left. Two facts follow. The sum of allowances never exceeds the
 * limit, and nothing enters a stripe that has more in flight than its allowance, so entries never exceed the limit. And a
 * sum that has reached the limit was the truth at the moment when the last stripe closed, since every part of it was
 * already there.
 *
 * <p>Memory order: words are written by atomic read-modify-write operations only. One that leaves subtracts first and then
 * looks whether somebody waits; one that joins says so first and then adds up: at least one of them sees the other. The
 * high marks are plain: a lost mark is put right by the next entry at that height.
 *
 * <p>Source of the idea: P. O'Neil, "The Escrow Transactional Method", 1986.
 */
final class Slots {
    private static final int STRIDE = 16;
    private static final int MOST_STRIPES = 8;
    private static final int ALLOWANCE_SHIFT = 32;
    private static final long ONE_ALLOWANCE = 1L << ALLOWANCE_SHIFT;

    /** On the array itself: an object around it would be one more load behind each fence. */
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final int stripes;
    private final long[] words;

    /** What {@link #open} works with; guarded by the admission's lock. */
    private final int[] taken;

    /**
     * @param stripes a power of two
     */
    Slots(int stripes) {
        this.stripes = stripes;
        this.taken = new int[stripes];
        this.words = new long[(stripes + 2) * STRIDE];
    }

    /** As many stripes as threads can run at once, up to 8. */
    static int stripesHere() {
        int cores = Runtime.getRuntime().availableProcessors();
        return Math.min(MOST_STRIPES, cores <= 1 ? 1 : Integer.highestOneBit(cores - 1) << 1);
    }

    /** The stripe of the current thread. */
    int stripe() {
        return stripe((int) Thread.currentThread().getId());
    }

    /** The stripe of some number, in turn. */
    int stripe(int number) {
        return number & (stripes - 1);
    }

    /**
     * Takes a slot from the share of a stripe, or of the next that has something left of its own.
     *
     * @return the stripe to be left, or {@link Admission#FULL} where nothing is left of any share
     */
    int tryEnter(int first) {
        for (int i = 0; i < stripes; i++) {
            int stripe = stripe(first + i);
            if (tryTake(index(stripe))) {
                return stripe;
            }
        }
        return Admission.FULL;
    }

    private boolean tryTake(int index) {
        long word = word(index);
        while (true) {
            int inFlight = (int) word;
            if (inFlight >= (int) (word >>> ALLOWANCE_SHIFT)) {
                return false;
            }
            long seen = (long) WORD.compareAndExchange(words, index, word, word + 1);
            if (seen == word) {
                mark(index, inFlight + 1);
                return true;
            }
            word = seen;
        }
    }

    void leave(int stripe) {
        int index = index(stripe);
        if ((int) add(index, -1) <= 0) {
            add(index, 1);
            throw new IllegalStateException("a slot was given back that nobody held");
        }
    }

    /** Ends entries until {@link #open}; those that are in stay in. */
    void close() {
        for (int stripe = 0; stripe < stripes; stripe++) {
            int index = index(stripe);
            long word = word(index);
            while (word >>> ALLOWANCE_SHIFT != 0) {
                long seen = (long) WORD.compareAndExchange(words, index, word, word & (ONE_ALLOWANCE - 1));
                word = seen == word ? 0 : seen;
            }
        }
    }

    /** Takes a slot past the shares; for who holds the lock, has closed, and has seen that one is free. */
    void enter(int stripe) {
        int index = index(stripe);
        mark(index, (int) add(index, 1) + 1);
    }

    /** Slots taken: while closed never fewer than there are, else a number that was near. */
    int used() {
        int used = 0;
        for (int stripe = 0; stripe < stripes; stripe++) {
            used += (int) word(index(stripe));
        }
        return used;
    }

    /**
     * Deals out what is free of the limit, an equal part to each and the rest from {@code first} on; to be called while
     * closed. Where more is taken than the limit allows nothing is dealt out, and entries stay ended.
     */
    void open(int limit, int first) {
        int spare = limit;
        for (int stripe = 0; stripe < stripes; stripe++) {
            taken[stripe] = (int) word(index(stripe));
            spare -= taken[stripe];
        }
        if (spare < 0) {
            return;
        }
        for (int i = 0; i < stripes; i++) {
            int stripe = stripe(first + i);
            int share = spare / stripes + (i < spare % stripes ? 1 : 0);
            add(index(stripe), (taken[stripe] + share) * ONE_ALLOWANCE);
        }
    }

    /** The most that was in flight since the last call, at most as high as the sum of the stripes' own peaks. */
    int takePeak() {
        int peak = 0;
        for (int stripe = 0; stripe < stripes; stripe++) {
            int index = index(stripe);
            peak += (int) words[index + 1];
            words[index + 1] = (int) word(index);
        }
        return peak;
    }

    private void mark(int index, int inFlight) {
        if (inFlight > words[index + 1]) {
            words[index + 1] = inFlight;
        }
    }

    private long word(int index) {
        return (long) WORD.getVolatile(words, index);
    }

    private long add(int index, long change) {
        return (long) WORD.getAndAdd(words, index, change);
    }

    /** The array's header and length share a line with what is before the first stripe. */
    private static int index(int stripe) {
        return (stripe + 1) * STRIDE;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

/** The last {@value #SECONDS} seconds of one target, a place for each. Guarded by its {@link History}. */
final class Timeline {
    static final int SECONDS = 600;

    private static final Band[] BANDS = Band.values();

    private final int[] calls = new int[SECONDS];
    private final int[] failures = new int[SECONDS];
    private final byte[] bands = new byte[SECONDS];
    private long newest = -1;

    /** Adds to a second that is not older than the newest; seconds between the two are empty. */
    void add(long second, long moreCalls, long moreFailures, Band band) {
        for (long skipped = Math.max(newest + 1, second - SECONDS + 1); skipped <= second; skipped++) {
            clear(place(skipped));
        }
        newest = second;
        int here = place(second);
        calls[here] += (int) moreCalls;
        failures[here] += (int) moreFailures;
        bands[here] = (byte) Math.max(bands[here], band.ordinal());
    }

    private void clear(int place) {
        calls[place] = 0;
        failures[place] = 0;
        bands[place] = (byte) Band.UNKNOWN.ordinal();
    }

    int calls(long second) {
        return known(second) ? calls[place(second)] : 0;
    }

    int failures(long second) {
        return known(second) ? failures[place(second)] : 0;
    }

    Band band(long second) {
        return known(second) ? BANDS[bands[place(second)]] : Band.UNKNOWN;
    }

    private boolean known(long second) {
        return second <= newest && second > newest - SECONDS && second >= 0;
    }

    private static int place(long second) {
        return (int) (second % SECONDS);
    }
}

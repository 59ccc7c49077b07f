// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.scenario.Arrivals;
import dev.holdfast.storm.scenario.Storm;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How long after the last trouble calls are served again for good. Looked at by the moment at which calls start: of each 20
 * calls in a row that can be served, 95 % of what is possible must succeed, from then to the end.
 */
final class Recovery {
    private static final int CALLS = 20;
    private static final double ENOUGH = 0.95;

    private Recovery() {}

    /**
     * @return null where no trouble ends, or the calls never recover
     */
    static @Nullable Duration of(CallLog log) {
        Duration calm = log.storm().calmFrom();
        if (calm == null) {
            return null;
        }
        Arrivals arrivals = log.arrivals();
        int[] calls = servable(arrivals, arrivals.firstFrom(calm.toNanos()));
        if (calls.length < CALLS) {
            return null;
        }
        int good = 0;
        int lastFailed = -1;
        for (int i = 0; i < calls.length; i++) {
            good += log.succeeded(calls[i]) ? 1 : 0;
            if (i >= CALLS) {
                good -= log.succeeded(calls[i - CALLS]) ? 1 : 0;
            }
            int seen = Math.min(i + 1, CALLS);
            if (!log.succeeded(calls[i]) && good < ENOUGH * seen) {
                lastFailed = i;
            }
        }
        // calls that began this late may owe their success to the end of the load
        Duration tooLate = log.storm().duration().minus(Storm.DEADLINE.multipliedBy(2));
        if (lastFailed >= 0 && arrivals.startNanos()[calls[lastFailed]] >= tooLate.toNanos()) {
            return null;
        }
        return lastFailed < 0
                ? Duration.ZERO
                : Duration.ofNanos(arrivals.startNanos()[calls[lastFailed]] - calm.toNanos());
    }

    private static int[] servable(Arrivals arrivals, int from) {
        int[] calls = new int[arrivals.size() - from];
        int count = 0;
        for (int call = from; call < arrivals.size(); call++) {
            if (!arrivals.poison()[call]) {
                calls[count++] = call;
            }
        }
        return Arrays.copyOf(calls, count);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.scenario.Arrivals;
import dev.holdfast.storm.scenario.Storm;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What happened to each call and how many requests it sent to each target. Ends and requests may be told by any thread; to be
 * read once nobody tells any more.
 */
public final class CallLog {
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final Storm storm;
    private final Arrivals arrivals;
    private final AtomicIntegerArray outcomes;
    private final AtomicLongArray endNanos;
    private final AtomicIntegerArray[] requests;
    private final AtomicLongArray requestsByBucket;

    public CallLog(Storm storm, Arrivals arrivals) {
        this.storm = storm;
        this.arrivals = arrivals;
        this.outcomes = new AtomicIntegerArray(arrivals.size());
        this.endNanos = new AtomicLongArray(arrivals.size());
        this.requestsByBucket = new AtomicLongArray(storm.buckets());
        this.requests = new AtomicIntegerArray[storm.places().size()];
        for (int place = 0; place < requests.length; place++) {
            requests[place] = new AtomicIntegerArray(arrivals.size());
        }
    }

    public Storm storm() {
        return storm;
    }

    public Arrivals arrivals() {
        return arrivals;
    }

    /** The call is over for its caller; the first to tell is right. Scenario time since the start. */
    public void ended(int call, Outcome outcome, long atNanos) {
        if (outcomes.compareAndSet(call, 0, outcome.ordinal() + 1)) {
            endNanos.set(call, atNanos);
        }
    }

    /** So many requests of a call reached a target. */
    public void requests(int place, int call, int count) {
        requests[place].addAndGet(call, count);
    }

    /** So many requests reached any target at about that moment. */
    public void requestsAt(long atNanos, long count) {
        requestsByBucket.addAndGet(storm.bucketOf(atNanos), count);
    }

    /** Null while it runs. */
    public @Nullable Outcome outcome(int call) {
        int ordinal = outcomes.get(call);
        return ordinal == 0 ? null : OUTCOMES[ordinal - 1];
    }

    public boolean succeeded(int call) {
        return outcome(call) == Outcome.SUCCEEDED;
    }

    public long endNanos(int call) {
        return endNanos.get(call);
    }

    public int requests(int place, int call) {
        return requests[place].get(call);
    }

    /** Whether any request of the call reached a target. */
    public boolean attempted(int call) {
        for (AtomicIntegerArray place : requests) {
            if (place.get(call) > 0) {
                return true;
            }
        }
        return false;
    }

    public long requestsIn(int bucket) {
        return requestsByBucket.get(bucket);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.internal.QuotaDomain;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call has learned so far: where it was, what came of it, and when each target may be asked again. Made when
 * something goes wrong or a wait is needed, never for a call that succeeds at once; kept small, because each call that waits
 * for a retry has one. Used by one thread at a time.
 */
final class Plan {
    /** In place of a moment: never again. */
    private static final long EXCLUDED = Long.MIN_VALUE;

    /** What is known of each target; null where there is but one, whose numbers stand here. */
    private final @Nullable Each each;

    private long notBeforeNanos;
    private int started;
    private long waitedForNextNanos;
    private @Nullable PastAttempt last;

    /** Of several targets: when each may be asked again, and how often it was. */
    private static final class Each {
        final long[] notBeforeNanos;
        final int[] attempts;

        Each(int targets) {
            notBeforeNanos = new long[targets];
            attempts = new int[targets];
        }
    }

    Plan(int targets) {
        this.each = targets == 1 ? null : new Each(targets);
    }

    /** An attempt on this target starts; returns its number. */
    int start(int index) {
        if (each != null) {
            each.attempts[index]++;
        }
        return ++started;
    }

    int started() {
        return started;
    }

    int attemptsOn(int index) {
        return each == null ? started : each.attempts[index];
    }

    boolean tried(int index) {
        return attemptsOn(index) > 0;
    }

    boolean triedDomain(QuotaDomain domain, TargetState[] targets) {
        for (int i = 0; i < targets.length; i++) {
            if (tried(i) && targets[i].domain() == domain) {
                return true;
            }
        }
        return false;
    }

    /** Another attempt there is pointless for this call. */
    void exclude(int index) {
        set(index, EXCLUDED);
    }

    /** Another attempt in the whole quota domain is pointless for this call. */
    void exclude(QuotaDomain domain, TargetState[] targets) {
        for (int i = 0; i < targets.length; i++) {
            if (targets[i].domain() == domain) {
                exclude(i);
            }
        }
    }

    boolean excluded(int index) {
        return known(index) == EXCLUDED;
    }

    void notBefore(int index, long nanos) {
        if (!excluded(index)) {
            set(index, nanos);
        }
    }

    private void set(int index, long nanos) {
        if (each == null) {
            notBeforeNanos = nanos;
        } else {
            each.notBeforeNanos[index] = nanos;
        }
    }

    /** 0 where nothing is known against it. */
    long notBeforeNanos(int index) {
        return excluded(index) ? 0 : known(index);
    }

    private long known(int index) {
        return each == null ? notBeforeNanos : each.notBeforeNanos[index];
    }

    private @Nullable PastAttempt lastFailed() {
        PastAttempt past = last;
        while (past != null && past.failure == null) {
            past = past.before;
        }
        return past;
    }

    /** The latest. */
    @Nullable
    Failure failure() {
        PastAttempt failed = lastFailed();
        return failed == null ? null : failed.failure;
    }

    /** Where the latest was; -1 when there was none. */
    int failedIndex() {
        PastAttempt failed = lastFailed();
        return failed == null ? -1 : failed.index;
    }

    int failuresOf(Category category) {
        int count = 0;
        for (PastAttempt past = last; past != null; past = past.before) {
            count += past.failure != null && past.failure.category() == category ? 1 : 0;
        }
        return count;
    }

    /** The call has waited this long for its next attempt. */
    synchronized void waited(long nanos) {
        waitedForNextNanos = Nanos.add(waitedForNextNanos, nanos);
    }

    /** In all, as an interrupted caller may ask too. */
    synchronized long waitedNanos() {
        long waitedNanos = waitedForNextNanos;
        for (PastAttempt past = last; past != null; past = past.before) {
            waitedNanos = Nanos.add(waitedNanos, past.waitedNanos);
        }
        return waitedNanos;
    }

    /** How long the call has waited since its last attempt. */
    long waitedForNextNanos() {
        return waitedForNextNanos;
    }

    /** Adds what came of an attempt; the wait before it is what was waited since the one before. */
    synchronized void add(
            AttemptRun<?> attempt,
            int index,
            Outcome outcome,
            @Nullable Failure why,
            long elapsedNanos,
            boolean maybeBilled) {
        last = new PastAttempt(attempt, index, outcome, why, waitedForNextNanos, elapsedNanos, maybeBilled, last);
        waitedForNextNanos = 0;
    }

    /** In order of their ends. Another thread may ask for it: an interrupted caller reports what was tried so far. */
    synchronized List<AttemptReport> reports(TargetState[] targets) {
        List<AttemptReport> reports = new ArrayList<>();
        for (PastAttempt past = last; past != null; past = past.before) {
            reports.add(past.report(targets[past.index].target()));
        }
        Collections.reverse(reports);
        return reports;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.internal.QuotaDomain;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call has learned so far: where it was, what came of it, and when each target may be asked again. Made when
 * something goes wrong or a wait is needed, never for a call that succeeds at once. Used by one thread at a time.
 */
final class Plan {
    private final TargetState[] targets;
    private final long[] notBeforeNanos;
    private final int[] attemptsOn;
    private long excluded;
    private int started;
    private long waitedNanos;
    private long waitedForNextNanos;
    private final List<AttemptReport> reports = new ArrayList<>(2);
    private @Nullable Failure failure;
    private int failedIndex = -1;

    Plan(TargetState[] targets) {
        this.targets = targets;
        this.notBeforeNanos = new long[targets.length];
        this.attemptsOn = new int[targets.length];
    }

    /** An attempt on this target starts; returns its number. */
    int start(int index) {
        attemptsOn[index]++;
        return ++started;
    }

    int started() {
        return started;
    }

    int attemptsOn(int index) {
        return attemptsOn[index];
    }

    boolean tried(int index) {
        return attemptsOn[index] > 0;
    }

    boolean triedDomain(QuotaDomain domain) {
        for (int i = 0; i < targets.length; i++) {
            if (attemptsOn[i] > 0 && targets[i].domain() == domain) {
                return true;
            }
        }
        return false;
    }

    /** Another attempt there is pointless for this call. */
    void exclude(int index) {
        excluded |= 1L << index;
    }

    /** Another attempt in the whole quota domain is pointless for this call. */
    void exclude(QuotaDomain domain) {
        for (int i = 0; i < targets.length; i++) {
            if (targets[i].domain() == domain) {
                exclude(i);
            }
        }
    }

    boolean excluded(int index) {
        return (excluded & (1L << index)) != 0;
    }

    void notBefore(int index, long nanos) {
        notBeforeNanos[index] = nanos;
    }

    long notBeforeNanos(int index) {
        return notBeforeNanos[index];
    }

    void failed(int index, Failure why) {
        failure = why;
        failedIndex = index;
    }

    @Nullable
    Failure failure() {
        return failure;
    }

    int failedIndex() {
        return failedIndex;
    }

    int failuresOf(Category category) {
        int count = 0;
        for (AttemptReport report : reports) {
            Failure of = report.failure();
            count += of != null && of.category() == category ? 1 : 0;
        }
        return count;
    }

    /** The call has waited this long for its next attempt. */
    void waited(long nanos) {
        waitedNanos = Nanos.add(waitedNanos, nanos);
        waitedForNextNanos = Nanos.add(waitedForNextNanos, nanos);
    }

    long waitedNanos() {
        return waitedNanos;
    }

    /** How long the call has waited since its last attempt. */
    long waitedForNextNanos() {
        return waitedForNextNanos;
    }

    /** Adds what came of an attempt; the wait before it is what was waited since the one before. */
    synchronized void report(
            AttemptRun<?> attempt, Outcome outcome, @Nullable Failure why, long elapsedNanos, boolean maybeBilled) {
        reports.add(attempt.report(outcome, why, waitedForNextNanos, elapsedNanos, maybeBilled));
        waitedForNextNanos = 0;
    }

    /** The one part that another thread may ask for: an interrupted caller reports what was tried so far. */
    synchronized List<AttemptReport> reports() {
        return List.copyOf(reports);
    }
}

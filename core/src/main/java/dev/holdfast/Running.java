// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.AttemptTimeoutException.Phase;
import dev.holdfast.failure.Failure;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt needs beyond its first moment: its watchdog, the ways to end it, and the progress of one that goes on.
 * One timer per attempt: progress only moves the due times, and the timer, when it fires, looks and sleeps on.
 */
final class Running implements OngoingAttempt, Runnable {
    private final AttemptRun<?> attempt;

    // guarded by this
    private final long totalNanos;
    private final long firstContentLimitNanos;
    private final long idleLimitNanos;
    private boolean goesOn;
    private boolean contentSeen;
    private boolean endedBeforeCommit;
    private boolean committed;
    private boolean committing;
    private @Nullable Runnable deferredEnd;
    private long inputTokens;
    private long outputTokens;
    private boolean hedge;
    private @Nullable Failure endedBy;
    private @Nullable AttemptReport ending;
    private long firstContentNanos;
    private long idleNanos;
    private long demandGoneNanos = Nanos.NEVER;
    private long hedgeNanos = Nanos.NEVER;
    private boolean over;
    private boolean cancelled;
    private @Nullable List<Runnable> hooks;
    private @Nullable CompletionStage<?> stage;
    private Timer.@Nullable Scheduled timer;
    private long timerAtNanos;

    Running(AttemptRun<?> attempt, TimeoutConfig timeouts, long startNanos) {
        this.attempt = attempt;
        this.totalNanos = Nanos.add(startNanos, Nanos.of(timeouts.attempt()));
        this.firstContentLimitNanos = Nanos.of(timeouts.firstContent());
        this.idleLimitNanos = Nanos.of(timeouts.idle());
        this.firstContentNanos = Nanos.add(startNanos, firstContentLimitNanos);
        // Silence can be measured only from a first sound; until then the wait for the first content bounds it.
        this.idleNanos = Nanos.NEVER;
    }

    /** From now on progress counts; to be called before the commit. */
    synchronized void goOn() {
        if (!goesOn) {
            goesOn = true;
            if (!over) {
                attempt.runsOn();
                rearm();
            }
        }
    }

    synchronized boolean goesOn() {
        return goesOn;
    }

    /** False when the attempt has ended already. Until {@link #endCommit} nobody else can end it. */
    synchronized boolean beginCommit() {
        committing = attempt.toCommitted();
        hedgeNanos = Nanos.NEVER;
        committed |= committing;
        return committing;
    }

    /** Returns the end that came during the commit or before it. */
    synchronized @Nullable Runnable endCommit() {
        committing = false;
        return deferredEnd == null && endedBeforeCommit ? attempt::ended : deferredEnd;
    }

    /** Ends the attempt, see {@link AttemptRun#take}; an end during the commit waits for it, and the first one counts. */
    synchronized int take(Runnable again) {
        if (!committing) {
            return attempt.take();
        }
        deferredEnd = deferredEnd == null ? again : deferredEnd;
        return AttemptRun.DEFERRED;
    }

    synchronized boolean committed() {
        return committed;
    }

    synchronized void usage(long input, long output) {
        inputTokens = input;
        outputTokens = output;
    }

    synchronized void hedge() {
        hedge = true;
    }

    synchronized boolean isHedge() {
        return hedge;
    }

    synchronized long inputTokens() {
        return inputTokens;
    }

    synchronized long outputTokens() {
        return outputTokens;
    }

    /** When the attempt, unless it has committed or ended, has been slow for so long that it gets company. */
    synchronized void hedgeAt(long atNanos) {
        if (!over && !committed) {
            hedgeNanos = atNanos;
            rearm();
        }
    }

    /** Starts the watch before there is a stage. */
    synchronized void arm() {
        attempt.runsOn();
        rearm();
    }

    /** The attempt's stage is not complete: watch it. */
    void watch(CompletionStage<?> running) {
        boolean late;
        synchronized (this) {
            late = over;
            if (!late) {
                stage = running;
                attempt.runsOn();
                rearm();
            } else if (!cancelled) {
                return;
            }
        }
        if (late) {
            attempt.cancel(running);
        }
    }

    void onCancel(Runnable action) {
        synchronized (this) {
            if (!over) {
                if (hooks == null) {
                    hooks = new ArrayList<>(2);
                }
                hooks.add(action);
                return;
            }
            if (!cancelled) {
                return;
            }
        }
        attempt.runHook(action);
    }

    /** The attempt is over by itself: no timer, nobody to tell. */
    synchronized void finish() {
        close(false);
    }

    /** The engine ended the attempt: its stage and its hooks are told. Not under the lock: this is code of users. */
    void cancelWork() {
        List<Runnable> told;
        CompletionStage<?> running;
        synchronized (this) {
            told = hooks;
            running = stage;
            close(true);
        }
        if (told != null) {
            told.forEach(attempt::runHook);
        }
        if (running != null) {
            attempt.cancel(running);
        }
    }

    private void close(boolean byEngine) {
        over = true;
        attempt.runsNoMore();
        cancelled |= byEngine;
        hooks = null;
        stage = null;
        withdrawTimer();
    }

    private void withdrawTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** On the timer's thread: nothing but a look at the times. */
    @Override
    public void run() {
        Phase phase;
        long limitNanos;
        synchronized (this) {
            if (over) {
                return;
            }
            // Not always the one that has run: another may have been armed while this one waited for the lock.
            withdrawTimer();
            long nowNanos = attempt.nowNanos();
            phase = duePhase(nowNanos);
            if (phase == null) {
                if (nowNanos >= hedgeNanos) {
                    hedgeNanos = Nanos.NEVER;
                    attempt.slow();
                }
                rearm();
                return;
            }
            limitNanos = limit(phase, nowNanos);
        }
        attempt.due(phase, limitNanos);
    }

    private @Nullable Phase duePhase(long nowNanos) {
        if (nowNanos >= attempt.deadlineNanos()) {
            return Phase.DEADLINE;
        }
        if (nowNanos >= totalNanos) {
            return Phase.ATTEMPT;
        }
        if (!goesOn || demandGoneNanos != Nanos.NEVER) {
            return null;
        }
        if (!contentSeen && nowNanos >= firstContentNanos) {
            return Phase.FIRST_CONTENT;
        }
        return nowNanos >= idleNanos ? Phase.IDLE : null;
    }

    private long limit(Phase phase, long nowNanos) {
        return switch (phase) {
            case FIRST_CONTENT -> firstContentLimitNanos;
            case IDLE -> idleLimitNanos;
            case ATTEMPT -> totalNanos - attempt.startNanos();
            case DEADLINE -> nowNanos - attempt.startNanos();
        };
    }

    /** Whether it has run so long that one of its own timeouts would soon have ended it, the deadline left aside. */
    synchronized boolean outlivedOwnTimeout(long nowNanos) {
        return nowNanos >= totalNanos
                || (goesOn
                        && demandGoneNanos == Nanos.NEVER
                        && ((!contentSeen && nowNanos >= firstContentNanos) || nowNanos >= idleNanos));
    }

    private long nextDueNanos() {
        long due = Math.min(Math.min(totalNanos, attempt.deadlineNanos()), hedgeNanos);
        if (goesOn && demandGoneNanos == Nanos.NEVER) {
            due = Math.min(due, idleNanos);
            due = contentSeen ? due : Math.min(due, firstContentNanos);
        }
        return due;
    }

    private void rearm() {
        if (over) {
            return;
        }
        long due = nextDueNanos();
        if (timer != null) {
            if (timerAtNanos <= due) {
                // It looks too early and sleeps on: cheaper than a new one for each burst of bytes.
                return;
            }
            withdrawTimer();
        }
        if (due != Nanos.NEVER) {
            timerAtNanos = due;
            timer = attempt.timer().at(due, this);
            if (attempt.isEnded()) {
                // By one who may not have seen this object, and then will not come to close it.
                withdrawTimer();
            }
        }
    }

    @Override
    public synchronized void bytesArrived() {
        silenceStartsAnew();
    }

    @Override
    public synchronized void contentArrived() {
        contentSeen = true;
        silenceStartsAnew();
    }

    private void silenceStartsAnew() {
        // While nobody wants more, time stands still at the moment when that began.
        long nowNanos = demandGoneNanos == Nanos.NEVER ? attempt.nowNanos() : demandGoneNanos;
        boolean first = idleNanos == Nanos.NEVER;
        idleNanos = Nanos.add(nowNanos, idleLimitNanos);
        if (first) {
            rearm();
        }
    }

    @Override
    public synchronized void demand(boolean wanted) {
        if (wanted == (demandGoneNanos == Nanos.NEVER)) {
            return;
        }
        long nowNanos = attempt.nowNanos();
        if (!wanted) {
            demandGoneNanos = nowNanos;
            return;
        }
        long stoodStill = nowNanos - demandGoneNanos;
        demandGoneNanos = Nanos.NEVER;
        firstContentNanos = Nanos.add(firstContentNanos, stoodStill);
        idleNanos = idleNanos == Nanos.NEVER ? Nanos.NEVER : Nanos.add(idleNanos, stoodStill);
        rearm();
    }

    @Override
    public void end() {
        synchronized (this) {
            if (!committed) {
                endedBeforeCommit = true;
                return;
            }
        }
        attempt.ended();
    }

    @Override
    public void fail(Throwable error) {
        if (committed()) {
            // Its reader is told next and will ask for the report, so the verdict cannot wait for a turn.
            attempt.failed(error);
        } else {
            attempt.failedAsync(error);
        }
    }

    @Override
    public void cancel() {
        attempt.consumerLeft();
    }

    synchronized void ending(AttemptReport report) {
        ending = report;
    }

    @Nullable
    synchronized AttemptReport ending() {
        return ending;
    }

    synchronized void endedBy(Failure failure) {
        endedBy = failure;
    }

    @Override
    public synchronized @Nullable Failure endedBy() {
        return endedBy;
    }

    @Override
    public CallReport report() {
        return attempt.callReport();
    }

    @Override
    public boolean isOver() {
        return attempt.isEnded();
    }
}

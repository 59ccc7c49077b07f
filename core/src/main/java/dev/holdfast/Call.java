// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.AttemptTimeoutException.Phase;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Target;
import dev.holdfast.target.internal.TargetState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call from its start to its end, and the future that its caller holds.
 *
 * <p>Ownership: {@link #current} says who moves the call on. It is the running attempt, or the wait, or null while some
 * thread decides what is next, or {@link #ENDED}. Every step is one compare-and-set from what the stepping thread put or
 * found there, so the plan has one user at a time, and the one who puts {@code ENDED} there ends the call. A thread that
 * decided and finds its place taken undoes what it had acquired and tells the end, because only it knows what it has told
 * before: so a call's end is its last event.
 *
 * @param <T> what an attempt yields
 * @param <R> what the caller gets
 */
class Call<T, R> extends CompletableFuture<R> {
    private static final Object ENDED = new Object();
    private static final VarHandle CURRENT;

    static {
        try {
            CURRENT = MethodHandles.lookup().findVarHandle(Call.class, "current", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Holdfast engine;
    final Route route;
    final CallOptions options;
    final long startedNanos;
    final long deadlineNanos;
    /** The id, once it was asked for, or the {@link Observed} that knows it: one field for both, which saves bytes of each call. */
    private volatile @Nullable Object identity;

    /** Null once the call is over, so that a future or an exception that is kept does not keep the user's closure. */
    private @Nullable AttemptFunction<T> function;

    @SuppressWarnings("FieldMayBeFinal") // changed through CURRENT
    private volatile @Nullable Object current;

    /** Made at the first failure or wait; used only by the owner of the step. */
    private @Nullable Plan plan;

    Call(
            Holdfast engine,
            Route route,
            AttemptFunction<T> function,
            CallOptions options,
            long startedNanos,
            long deadlineNanos) {
        this.engine = engine;
        this.route = route;
        this.function = function;
        this.options = options;
        this.startedNanos = startedNanos;
        this.deadlineNanos = deadlineNanos;
        CallContext context = options.context();
        if (context != null) {
            this.identity = context.callId();
        }
    }

    /** What the caller sees of an attempt's value; a call that gives its report overrides it. */
    @SuppressWarnings("unchecked")
    @Nullable
    R visible(@Nullable T value, AttemptRun<T> attempt, long nowNanos) {
        return (R) value;
    }

    /** Where attempts after the first one start; a blocking call overrides it. */
    Executor attemptExecutor() {
        return engine.executor;
    }

    /** The engine has ended an attempt whose code may still run; a blocking call overrides it to interrupt that code. */
    void cutShort(AttemptRun<?> attempt) {}

    /** Called when the future may be complete; a blocking call overrides it to wake its thread. */
    void over() {}

    /** Whether it matters to the caller or to a listener how long attempts take. */
    boolean isTimed() {
        return isHeard();
    }

    /** Whether events of this call are wanted; those who go along with it hear them to its end. */
    final boolean isHeard() {
        Observed with = observed();
        return engine.events.on() || (with != null && with.hears());
    }

    final @Nullable Observed observed() {
        return identity instanceof Observed with ? with : null;
    }

    /** An attempt of a blocking call has ended on the thread of the caller. */
    void succeededHere(AttemptRun<T> attempt, @Nullable T value, long nowNanos) {
        succeeded(attempt, value, nowNanos);
    }

    /** Whether a second attempt may be started beside a slow one; a blocking call has but one thread. */
    boolean hedges() {
        return engine.config.hedge().enabled() && !options.sideEffects();
    }

    final TargetState target(int index) {
        return route.states[index];
    }

    final int targetCount() {
        return route.states.length;
    }

    final boolean hasPeer(int index) {
        return route.hasPeer(index);
    }

    final String id() {
        Object known = identity;
        if (known == null) {
            String made = engine.nextCallId();
            synchronized (this) {
                known = identity == null ? made : identity;
                identity = known;
            }
        }
        return known instanceof Observed with ? with.callId() : (String) known;
    }

    final TimeoutConfig timeouts() {
        TimeoutConfig own = options.timeouts();
        return own != null ? own : engine.config.timeouts();
    }

    final long attemptNanos() {
        return engine.attemptNanos(options);
    }

    final int maxAttempts() {
        Integer own = options.maxAttempts();
        return own != null ? own : engine.config.retry().maxAttempts();
    }

    final boolean isOver() {
        return current == ENDED;
    }

    final boolean isCurrent(Object step) {
        return current == step;
    }

    final long waitedForNextNanos() {
        return plan == null ? 0 : plan.waitedForNextNanos();
    }

    /** Whether nothing has failed and nothing was waited for. */
    final boolean isFirstStep() {
        return plan == null;
    }

    final @Nullable Plan knownPlan() {
        return plan;
    }

    final Plan plan() {
        Plan known = plan;
        if (known == null) {
            known = new Plan(route.states.length);
            plan = known;
        }
        return known;
    }

    final Decision decision() {
        return new Decision(engine, route.states, plan(), deadlineNanos, maxAttempts());
    }

    /** Starts the call on the caller's thread. */
    final void begin() {
        if (engine.attention.isPaid() && !beginWatched()) {
            return;
        }
        Steps.first(this, startedNanos);
    }

    private boolean beginWatched() {
        if (engine.attention.observers()) {
            Observed with = engine.observers.begin(this);
            identity = with == null ? identity : with;
        }
        if (engine.events.on()) {
            CallEvents.started(this);
        }
        if (engine.isClosed()) {
            reject(Endings.closed(this), startedNanos);
            return false;
        }
        return true;
    }

    final void run(AttemptRun<T> attempt) {
        AttemptFunction<T> todo = function;
        boolean heard = isHeard();
        if (heard) {
            CallEvents.attemptStarted(this, attempt);
        }
        if (todo == null || !takeStep(attempt)) {
            attempt.neverStarted();
            if (heard) {
                CallEvents.attemptCancelled(this, attempt, attempt.nowNanos());
            }
            tellLeft(attempt);
            return;
        }
        invoke(todo, attempt);
    }

    /** Runs the attempt's function; a blocking call overrides it. */
    void invoke(AttemptFunction<T> todo, AttemptRun<T> attempt) {
        CompletionStage<T> stage;
        try {
            stage = engine.start(todo, attempt, observed());
        } catch (Throwable error) {
            attempt.failed(error);
            return;
        }
        attempt.returned(stage);
    }

    /** Takes over an attempt that was started while there was no call; to be asked of a new call, once. */
    final AttemptRun<T> adopt(Grant first) {
        AttemptRun<T> attempt = new AttemptRun<>(this, first);
        CURRENT.setRelease(this, attempt);
        return attempt;
    }

    /** A hedge has been let into the call's slot; it may have been ended since. */
    final void runHedge(AttemptRun<T> hedge) {
        AttemptFunction<T> todo = function;
        if (todo != null && !hedge.isEnded()) {
            invoke(todo, hedge);
        }
    }

    /** The owner hands the step over to a wait; false when the caller has left meanwhile. */
    final boolean take(Wait wait) {
        return CURRENT.compareAndSet(this, null, wait);
    }

    /** An attempt becomes a race, or the other way round; false when the call has gone on meanwhile. */
    final boolean swap(Object from, Object to) {
        return CURRENT.compareAndSet(this, from, to);
    }

    /** For {@link Race#won} alone. */
    final boolean endRace(Race<T> race) {
        return CURRENT.compareAndSet(this, race, ENDED);
    }

    private boolean takeStep(AttemptRun<T> attempt) {
        if (plan == null) {
            // Nothing has gone wrong and nothing was waited for, so nobody but this thread knows the call yet; what it
            // is handed to next is handed over with a fence.
            CURRENT.setRelease(this, attempt);
            return true;
        }
        return CURRENT.compareAndSet(this, null, attempt);
    }

    /** The attempt has committed: nobody else ends the call from now on. False when it is too late. */
    @SuppressWarnings("unchecked") // a race in this slot is of this call
    private boolean win(AttemptRun<T> attempt, long nowNanos) {
        while (true) {
            Object now = current;
            if (now == attempt) {
                if (CURRENT.compareAndSet(this, attempt, ENDED)) {
                    return true;
                }
            } else if (now instanceof Race<?> race && race.has(attempt)) {
                if (((Race<T>) race).won(attempt, nowNanos)) {
                    return true;
                }
            } else {
                return false;
            }
        }
    }

    /** The attempt has failed, and this thread owns the step; false when the call goes on or is over without it. */
    @SuppressWarnings("unchecked") // a race in this slot is of this call
    private boolean lose(AttemptRun<T> attempt, Outcome outcome, Failure failure, long nowNanos) {
        while (true) {
            Object now = current;
            if (now == attempt) {
                if (CURRENT.compareAndSet(this, attempt, null)) {
                    return true;
                }
            } else if (now instanceof Race<?> race && race.has(attempt)) {
                if (((Race<T>) race).failed(attempt, outcome, failure, nowNanos)) {
                    return false;
                }
            } else {
                return false;
            }
        }
    }

    // What attempts tell.

    final void succeeded(AttemptRun<T> attempt, @Nullable T value, long nowNanos) {
        if (!win(attempt, nowNanos)) {
            return;
        }
        boolean watched = engine.attention.isPaid() || observed() != null;
        if (watched && isHeard()) {
            CallEvents.succeeded(this, attempt, nowNanos);
        }
        R result = visible(value, attempt, nowNanos);
        finished();
        super.complete(result);
        over();
        if (watched) {
            engine.shutdown.check();
        }
    }

    /** As {@link #succeeded} for a call whose future nobody has: its value goes another way. False when it is over. */
    final boolean endHere(AttemptRun<T> attempt, long nowNanos) {
        if (!CURRENT.compareAndSet(this, attempt, ENDED)) {
            return false;
        }
        if (isHeard()) {
            CallEvents.succeeded(this, attempt, nowNanos);
        }
        finished();
        return true;
    }

    /** The attempt goes on after this; false when the caller has left meanwhile. */
    final boolean committed(AttemptRun<T> attempt, long nowNanos) {
        if (!win(attempt, nowNanos)) {
            return false;
        }
        if (isHeard()) {
            CallEvents.committed(this, attempt, nowNanos);
        }
        finished();
        return true;
    }

    /** Shows the caller what an attempt committed; false when the caller has left meanwhile. */
    final boolean show(AttemptRun<T> attempt, @Nullable T value, long nowNanos) {
        boolean shown = super.complete(visible(value, attempt, nowNanos));
        over();
        return shown;
    }

    final void endedAfterCommit(AttemptRun<T> attempt, Outcome outcome, @Nullable Failure failure, long nowNanos) {
        if (isHeard()) {
            CallEvents.endedAfterCommit(this, attempt, outcome, failure, nowNanos);
        }
        engine.shutdown.check();
    }

    final void failed(AttemptRun<T> attempt, Outcome outcome, Failure failure, Throwable error, long nowNanos) {
        if (!lose(attempt, outcome, failure, nowNanos)) {
            return;
        }
        note(attempt, outcome, failure, nowNanos);
        int index = indexOf(attempt.targetState());
        Error fatal = Errors.fatal(error);
        if (fatal != null) {
            end(fatal, failure, nowNanos);
        } else if (isDeadline(failure, error, nowNanos)) {
            end(Endings.deadline(this, failure, nowNanos), failure, nowNanos);
        } else {
            boolean harmful = options.sideEffects() && maybeBilled(failure);
            Steps.go(this, decision().afterFailure(index, failure, harmful, nowNanos), nowNanos);
        }
    }

    /** Notes and tells how an attempt failed. */
    final void note(AttemptRun<T> attempt, Outcome outcome, Failure failure, long nowNanos) {
        Plan known = plan();
        int index = indexOf(attempt.targetState());
        if (known.started() == 0) {
            known.start(index);
        }
        known.add(attempt, index, outcome, failure, nowNanos - attempt.startNanos(), maybeBilled(failure));
        if (isHeard()) {
            CallEvents.attemptFailed(this, attempt, outcome, failure, nowNanos);
        }
    }

    /** A call nested in the attempt shares the deadline and may notice it first. */
    private boolean isDeadline(Failure failure, Throwable error, long nowNanos) {
        return (error instanceof AttemptTimeoutException timeout && timeout.phase() == Phase.DEADLINE)
                || (failure.category() == Category.TIMEOUT && nowNanos >= deadlineNanos);
    }

    /** A result that came after the attempt's end. */
    final void late(AttemptRun<T> attempt) {
        engine.logOnce("a result came after its attempt had ended and is ignored, first seen at " + attempt.target());
    }

    /** Whether it was lost after it was sent, so that the provider may have carried it out. */
    static boolean maybeBilled(Failure failure) {
        return failure.sent()
                && (failure.category() == Category.TIMEOUT
                        || failure.category() == Category.NETWORK
                        || failure.category() == Category.STREAM_INTERRUPTED);
    }

    final int indexOf(TargetState target) {
        for (int i = 0; i < route.states.length; i++) {
            if (route.states[i] == target) {
                return i;
            }
        }
        throw new IllegalStateException("the attempt is not of this call");
    }

    /** The wait is over, or something has changed at its target. Any thread. */
    final void wake(Wait wait) {
        if (CURRENT.compareAndSet(this, wait, null)) {
            engine.shutdown.moving();
            wait.disarm();
            attemptExecutor().execute(() -> {
                try {
                    Waits.resume(this, wait);
                } finally {
                    engine.shutdown.arrived();
                }
            });
        }
    }

    // The end.

    final void reject(CallRejectedException rejection, long nowNanos) {
        if (CURRENT.compareAndSet(this, null, ENDED)) {
            if (isHeard()) {
                CallEvents.rejected(this, rejection, nowNanos);
            }
            finished();
            super.completeExceptionally(rejection);
            over();
        } else {
            tellLeft(null);
        }
    }

    final void end(Throwable error, Failure failure, long nowNanos) {
        if (CURRENT.compareAndSet(this, null, ENDED)) {
            if (isHeard()) {
                CallEvents.ended(this, Outcome.FAILURE, failure, null, nowNanos);
            }
            finished();
            super.completeExceptionally(error);
            over();
        } else {
            tellLeft(null);
        }
    }

    private void finished() {
        function = null;
    }

    final void tellLeft(@Nullable AttemptRun<?> last) {
        if (isHeard()) {
            Target target = last == null ? null : last.target();
            CallEvents.ended(this, Outcome.CANCELLED, null, target, engine.ticker.nanos());
        }
        engine.shutdown.check();
    }

    /** The caller no longer wants the result: everything that runs or waits is given back, nothing is recorded. */
    private void leave() {
        Object was = CURRENT.getAndSet(this, ENDED);
        if (was == ENDED) {
            return;
        }
        finished();
        if (was instanceof AttemptRun<?> attempt) {
            attempt.callerLeft();
            if (isHeard()) {
                CallEvents.attemptCancelled(this, attempt, attempt.nowNanos());
            }
            tellLeft(attempt);
        } else if (was instanceof Race<?> race) {
            tellLeft(race.left(engine.ticker.nanos()));
        } else if (was instanceof Wait wait) {
            wait.disarm();
            wait.giveBack(engine.ticker.nanos());
            tellLeft(null);
        }
        engine.shutdown.check();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        // First, because dependents run within the completion and may take their time.
        leave();
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        over();
        return cancelled;
    }

    /** Completing the future from outside, as {@code orTimeout} does, is leaving too. */
    @Override
    public boolean complete(@Nullable R value) {
        leave();
        boolean completed = super.complete(value);
        over();
        return completed;
    }

    /** See {@link #complete}. */
    @Override
    public boolean completeExceptionally(Throwable error) {
        leave();
        boolean completed = super.completeExceptionally(error);
        over();
        return completed;
    }

    /** Dependents are plain futures: completing one of them does not end the call. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}

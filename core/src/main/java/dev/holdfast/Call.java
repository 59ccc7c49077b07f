// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.AttemptTimeoutException.Phase;
import dev.holdfast.circuit.Permit;
import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.internal.Pass;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One call from its start to its end, and the future that its caller holds.
 *
 * <p>Ownership: {@link #current} says who moves the call on. It is the running attempt, or the wait, or null while some
 * thread decides what is next, or {@link #ENDED}. Every step is one compare-and-set from what the stepping thread put or
 * found there, so the plan has one user at a time, and the one who puts {@code ENDED} there ends the call. A thread that
 * finds its place taken undoes what it had acquired.
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
    final TargetState[] targets;
    final CallOptions options;
    final long startedNanos;
    final long deadlineNanos;
    private final AttemptFunction<T> function;
    private volatile @Nullable String id;

    @SuppressWarnings("FieldMayBeFinal") // changed through CURRENT
    private volatile @Nullable Object current;

    /** Made at the first failure or wait; used only by the owner of the step. */
    private @Nullable Plan plan;

    Call(
            Holdfast engine,
            TargetState[] targets,
            AttemptFunction<T> function,
            CallOptions options,
            long startedNanos,
            long deadlineNanos) {
        this.engine = engine;
        this.targets = targets;
        this.function = function;
        this.options = options;
        this.startedNanos = startedNanos;
        this.deadlineNanos = deadlineNanos;
        CallContext context = options.context();
        this.id = context == null ? null : context.callId();
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

    /** Called after the call has ended; a blocking call overrides it to wake its thread. */
    void over() {}

    final String id() {
        String known = id;
        if (known == null) {
            String made = engine.nextCallId();
            synchronized (this) {
                known = id == null ? made : id;
                id = known;
            }
        }
        return known;
    }

    final TimeoutConfig timeouts() {
        TimeoutConfig own = options.timeouts();
        return own != null ? own : engine.config.timeouts();
    }

    final int maxAttempts() {
        Integer own = options.maxAttempts();
        return own != null ? own : engine.config.retry().maxAttempts();
    }

    final boolean isCurrent(Object step) {
        return current == step;
    }

    final long waitedForNextNanos() {
        return plan == null ? 0 : plan.waitedForNextNanos();
    }

    final @Nullable Plan knownPlan() {
        return plan;
    }

    private Plan plan() {
        Plan known = plan;
        if (known == null) {
            known = new Plan(targets);
            plan = known;
        }
        return known;
    }

    private Decision decision() {
        return new Decision(engine, targets, plan(), deadlineNanos, maxAttempts());
    }

    /** Starts the call on the caller's thread. */
    final void begin() {
        if (engine.events.on()) {
            CallEvents.started(this);
        }
        first(startedNanos);
    }

    /** The owner looks for a target for the first attempt: the first usable one, else the pause that ends first. */
    private void first(long nowNanos) {
        int paused = -1;
        long pauseEndNanos = Nanos.NEVER;
        for (int i = 0; i < targets.length; i++) {
            long untilNanos = targets[i].domain().pausedUntilNanos(nowNanos);
            if (untilNanos <= nowNanos) {
                if (start(i, nowNanos, 0)) {
                    return;
                }
            } else if (decision().usable(i, nowNanos)) {
                if (untilNanos - nowNanos <= Nanos.of(engine.config.retry().waitHere())) {
                    await(i, nowNanos, untilNanos, 0);
                    return;
                }
                if (untilNanos < pauseEndNanos) {
                    paused = i;
                    pauseEndNanos = untilNanos;
                }
            }
        }
        if (paused >= 0 && decision().unreachable(pauseEndNanos, nowNanos) == null) {
            CallEvents.pauseAwaited(this, targets[paused], pauseEndNanos - nowNanos);
            await(paused, nowNanos, pauseEndNanos, 0);
        } else {
            reject(nowNanos);
        }
    }

    /** Takes all that an attempt needs, outermost first, or nothing; then starts it. False when the target rejects. */
    private boolean start(int index, long nowNanos, int paid) {
        TargetState target = targets[index];
        long longestNanos = Math.min(Nanos.of(timeouts().attempt()), Nanos.left(deadlineNanos, nowNanos));
        long leaseNanos = Nanos.add(longestNanos, Holdfast.LEASE_MARGIN_NANOS);
        Pass pass = target.credential().acquire(nowNanos, leaseNanos);
        if (pass == Pass.NO) {
            return false;
        }
        Permit permit = target.circuit().tryAcquire(nowNanos, leaseNanos);
        if (permit == null) {
            target.credential().ended(pass, false, null, target, nowNanos);
            return false;
        }
        target.enter(nowNanos);
        Plan known = plan != null || index == 0 ? plan : plan();
        int number = known == null ? 1 : known.start(index);
        run(new AttemptRun<>(this, target, permit, pass, nowNanos, number, paid));
        return true;
    }

    private void run(AttemptRun<T> attempt) {
        if (!CURRENT.compareAndSet(this, null, attempt)) {
            attempt.neverStarted();
            return;
        }
        if (engine.events.on()) {
            CallEvents.attemptStarted(this, attempt);
        }
        CompletionStage<T> stage;
        try {
            stage = engine.start(function, attempt);
        } catch (Throwable error) {
            attempt.failed(error);
            return;
        }
        if (stage == null) {
            attempt.failed(new NullPointerException("the attempt's function returned null instead of a stage"));
        } else {
            attempt.returned(stage);
        }
    }

    // What attempts tell.

    final void succeeded(AttemptRun<T> attempt, @Nullable T value, long nowNanos) {
        if (CURRENT.compareAndSet(this, attempt, ENDED)) {
            if (engine.events.on()) {
                CallEvents.succeeded(this, attempt, nowNanos);
            }
            super.complete(visible(value, attempt, nowNanos));
            over();
        }
    }

    /** The attempt goes on after this; false when the caller has left meanwhile. */
    final boolean committed(AttemptRun<T> attempt, @Nullable T value, long nowNanos) {
        if (!CURRENT.compareAndSet(this, attempt, ENDED)) {
            return false;
        }
        if (engine.events.on()) {
            CallEvents.committed(this, attempt, nowNanos);
        }
        super.complete(visible(value, attempt, nowNanos));
        over();
        return true;
    }

    final void endedAfterCommit(AttemptRun<T> attempt, Outcome outcome, @Nullable Failure failure, long nowNanos) {
        if (engine.events.on()) {
            CallEvents.endedAfterCommit(this, attempt, outcome, failure, nowNanos);
        }
    }

    final void failed(AttemptRun<T> attempt, Failure failure, Throwable error, long nowNanos) {
        if (!CURRENT.compareAndSet(this, attempt, null)) {
            return;
        }
        int index = indexOf(attempt.targetState());
        Plan known = plan();
        if (known.started() == 0) {
            known.start(index);
        }
        boolean maybeBilled = failure.sent() && isLoss(failure.category());
        Outcome outcome = attempt.targetState().circuit().counts(failure) ? Outcome.FAILURE : Outcome.IGNORED;
        known.report(attempt, outcome, failure, nowNanos - attempt.startNanos(), maybeBilled);
        if (engine.events.on()) {
            CallEvents.attemptFailed(this, attempt, outcome, failure, nowNanos);
        }
        Error fatal = Errors.fatal(error);
        if (fatal != null) {
            end(fatal, Outcome.FAILURE, failure, nowNanos);
        } else if (error instanceof AttemptTimeoutException timeout && timeout.phase() == Phase.DEADLINE) {
            end(Endings.deadline(this, failure, nowNanos), Outcome.FAILURE, failure, nowNanos);
        } else {
            boolean harmful = options.sideEffects() && maybeBilled;
            go(decision().afterFailure(index, failure, harmful, nowNanos), nowNanos);
        }
    }

    final void attemptCancelled(AttemptRun<T> attempt) {
        if (engine.events.on()) {
            CallEvents.attemptCancelled(this, attempt, attempt.nowNanos());
        }
    }

    /** A result that came after the attempt's end. */
    final void late(AttemptRun<T> attempt) {
        engine.logOnce("a result came after its attempt had ended and is ignored, first seen at " + attempt.target());
    }

    private static boolean isLoss(Category category) {
        return category == Category.TIMEOUT || category == Category.NETWORK || category == Category.STREAM_INTERRUPTED;
    }

    private int indexOf(TargetState target) {
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] == target) {
                return i;
            }
        }
        throw new IllegalStateException("the attempt is not of this call");
    }

    // The next step.

    private void go(Step step, long nowNanos) {
        if (step instanceof Step.FailOver over) {
            CallEvents.failedOver(this, plan(), over.index());
            await(over.index(), nowNanos, over.atNanos(), 0);
        } else if (step instanceof Step.Retry retry) {
            CallEvents.retryScheduled(this, plan(), retry.index(), retry.atNanos() - nowNanos);
            await(retry.index(), nowNanos, retry.atNanos(), retry.paid());
        } else {
            stop((Step.Stop) step, nowNanos);
        }
    }

    /** Waits, if only for its turn on the executor; the deadline needs no timer because no wait outlasts it. */
    private void await(int index, long nowNanos, long atNanos, int paid) {
        Wait wait = new Wait(this, targets[index], index, nowNanos, atNanos, paid);
        if (!CURRENT.compareAndSet(this, null, wait)) {
            targets[index].budget().deposit(paid, nowNanos);
        } else if (atNanos > nowNanos) {
            wait.arm(engine.timer);
        } else {
            wake(wait);
        }
    }

    /** The wait is over, or something has changed at its target. Any thread. */
    final void wake(Wait wait) {
        if (CURRENT.compareAndSet(this, wait, null)) {
            wait.disarm();
            try {
                attemptExecutor().execute(() -> resume(wait));
            } catch (RejectedExecutionException e) {
                Failure failure = Failure.of(Category.CANCELLED, "engine.executor", "the executor takes no more work")
                        .withCause(e);
                long nowNanos = engine.ticker.nanos();
                end(Endings.failed(this, failure, StopReason.HOPELESS, nowNanos), Outcome.FAILURE, failure, nowNanos);
            }
        }
    }

    private void resume(Wait wait) {
        long nowNanos = engine.ticker.nanos();
        Plan known = plan();
        known.waited(nowNanos - wait.sinceNanos);
        if (known.failure() == null) {
            first(nowNanos);
            return;
        }
        long atNanos = Math.max(
                known.notBeforeNanos(wait.index), targets[wait.index].domain().pausedUntilNanos(nowNanos));
        if (atNanos > nowNanos
                && decision().usable(wait.index, nowNanos)
                && decision().unreachable(atNanos, nowNanos) == null) {
            await(wait.index, nowNanos, atNanos, wait.paid);
        } else if (atNanos > nowNanos || !start(wait.index, nowNanos, wait.paid)) {
            targets[wait.index].budget().deposit(wait.paid, nowNanos);
            go(decision().afterRejection(nowNanos), nowNanos);
        }
    }

    // The end.

    private void reject(long nowNanos) {
        CallRejectedException rejection = Endings.rejected(this, nowNanos);
        if (CURRENT.compareAndSet(this, null, ENDED)) {
            if (engine.events.on()) {
                CallEvents.rejected(this, rejection, nowNanos);
            }
            super.completeExceptionally(rejection);
            over();
        }
    }

    private void stop(Step.Stop stop, long nowNanos) {
        Failure failure = plan().failure();
        if (failure == null) {
            throw new IllegalStateException("a call stops only after a failure");
        }
        if (failure.hint() == null && stop.returnAtNanos() != Nanos.NEVER) {
            failure = failure.withHint(java.time.Duration.ofNanos(Nanos.left(stop.returnAtNanos(), nowNanos)));
        }
        if (stop.reason() != StopReason.HOPELESS) {
            CallEvents.exhausted(this, plan(), stop.reason(), nowNanos);
        }
        end(Endings.failed(this, failure, stop.reason(), nowNanos), Outcome.FAILURE, failure, nowNanos);
    }

    private void end(Throwable error, Outcome outcome, @Nullable Failure failure, long nowNanos) {
        if (CURRENT.compareAndSet(this, null, ENDED)) {
            if (engine.events.on()) {
                CallEvents.ended(this, outcome, failure, null, nowNanos);
            }
            super.completeExceptionally(error);
            over();
        }
    }

    /** The caller no longer wants the result: everything that runs or waits is given back, nothing is recorded. */
    private void leave() {
        Object was = CURRENT.getAndSet(this, ENDED);
        if (was == ENDED) {
            return;
        }
        if (was instanceof AttemptRun<?> attempt) {
            attempt.callerLeft();
        } else if (was instanceof Wait wait) {
            wait.disarm();
            targets[wait.index].budget().deposit(wait.paid, wait.sinceNanos);
        }
        if (engine.events.on()) {
            CallEvents.ended(this, Outcome.CANCELLED, null, null, engine.ticker.nanos());
        }
        over();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            leave();
        }
        return cancelled;
    }

    /** Completing the future from outside, as {@code orTimeout} does, is leaving too. */
    @Override
    public boolean complete(@Nullable R value) {
        boolean completed = super.complete(value);
        if (completed) {
            leave();
        }
        return completed;
    }

    /** See {@link #complete}. */
    @Override
    public boolean completeExceptionally(Throwable error) {
        boolean completed = super.completeExceptionally(error);
        if (completed) {
            leave();
        }
        return completed;
    }

    /** Dependents are plain futures: completing one of them does not end the call. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}

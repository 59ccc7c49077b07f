// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.AttemptTimeoutException.Phase;
import dev.holdfast.circuit.Permit;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.limit.Dimension;
import dev.holdfast.target.Target;
import dev.holdfast.target.internal.Pass;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Deadline;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt from its permit to its end. Its state moves forward only: running, committed (only an attempt that goes on),
 * ended. Whoever moves it to ended gives back slot and permit and records the outcome, so both happen exactly once;
 * everybody who comes later is void.
 */
final class AttemptRun<T> extends Grant implements Attempt, Watched, BiConsumer<@Nullable T, @Nullable Throwable> {
    private static final int RUNNING = 0;
    private static final int COMMITTED = 1;
    static final int ENDED = 2;

    /** Not a state: the answer to one who has to wait for the commit that is under way. */
    static final int DEFERRED = 3;

    private static final VarHandle STATE;
    private static final VarHandle RUN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(AttemptRun.class, "state", int.class);
            RUN = lookup.findVarHandle(AttemptRun.class, "running", Running.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Call<T, ?> call;
    private final int number;

    /** Begins as RUNNING, which is zero: to write that too would be one more fence for each attempt. */
    @SuppressWarnings("FieldMayBeFinal") // changed through STATE
    private volatile int state;

    private volatile @Nullable Running running;

    AttemptRun(
            Call<T, ?> call,
            TargetState target,
            Permit permit,
            Pass pass,
            int slot,
            long startNanos,
            int number,
            int paid) {
        super(target, permit, pass, slot, startNanos, paid);
        this.call = call;
        this.number = number;
    }

    /** Takes over the first attempt of a call from one who did without. */
    AttemptRun(Call<T, ?> call, Grant first) {
        super(first);
        this.call = call;
        this.number = 1;
    }

    // What the code that makes the attempt sees.

    @Override
    public Target target() {
        return target.target();
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public int maxAttempts() {
        return call.maxAttempts();
    }

    @Override
    public String callId() {
        return call.id();
    }

    @Override
    public CallContext context() {
        return new CallContext(
                call.id(), new Deadline(call.engine.ticker, deadlineNanos()), call.engine.observers.captured());
    }

    @Override
    public Duration timeLeft() {
        return Duration.ofNanos(Nanos.left(dueNanos(), nowNanos()));
    }

    @Override
    public TimeoutConfig timeouts() {
        Duration left = timeLeft();
        // A timeout must be positive: one nanosecond is the attempt that has no time left.
        Duration limit = left.isZero() ? Duration.ofNanos(1) : left;
        TimeoutConfig uncut = call.timeouts();
        return new TimeoutConfig(
                least(uncut.connect(), limit), least(uncut.firstContent(), limit), least(uncut.idle(), limit), limit);
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public void onCancel(Runnable action) {
        running().onCancel(action);
    }

    @Override
    public void usage(long inputTokens, long outputTokens) {
        running().usage(inputTokens, outputTokens);
    }

    @Override
    public void tell(Object fact) {
        Observed observed = call.observed();
        if (observed != null && !isEnded()) {
            observed.told(this, fact);
        }
    }

    @Override
    public void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset) {
        // Behind a passed-through credential each caller has a limit of its own.
        if (!target().passThrough()) {
            target.domain().pacer().learn(dimension, limit, remaining, untilReset, nowNanos());
        }
    }

    @Override
    public OngoingAttempt goesOn() {
        Running made = running();
        made.goOn();
        return made;
    }

    // What the call does with it.

    long deadlineNanos() {
        return call.deadlineNanos;
    }

    long nowNanos() {
        return call.engine.ticker.nanos();
    }

    Timer timer() {
        return call.engine.timer;
    }

    @Override
    public boolean isEnded() {
        return state == ENDED;
    }

    @Override
    public boolean isOf(Holdfast engine) {
        return call.engine == engine;
    }

    /** It runs on its own now, so that a closing engine must know it. */
    void runsOn() {
        call.engine.shutdown.runs(this);
    }

    /** See {@link #runsOn}. */
    void runsNoMore() {
        call.engine.shutdown.runsNoMore(this);
    }

    /** A committed one is a stream, whose reader is told so. */
    @Override
    public void shutDown() {
        if (state == RUNNING) {
            Shutdown.end(call);
        }
        // It may have committed meanwhile, and then that was the call's end already.
        if (state == COMMITTED) {
            running().endedBy(Endings.closed(call).reason());
            consumerLeft();
        }
    }

    /** It is started beside one that is slow; to be told before it runs. */
    void markHedge() {
        running().hedge();
    }

    /** As it was told so far, else 0. */
    long inputTokens() {
        Running made = running;
        return made == null ? 0 : made.inputTokens();
    }

    /** As it was told so far, else 0. */
    long outputTokens() {
        Running made = running;
        return made == null ? 0 : made.outputTokens();
    }

    AttemptReport report(
            Outcome outcome, @Nullable Failure failure, long waitedNanos, long elapsedNanos, boolean maybeBilled) {
        return new AttemptReport(
                number,
                target(),
                outcome,
                failure,
                Duration.ofNanos(waitedNanos),
                Duration.ofNanos(elapsedNanos),
                maybeBilled,
                inputTokens(),
                outputTokens(),
                isHedge());
    }

    boolean isHedge() {
        Running made = running;
        return made != null && made.isHedge();
    }

    /** Input and output as told; null while nothing was. */
    long @Nullable [] tokens() {
        long input = inputTokens();
        long output = outputTokens();
        return input == 0 && output == 0 ? null : new long[] {input, output};
    }

    /** How a committed attempt ended, for the report that its stream gives at the end. */
    private void noteEnd(Outcome outcome, @Nullable Failure failure, long nowNanos) {
        Running made = running;
        if (made != null && made.committed()) {
            boolean maybeBilled = failure != null && Call.maybeBilled(failure);
            made.ending(report(outcome, failure, call.waitedForNextNanos(), nowNanos - startNanos, maybeBilled));
        }
    }

    CallReport callReport() {
        Running made = running;
        AttemptReport ending = made == null ? null : made.ending();
        long nowNanos = nowNanos();
        AttemptReport last = ending != null
                ? ending
                : report(Outcome.SUCCESS, null, call.waitedForNextNanos(), nowNanos - startNanos, false);
        return Endings.report(call, last, nowNanos);
    }

    /** Arms a watchdog of its own before the function runs: a blocking function gives no stage to watch. */
    void arm() {
        running().arm();
    }

    @Override
    public long dueNanos() {
        return Math.min(Nanos.add(startNanos, call.attemptNanos()), call.deadlineNanos);
    }

    @Override
    public void overdue(long nowNanos) {
        if (nowNanos >= call.deadlineNanos) {
            due(Phase.DEADLINE, nowNanos - startNanos);
        } else {
            due(Phase.ATTEMPT, call.attemptNanos());
        }
    }

    /** The future of a plain call. */
    @SuppressWarnings("unchecked") // such a call yields what its attempts yield
    CompletableFuture<T> future() {
        return (CompletableFuture<T>) call;
    }

    /** What it took over had been given back: it has ended and holds nothing. Idempotent. */
    void isVoid() {
        take();
        running().finish();
    }

    /** Takes over what the attempt's function returned. */
    void returned(@Nullable CompletionStage<T> stage) {
        if (stage == null) {
            failed(new NullPointerException("the attempt's function returned null instead of a stage"));
            return;
        }
        if (stage instanceof CompletableFuture<T> future && future.isDone()) {
            if (future.isCompletedExceptionally()) {
                failed(Errors.of(future));
            } else {
                // Of a first attempt no time has passed that is worth a look at the clock.
                boolean atOnce = running == null && call.isFirstStep();
                succeeded(future.join(), atOnce ? startNanos : nowNanos());
            }
            return;
        }
        Running made = running();
        made.watch(stage);
        if (call.hedges() && !isProbe()) {
            made.hedgeAt(hedgeAtNanos(made.goesOn()));
        }
        try {
            stage.whenComplete(this);
        } catch (Throwable error) {
            failed(error);
        }
    }

    private long hedgeAtNanos(boolean stream) {
        HedgeConfig hedge = call.engine.config.hedge();
        long afterNanos =
                hedge.quantile() == 0 ? Nanos.NEVER : target.latency(stream).quantileNanos(hedge.quantile());
        return Nanos.add(startNanos, afterNanos == Nanos.NEVER ? Nanos.of(hedge.delay()) : afterNanos);
    }

    /** It has been slow for as long as hedges wait; called on the timer's thread. */
    void slow() {
        call.engine.executor.execute(() -> Race.start(call, this));
    }

    /** The stage completed later, on a thread of the user. */
    @Override
    public void accept(@Nullable T value, @Nullable Throwable error) {
        if (error == null) {
            succeeded(value, nowNanos());
        } else {
            failedAsync(error);
        }
    }

    /**
     * The attempt of a blocking call returned, on the thread of its caller, who can do nothing else meanwhile: only the
     * watchdog competes for the end.
     *
     * @return false when it was too late, or when the attempt has done more than return
     */
    boolean returnedHere(@Nullable T value) {
        if (running != null || take() == ENDED) {
            return false;
        }
        boolean timed = call.isTimed() || endIsTimed();
        long nowNanos = timed ? nowNanos() : startNanos;
        succeed(false, nowNanos);
        call.succeededHere(this, value, nowNanos);
        return true;
    }

    /** True when the attempt has ended by this, so that nobody else will end it. */
    boolean succeeded(@Nullable T value, long nowNanos) {
        Running made = running;
        if (made != null && made.goesOn()) {
            commit(made, value, nowNanos);
        } else if (take() != ENDED) {
            finishRunning();
            succeed(false, nowNanos);
            call.succeeded(this, value, nowNanos);
            return true;
        } else {
            call.late(this);
        }
        return false;
    }

    private void commit(Running made, @Nullable T value, long nowNanos) {
        if (!made.beginCommit()) {
            call.late(this);
            return;
        }
        proven(nowNanos);
        boolean wanted = call.committed(this, nowNanos);
        Runnable end = made.endCommit();
        if (end != null) {
            end.run();
        }
        if (wanted && !call.show(this, value, nowNanos)) {
            consumerLeft();
        }
    }

    /** For {@link Running#beginCommit} alone. */
    boolean toCommitted() {
        return STATE.compareAndSet(this, RUNNING, COMMITTED);
    }

    /** The attempt that goes on ended well. */
    void ended() {
        if (claim(this::ended) < ENDED) {
            long nowNanos = nowNanos();
            finishRunning();
            noteEnd(Outcome.SUCCESS, null, nowNanos);
            succeed(true, nowNanos);
            call.endedAfterCommit(this, Outcome.SUCCESS, null, nowNanos);
        }
    }

    /** The one who reads from a committed attempt left; before the commit that is the call's own cancellation. */
    void consumerLeft() {
        if (state == RUNNING) {
            call.cancel(true);
        }
        // It may have committed meanwhile, and then that was the call's end already.
        if (state == COMMITTED && claim(this::consumerLeft) < ENDED) {
            long nowNanos = nowNanos();
            noteEnd(Outcome.CANCELLED, null, nowNanos);
            cancelWork();
            giveBack(null, wasCommitted(), nowNanos);
            call.endedAfterCommit(this, Outcome.CANCELLED, null, nowNanos);
        }
    }

    /** The call was cancelled: nothing is recorded against the target. */
    void callerLeft() {
        if (take() != ENDED) {
            cancelWork();
            giveBack(null, wasCommitted(), nowNanos());
        }
    }

    /** Its rival has committed first: how long it had run is known, how long it would have run is not. */
    void lostRace(long nowNanos) {
        Running made = running;
        target.latency(goesOn(made)).recordCensored(nowNanos - startNanos, nowNanos);
        callerLeft();
    }

    private static boolean goesOn(@Nullable Running made) {
        return made != null && made.goesOn();
    }

    /** The permit was taken and the attempt never started. */
    void neverStarted() {
        if (take() != ENDED) {
            giveBack(null, false, nowNanos());
            refund(call.options.tokens());
        }
    }

    void failedAsync(Throwable error) {
        call.engine.executor.execute(() -> failed(error));
    }

    /** It failed on this thread. */
    void failed(Throwable error) {
        // From its end on it is found nowhere, until its call has arrived at the next step.
        call.engine.shutdown.moving();
        int was = claim(() -> failed(error));
        if (was < ENDED) {
            failed(was, error);
        } else if (was == ENDED && !(Errors.unwrap(error) instanceof CancellationException)) {
            // A cancelled stage is our own doing.
            call.late(this);
        }
        call.engine.shutdown.arrived();
    }

    private void failed(int was, Throwable error) {
        long nowNanos = nowNanos();
        finishRunning();
        Failure failure = target.inKnownWords(call.engine.classify(error));
        giveBack(failure, wasCommitted(), nowNanos);
        noteEnd(Outcome.FAILURE, failure, nowNanos);
        tell(was, target.circuit().counts(failure), failure, error, nowNanos);
    }

    /** A timeout has passed; called on the timer's thread. */
    void due(Phase phase, long limitNanos) {
        call.engine.executor.execute(() -> timedOut(phase, limitNanos));
    }

    private void timedOut(Phase phase, long limitNanos) {
        // See failed.
        call.engine.shutdown.moving();
        int was = claim(() -> timedOut(phase, limitNanos));
        if (was < ENDED) {
            timedOut(was, phase, limitNanos);
        }
        call.engine.shutdown.arrived();
    }

    private void timedOut(int was, Phase phase, long limitNanos) {
        long nowNanos = nowNanos();
        AttemptTimeoutException error = new AttemptTimeoutException(phase, limitNanos);
        Failure failure = Failure.of(Category.TIMEOUT, "engine.timeout", String.valueOf(error.getMessage()))
                .withCause(error);
        Running made = running;
        boolean counts = phase != Phase.DEADLINE
                || outlivedItsKind(made, nowNanos)
                || (made == null ? nowNanos - startNanos >= call.attemptNanos() : made.outlivedOwnTimeout(nowNanos));
        if (!counts && was != COMMITTED) {
            target.latency(goesOn(made)).recordCensored(nowNanos - startNanos, nowNanos);
        }
        running().endedBy(failure);
        noteEnd(Outcome.FAILURE, failure, nowNanos);
        cancelWork();
        giveBack(counts ? failure : null, wasCommitted(), nowNanos);
        tell(was, counts && target.circuit().counts(failure), failure, error, nowNanos);
    }

    /** Whether it had run twice as long as nearly all of its kind at this target need to commit. */
    private boolean outlivedItsKind(@Nullable Running made, long nowNanos) {
        long p95Nanos = made != null && made.committed()
                ? Nanos.NEVER
                : target.latency(goesOn(made)).quantileNanos(0.95);
        return p95Nanos != Nanos.NEVER && nowNanos - startNanos >= 2 * p95Nanos;
    }

    private void tell(int was, boolean evidence, Failure failure, Throwable error, long nowNanos) {
        Outcome outcome = evidence ? Outcome.FAILURE : Outcome.IGNORED;
        if (was == COMMITTED) {
            call.endedAfterCommit(this, outcome, failure, nowNanos);
        } else {
            call.failed(this, outcome, failure, error, nowNanos);
        }
    }

    /** Moves it to ended and returns what it was; while it is being committed that is put off and {@code again} is run then. */
    private int claim(Runnable again) {
        Running made = running;
        return made == null ? take() : made.take(again);
    }

    /** Moves it to ended and returns what it was. */
    int take() {
        return (int) STATE.getAndSet(this, ENDED);
    }

    private boolean wasCommitted() {
        Running made = running;
        return made != null && made.committed();
    }

    private void finishRunning() {
        Running made = running;
        if (made != null) {
            made.finish();
            settle(made);
        }
    }

    /** Puts what was estimated right, where the attempt has told what it used. */
    private void settle(Running made) {
        long used = Nanos.add(made.inputTokens(), made.outputTokens());
        if (used > 0) {
            target.domain().pacer().settle(call.options.tokens(), used, nowNanos());
        }
    }

    /** Before the slot is given back, so that the target never serves more than it is allowed to. */
    private void cancelWork() {
        call.cutShort(this);
        Running made = running();
        made.cancelWork();
        settle(made);
    }

    void runHook(Runnable hook) {
        try {
            hook.run();
        } catch (Throwable error) {
            call.engine.logOnce("a cancel action threw", error);
        }
    }

    void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            // A stage need not have a future; then its owner hears of the end by onCancel only.
            return;
        } catch (Throwable error) {
            call.engine.logOnce("a stage threw when it was cancelled", error);
        }
    }

    private Running running() {
        Running made = running;
        if (made == null) {
            made = new Running(this, call.timeouts(), startNanos);
            if (!RUN.compareAndSet(this, null, made)) {
                made = running;
            }
        }
        return Objects.requireNonNull(made);
    }
}

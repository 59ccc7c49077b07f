// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.ContextCarrier.Carried;
import dev.holdfast.event.EventListener;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.target.LatencyInfo;
import dev.holdfast.target.Target;
import dev.holdfast.target.TargetInfo;
import dev.holdfast.target.Targets;
import dev.holdfast.target.internal.TargetRegistry;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Deadline;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls standing: decides for every call what to try, where, when, and when to stop. Retry with server hints and a
 * budget, a circuit per target, failover in order, blocks for bad credentials, pauses for throttled ones, one deadline.
 *
 * <pre>{@code
 * Targets targets = Targets.named("openai/gpt-4o-mini", "anthropic/claude-haiku-4-5");
 * CompletableFuture<Answer> answer = holdfast.call(targets, attempt -> client.ask(attempt.target(), attempt.timeLeft()));
 * }</pre>
 *
 * <p>The returned future completes with the value or, exceptionally, with a {@link CallException} itself, not wrapped.
 * Cancelling it, or completing it from outside, ends what runs. The first attempt starts on the calling thread, later ones
 * on the engine's executor. Thread-safe.
 */
public final class Holdfast implements AutoCloseable {
    /** A probe's place outlives the attempt's own timeout by this, so that it ends by its outcome, not by its lease. */
    static final long LEASE_MARGIN_NANOS = 1_000_000_000L;

    private static final Logger LOG = System.getLogger(Holdfast.class.getName());

    final ResilienceConfig config;
    final Ticker ticker;
    final Timer timer;
    final Executor executor;
    final RandomGenerator random;
    final Attention attention = new Attention();
    final EventHub events;
    final Observers observers;
    final BlockingWatch blockingWatch;
    /** From the configuration, so that a call need not convert it. */
    private final long attemptNanos;

    private final long configuredDeadlineNanos;
    private final FailureClassifier classifier;
    private final TargetRegistry registry;
    private final boolean threadBridge;
    private final boolean closable;
    private final AtomicLong callCount = new AtomicLong();
    private final long callIdSeed;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private final Duration closeTimeout;

    final Shutdown shutdown;

    Holdfast(HoldfastBuilder builder) {
        this.config = builder.config;
        this.attemptNanos = Nanos.of(config.timeouts().attempt());
        this.configuredDeadlineNanos = config.deadline() == null ? Nanos.NEVER : Nanos.of(config.deadline());
        this.ticker = builder.ticker;
        this.timer = builder.timer != null ? builder.timer : HoldfastRuntime.timer();
        this.executor = builder.executor != null ? new SteadyExecutor(builder.executor) : HoldfastRuntime.executor();
        this.random = builder.random;
        this.classifier = builder.classifier;
        this.threadBridge = builder.threadBridge;
        this.closable = builder.closable;
        this.closeTimeout = builder.closeTimeout;
        this.events = new EventHub(executor, attention, builder.listeners);
        this.observers = new Observers(this, builder.observers, builder.carriers);
        this.blockingWatch = builder.timer != null ? new BlockingWatch(ticker, timer) : HoldfastRuntime.blockingWatch();
        this.registry = builder.continued == null
                ? new TargetRegistry(config.circuit(), config.budget(), config.limits(), random, events)
                : builder.continued.handOver(config, random, events);
        this.shutdown = new Shutdown(this, registry::all);
        this.callIdSeed = random.nextLong() & 0xFFFF_FFFFL;
    }

    public static HoldfastBuilder builder() {
        return new HoldfastBuilder();
    }

    /** Calls with the engine's configuration. */
    public <T> CompletableFuture<T> call(Targets targets, AttemptFunction<T> function) {
        return call(targets, CallOptions.none(), function);
    }

    /** Calls with options for this call. */
    public <T> CompletableFuture<T> call(Targets targets, CallOptions options, AttemptFunction<T> function) {
        long nowNanos = ticker.nanos();
        CallOptions bridged = bridged(options);
        Route route = resolve(targets, nowNanos);
        long deadlineNanos = deadlineNanos(bridged, nowNanos);
        CompletableFuture<T> first = AsyncFirstTry.call(this, route, function, bridged, nowNanos, deadlineNanos);
        if (first != null) {
            return first;
        }
        Call<T, T> call = new Call<>(this, route, function, bridged, nowNanos, deadlineNanos);
        call.begin();
        return call;
    }

    /** Calls, and tells how the value was obtained; a failure tells it by {@link CallException#report()}. */
    public <T> CompletableFuture<CallResult<T>> callWithReport(
            Targets targets, CallOptions options, AttemptFunction<T> function) {
        long nowNanos = ticker.nanos();
        CallOptions bridged = bridged(options);
        ReportedCall<T> call = new ReportedCall<>(
                this, resolve(targets, nowNanos), function, bridged, nowNanos, deadlineNanos(bridged, nowNanos));
        call.begin();
        return call;
    }

    /** The same engine for code that blocks. */
    public BlockingHoldfast blocking() {
        return new BlockingHoldfast(this);
    }

    public ResilienceConfig config() {
        return config;
    }

    /**
     * A context for calls that belong together though no single one surrounds them: handed to each by {@link
     * CallOptions#within}, it gives them one id and one deadline, counted from now.
     *
     * @param options whose deadline and context hold; the configured deadline where they state none
     */
    public CallContext context(CallOptions options) {
        CallOptions bridged = bridged(options);
        CallContext outer = bridged.context();
        String id = outer == null ? nextCallId() : outer.callId();
        Carried carried = outer == null || outer.carried() == null ? observers.captured() : outer.carried();
        return new CallContext(id, new Deadline(ticker, deadlineNanos(bridged, ticker.nanos())), carried);
    }

    /** The clock that this engine goes by. */
    public Ticker ticker() {
        return ticker;
    }

    /** The timer of this engine, for waits that belong to its calls; it must never run code of users. */
    public Timer timer() {
        return timer;
    }

    /** Where this engine runs code of users. */
    public Executor executor() {
        return executor;
    }

    /** Opens the circuit of a target by hand: nothing goes there until {@link #reset} or {@link #forceClosed}. */
    public void forceOpen(Target target) {
        long nowNanos = ticker.nanos();
        registry.state(target, nowNanos).circuit().forceOpen(nowNanos);
    }

    /** Keeps the circuit of a target closed whatever happens there, until {@link #reset} or {@link #forceOpen}. */
    public void forceClosed(Target target) {
        long nowNanos = ticker.nanos();
        registry.state(target, nowNanos).circuit().forceClosed(nowNanos);
    }

    /** Back to a closed circuit with an empty window, no block and no pause. */
    public void reset(Target target) {
        long nowNanos = ticker.nanos();
        TargetState state = registry.state(target, nowNanos);
        state.circuit().reset(nowNanos);
        state.credential().reset();
        state.domain().reset();
        state.waiters().wakeAll();
    }

    /** How a target is doing; null when this engine has not used it within the last hour. */
    public @Nullable TargetInfo info(Target target) {
        TargetState state = registry.known(target);
        return state == null ? null : info(state, ticker.nanos());
    }

    /** How all known targets are doing, in no particular order. */
    public List<TargetInfo> targets() {
        long nowNanos = ticker.nanos();
        return registry.all().stream().map(state -> info(state, nowNanos)).toList();
    }

    private static TargetInfo info(TargetState state, long nowNanos) {
        return new TargetInfo(
                state.target(),
                state.circuit().info(nowNanos),
                state.credential().info(nowNanos),
                Duration.ofNanos(Nanos.left(state.domain().pausedUntilNanos(nowNanos), nowNanos)),
                state.admission().info(),
                state.domain().pacer().info(nowNanos),
                state.budget().tokens(nowNanos),
                state.succeeded(),
                state.failures(),
                LatencyInfo.of(state.firstContent()),
                LatencyInfo.of(state.total()));
    }

    /** What the engine holds for calls right now. */
    public EngineInfo info() {
        long nowNanos = ticker.nanos();
        int inFlight = 0;
        int probes = 0;
        int waiters = 0;
        for (TargetState state : registry.all()) {
            inFlight += state.inFlight();
            probes += state.circuit().liveProbes(nowNanos);
            waiters += state.waiters().size() + state.admission().queued();
        }
        return new EngineInfo(inFlight, probes, waiters, timer.pending() - blockingWatch.idleSweeps());
    }

    /**
     * Adds a listener.
     *
     * @return takes the listener away again; may be called from within the listener
     */
    public Runnable addListener(EventListener listener) {
        return events.add(listener);
    }

    /**
     * Adds an observer, for calls that begin from now on.
     *
     * @return takes the observer away again; it still goes along with the calls that it has begun with
     */
    public Runnable addObserver(CallObserver observer) {
        return observers.add(observer);
    }

    /**
     * Adds a carrier, for calls that begin from now on.
     *
     * @return takes the carrier away again
     */
    public Runnable addCarrier(ContextCarrier carrier) {
        return observers.add(carrier);
    }

    /**
     * What the carriers of this engine carry from the current thread, for code that makes several calls for one caller, the
     * later ones on other threads.
     */
    public Carried capture() {
        Carried carried = observers.captured();
        return carried == null ? () -> ContextScope.NONE : carried;
    }

    /** Completes when every event emitted so far has reached every listener. */
    public CompletableFuture<Void> eventsDelivered() {
        return events.delivered();
    }

    /**
     * From now on new calls fail with a {@link CallRejectedException} of category cancelled; those that run, wait or stream go
     * on. The default engine cannot be closed: there this does nothing.
     *
     * @return completes when nothing of any call is left; completing it from outside has no effect on the engine
     */
    public CompletableFuture<Void> drain() {
        if (!closable) {
            return CompletableFuture.completedFuture(null);
        }
        return shutdown.begin();
    }

    /**
     * Drains, and waits for it up to the {@linkplain HoldfastBuilder#closeTimeout close timeout}; then, or when the waiting
     * thread is interrupted, ends what is left: those calls fail with a {@link CallRejectedException}, streams with an error
     * event. Idempotent.
     */
    @Override
    public void close() {
        CompletableFuture<Void> end = drain();
        try {
            end.get(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            shutdown.endAll();
        } catch (InterruptedException e) {
            shutdown.endAll();
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing fails this future", e);
        }
    }

    private TargetRegistry handOver(ResilienceConfig next, RandomGenerator nextRandom, EventHub nextEvents) {
        shutdown.handedOver();
        return registry.continued(next.circuit(), next.budget(), next.limits(), nextRandom, nextEvents, ticker.nanos());
    }

    // For the calls of this engine.

    boolean isClosed() {
        return shutdown.hasBegun();
    }

    /** Looks the targets up, or takes what the last lookup by this engine found. */
    Route resolve(Targets targets, long nowNanos) {
        Route route = targets.remembered() instanceof Route known && known.owner == this && known.isCurrent()
                ? known
                : lookUp(targets, nowNanos);
        return targets.balanced() ? route.forCall(nowNanos, random) : route;
    }

    /** Grows whenever targets are forgotten: what was looked up before has to be looked up again. */
    int edition() {
        return registry.edition();
    }

    private Route lookUp(Targets targets, long nowNanos) {
        // Before the states, so that one dropped meanwhile makes this route an old one.
        int edition = registry.edition();
        TargetState[] states = targets.order().stream()
                .map(target -> registry.state(target, nowNanos))
                .toArray(TargetState[]::new);
        Route route = new Route(this, states, targets, edition);
        targets.remember(route);
        return route;
    }

    long deadlineNanos(CallOptions options, long nowNanos) {
        Duration own = options.deadline();
        long limitNanos = own == null ? configuredDeadlineNanos : Nanos.of(own);
        long ownNanos = Nanos.add(nowNanos, limitNanos);
        return options.isNested() ? Math.min(ownNanos, inheritedNanos(options, nowNanos)) : ownNanos;
    }

    long attemptNanos(CallOptions options) {
        TimeoutConfig own = options.timeouts();
        return own != null ? Nanos.of(own.attempt()) : attemptNanos;
    }

    /** The surrounding call may count time on another scale: what is left is what both understand. */
    private static long inheritedNanos(CallOptions options, long nowNanos) {
        CallContext context = Objects.requireNonNull(options.context());
        return Nanos.add(nowNanos, Nanos.of(context.deadline().left()));
    }

    /** With the thread bridge on, a call made on the thread of an attempt is nested without being told. */
    CallOptions bridged(CallOptions options) {
        if (!threadBridge || options.context() != null) {
            return options;
        }
        CallContext context = HoldfastRuntime.CURRENT_CONTEXT.get();
        return context == null ? options : options.withContext(context);
    }

    <T> @Nullable CompletionStage<T> start(AttemptFunction<T> function, Attempt attempt, @Nullable Observed observed)
            throws Exception {
        return observed == null ? start(function, attempt) : observed.within(attempt, () -> start(function, attempt));
    }

    <T> @Nullable CompletionStage<T> start(AttemptFunction<T> function, Attempt attempt) throws Exception {
        return threadBridge ? bridging(attempt, () -> function.start(attempt)) : function.start(attempt);
    }

    /** As {@link #start} for an attempt that blocks. */
    <T> T run(BlockingAttemptFunction<T> function, Attempt attempt, @Nullable Observed observed) throws Exception {
        return observed == null ? run(function, attempt) : observed.within(attempt, () -> run(function, attempt));
    }

    <T> T run(BlockingAttemptFunction<T> function, Attempt attempt) throws Exception {
        return threadBridge ? bridging(attempt, () -> function.run(attempt)) : function.run(attempt);
    }

    private static <V> V bridging(Attempt attempt, Callable<V> code) throws Exception {
        CallContext before = HoldfastRuntime.CURRENT_CONTEXT.get();
        HoldfastRuntime.CURRENT_CONTEXT.set(attempt.context());
        try {
            return code.call();
        } finally {
            HoldfastRuntime.CURRENT_CONTEXT.set(before);
        }
    }

    Failure classify(Throwable error) {
        if (Errors.unwrap(error) instanceof CallException nested) {
            return nested.failure().withCause(nested);
        }
        try {
            Failure failure = Objects.requireNonNull(classifier.classify(error), "the classifier returned null");
            return failure.cause() == null ? failure.withCause(Errors.unwrap(error)) : failure;
        } catch (Throwable e) {
            logOnce("the classifier failed; such errors count as unknown", e);
            return Failure.of(Category.UNKNOWN, "engine.classifier", String.valueOf(Errors.unwrap(error)))
                    .withCause(Errors.unwrap(error));
        }
    }

    String nextCallId() {
        return "hf-" + Long.toHexString(callIdSeed) + '-' + callCount.incrementAndGet();
    }

    void logOnce(String message) {
        if (logged.size() < 64 && logged.add(message)) {
            LOG.log(Level.DEBUG, message);
        }
    }

    void logOnce(String message, Throwable error) {
        if (logged.size() < 64 && logged.add(message)) {
            LOG.log(Level.WARNING, message, error);
        }
    }
}

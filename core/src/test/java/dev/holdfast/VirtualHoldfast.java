// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.limit.RampConfig;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An engine in virtual time that remembers its events, and the small vocabulary that tests of the engine share. */
public final class VirtualHoldfast {
    public final VirtualTime time;
    public final Holdfast engine;
    public final List<HoldfastEvent> events = new ArrayList<>();

    /** Each attempt that was started: its target and when. */
    public final List<Started> started = new ArrayList<>();

    public record Started(Target target, int number, Duration at) {}

    public VirtualHoldfast() {
        this(config -> config);
    }

    public VirtualHoldfast(UnaryOperator<ResilienceConfig> change) {
        this(1, change);
    }

    public VirtualHoldfast(long seed, UnaryOperator<ResilienceConfig> change) {
        this(seed, change, builder -> builder);
    }

    public VirtualHoldfast(
            long seed, UnaryOperator<ResilienceConfig> change, UnaryOperator<HoldfastBuilder> furtherChange) {
        time = new VirtualTime(seed);
        HoldfastBuilder builder = Holdfast.builder()
                .config(change.apply(ResilienceConfig.defaults()))
                .time(time, time)
                .executor(time)
                .random(time)
                .listener(events::add);
        engine = furtherChange.apply(builder).build();
    }

    /** A call whose attempts answer with the outcomes in turn: an exception fails the attempt, all else is its value. */
    public CompletableFuture<Object> call(Targets targets, Object... outcomes) {
        return call(targets, CallOptions.none(), outcomes);
    }

    public CompletableFuture<Object> call(Targets targets, CallOptions options, Object... outcomes) {
        Iterator<Object> script = Arrays.asList(outcomes).iterator();
        return engine.call(targets, options, attempt -> {
            started(attempt);
            Object outcome = script.next();
            if (outcome instanceof CompletableFuture<?> stage) {
                return stage.thenApply(value -> value);
            }
            return outcome instanceof Throwable error
                    ? CompletableFuture.failedFuture(error)
                    : CompletableFuture.completedFuture(outcome);
        });
    }

    /** As {@link #call}, with a function of the test's own. */
    public CompletableFuture<Object> callWith(Targets targets, CallOptions options, AttemptFunction<Object> function) {
        return engine.call(targets, options, attempt -> {
            started(attempt);
            return function.start(attempt);
        });
    }

    public void started(Attempt attempt) {
        started.add(new Started(attempt.target(), attempt.number(), Duration.ofNanos(time.nanos())));
    }

    /** What the engine keeps about the first of these targets. */
    public TargetState state(Targets targets) {
        return engine.resolve(targets, time.nanos()).states[0];
    }

    /** Lets time pass until nothing is left to do, at most an hour. */
    public void run() {
        time.runUntilIdle(Duration.ofHours(1));
    }

    public <E extends HoldfastEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The ends of all calls so far, in order. */
    public List<Outcome> ends() {
        return events(CallEvent.CallEnded.class).stream()
                .map(CallEvent.CallEnded::outcome)
                .toList();
    }

    /** The names of the targets that were asked, in order. */
    public List<String> route() {
        return started.stream().map(start -> start.target().name()).toList();
    }

    public double tokens(Targets targets) {
        return state(targets).budget().tokens(time.nanos());
    }

    /** For tests whose crowds come at once and are not about the ramp. */
    public static ResilienceConfig withoutRamp(ResilienceConfig config) {
        return config.withLimits(config.limits().withRamp(RampConfig.disabled()));
    }

    /** Everything is back, and each call has told one start, and its end last. */
    public void assertAllReturned() {
        EventRules.check(events);
        Conservation.assertAllReturned(engine);
    }

    /** An exception that speaks for itself. */
    public static Fault fault(Category category) {
        return new Fault(Failure.of(category, "test", "made up " + category));
    }

    public static Fault fault(Category category, Duration hint) {
        return new Fault(Failure.of(category, "test", "made up " + category).withHint(hint));
    }

    public static Fault fault(Category category, RetryScope scope) {
        return new Fault(Failure.of(category, "test", "made up " + category).withScope(scope));
    }

    /** The exception that a future completed with. */
    public static Throwable error(CompletableFuture<?> future) {
        Throwable[] seen = new Throwable[1];
        future.whenComplete((value, error) -> seen[0] = error);
        return seen[0];
    }

    public static CallException callError(CompletableFuture<?> future) {
        return (CallException) error(future);
    }

    /** See {@link #fault}. */
    public static final class Fault extends RuntimeException implements Classified {
        private static final long serialVersionUID = 1L;
        private final transient @Nullable Failure failure;

        public Fault(Failure failure) {
            super(failure.message());
            this.failure = failure;
        }

        @Override
        public Failure failure() {
            return failure;
        }
    }
}

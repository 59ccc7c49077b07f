// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.jfr;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.event.EventListener;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts what an engine tells into JDK Flight Recorder, as {@code dev.holdfast.Call}, {@code dev.holdfast.Attempt} and {@code
 * dev.holdfast.CircuitChange}. They are on in every recording that does not switch them off.
 *
 * <pre>{@code
 * Runnable stop = FlightRecording.follow(holdfast::addListener);
 * }</pre>
 *
 * <p>Listeners hear of things shortly after they happened, so the start and the duration of these events are off by that
 * much; the field {@code elapsed} is exact. Calls that began before the recording have the field but no duration. An engine
 * that has a listener builds every event, which {@link #follow} avoids while nothing is recorded. Thread-safe.
 */
public final class FlightRecording implements EventListener {
    /** Attempts and calls that can be under way at once; those above have no duration. */
    private static final int MOST = 65_536;

    private final Map<Key, AttemptEvent> attempts = new ConcurrentHashMap<>();
    private final Map<String, CallSpanEvent> calls = new ConcurrentHashMap<>();

    private record Key(String callId, int number, Target target) {}

    /**
     * Listens while a recording is running that these events are switched on in; looked at when a recording starts or stops.
     *
     * @param addListener adds a listener and returns what takes it away again, as {@code Holdfast.addListener} does
     * @return stops following; idempotent
     */
    public static Runnable follow(Function<EventListener, Runnable> addListener) {
        return Follower.start(addListener);
    }

    @Override
    public void on(HoldfastEvent event) {
        if (event instanceof CallEvent.AttemptStarted started) {
            began(started);
        } else if (event instanceof CallEvent.AttemptSucceeded won) {
            AttemptEvent attempt =
                    ended(won.callId(), won.attempt(), won.target(), Outcome.SUCCESS, null, won.elapsed());
            attempt.inputTokens = won.inputTokens();
            attempt.outputTokens = won.outputTokens();
            attempt.commit();
        } else if (event instanceof CallEvent.AttemptFailed lost) {
            Category category = lost.failure().category();
            AttemptEvent attempt =
                    ended(lost.callId(), lost.attempt(), lost.target(), lost.outcome(), category, lost.elapsed());
            attempt.inputTokens = lost.inputTokens();
            attempt.outputTokens = lost.outputTokens();
            attempt.commit();
        } else if (event instanceof CallEvent.AttemptCancelled left) {
            AttemptEvent attempt =
                    ended(left.callId(), left.attempt(), left.target(), Outcome.CANCELLED, null, left.elapsed());
            attempt.inputTokens = left.inputTokens();
            attempt.outputTokens = left.outputTokens();
            attempt.commit();
        } else if (event instanceof CallEvent.CallStarted started) {
            began(started);
        } else if (event instanceof CallEvent.CallEnded ended) {
            ended(ended);
        } else if (event instanceof TargetEvent.CircuitOpened opened) {
            changed(opened.target(), opened.from(), opened.info());
        } else if (event instanceof TargetEvent.CircuitHalfOpened half) {
            changed(half.target(), CircuitState.OPEN, half.info());
        } else if (event instanceof TargetEvent.CircuitClosed closed) {
            changed(closed.target(), closed.from(), closed.info());
        }
    }

    private void began(CallEvent.AttemptStarted started) {
        AttemptEvent event = new AttemptEvent();
        if (event.isEnabled() && attempts.size() < MOST) {
            event.begin();
            attempts.put(new Key(started.callId(), started.attempt(), started.target()), event);
        }
    }

    private AttemptEvent ended(
            String callId, int number, Target target, Outcome outcome, @Nullable Category category, Duration elapsed) {
        AttemptEvent begun = attempts.remove(new Key(callId, number, target));
        AttemptEvent event = begun == null ? new AttemptEvent() : begun;
        if (begun != null) {
            event.end();
        }
        event.callId = callId;
        event.number = number;
        event.target = target.name();
        event.outcome = outcome.word();
        event.category = category == null ? null : category.word();
        event.elapsed = elapsed.toNanos();
        return event;
    }

    private void began(CallEvent.CallStarted started) {
        CallSpanEvent event = new CallSpanEvent();
        if (event.isEnabled() && calls.size() < MOST) {
            event.begin();
            // A nested call has the id of the one around it, which began earlier and keeps its place.
            calls.putIfAbsent(started.callId(), event);
        }
    }

    private void ended(CallEvent.CallEnded ended) {
        CallSpanEvent begun = calls.remove(ended.callId());
        CallSpanEvent event = begun == null ? new CallSpanEvent() : begun;
        if (begun != null) {
            event.end();
        }
        Target target = ended.target();
        Category category = ended.category();
        event.callId = ended.callId();
        event.outcome = ended.outcome().word();
        event.category = category == null ? null : category.word();
        event.target = target == null ? null : target.name();
        event.attempts = ended.attempts();
        event.waited = ended.waited().toNanos();
        event.elapsed = ended.elapsed().toNanos();
        event.commit();
    }

    private static void changed(Target target, CircuitState from, CircuitInfo info) {
        CircuitChangeEvent event = new CircuitChangeEvent();
        event.target = target.name();
        event.from = from.word();
        event.to = info.state().word();
        event.forced = info.forced();
        event.generation = info.generation();
        event.trips = info.trips();
        event.retryIn = info.retryIn().toNanos();
        event.commit();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.ContextCarrier.Carried;
import dev.holdfast.event.CallEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who goes along with the calls of one engine. Thread-safe. */
final class Observers {
    private final Holdfast engine;

    // written under the lock of this
    private volatile List<CallObserver> observers;
    private volatile List<ContextCarrier> carriers;

    Observers(Holdfast engine, List<CallObserver> observers, List<ContextCarrier> carriers) {
        this.engine = engine;
        this.observers = List.copyOf(observers);
        this.carriers = List.copyOf(carriers);
        attend();
    }

    synchronized Runnable add(CallObserver observer) {
        observers = with(observers, observer);
        attend();
        return () -> remove(observer);
    }

    synchronized Runnable add(ContextCarrier carrier) {
        carriers = with(carriers, carrier);
        attend();
        return () -> remove(carrier);
    }

    private synchronized void remove(Object leaving) {
        observers = without(observers, leaving);
        carriers = without(carriers, leaving);
        attend();
    }

    private static <E> List<E> with(List<E> those, E another) {
        List<E> more = new ArrayList<>(those);
        more.add(another);
        return List.copyOf(more);
    }

    private static <E> List<E> without(List<E> those, Object leaving) {
        return those.stream().filter(one -> one != leaving).toList();
    }

    private void attend() {
        engine.attention.observersAre(!observers.isEmpty() || !carriers.isEmpty());
    }

    /** What goes along with a call that begins on this thread; null for nothing. */
    @Nullable
    Observed begin(Call<?, ?> call) {
        CallContext outer = call.options.context();
        if (outer == null || outer.carried() == null) {
            return beginHere(call);
        }
        try (ContextScope open = outer.open()) {
            return beginHere(call);
        }
    }

    private @Nullable Observed beginHere(Call<?, ?> call) {
        List<Carried> carried = capture();
        List<CallObservation> observations = List.of();
        List<CallObserver> asked = observers;
        if (!asked.isEmpty()) {
            observations = new ArrayList<>(asked.size());
            CallEvent.CallStarted started = CallEvents.start(call);
            for (CallObserver observer : asked) {
                CallObservation observation = begin(observer, started, call.options);
                if (observation != null) {
                    observations.add(observation);
                }
            }
        }
        return carried.isEmpty() && observations.isEmpty()
                ? null
                : new Observed(engine, call.id(), carried, observations);
    }

    private @Nullable CallObservation begin(CallObserver observer, CallEvent.CallStarted started, CallOptions options) {
        try {
            return observer.begin(started, options);
        } catch (Throwable error) {
            engine.logOnce("an observer threw when a call began; the call goes on without it", error);
            return null;
        }
    }

    /** What is to be carried from this thread; null for nothing. */
    @Nullable
    Carried captured() {
        List<Carried> carried = capture();
        return carried.isEmpty() ? null : new Observed(engine, "", carried, List.of())::open;
    }

    private List<Carried> capture() {
        List<ContextCarrier> asked = carriers;
        if (asked.isEmpty()) {
            return List.of();
        }
        List<Carried> carried = new ArrayList<>(asked.size());
        for (ContextCarrier carrier : asked) {
            try {
                carried.add(carrier.capture());
            } catch (Throwable error) {
                engine.logOnce("a context carrier threw; calls go on without it", error);
            }
        }
        return carried;
    }
}

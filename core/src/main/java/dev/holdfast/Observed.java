// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.ContextCarrier.Carried;
import dev.holdfast.event.CallEvent;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** What goes along with one call: context carried from its caller's thread, and observations of it. Thread-safe. */
final class Observed {
    private final Holdfast engine;
    private final String callId;
    private final List<Carried> carried;
    private final List<CallObservation> observations;

    Observed(Holdfast engine, String callId, List<Carried> carried, List<CallObservation> observations) {
        this.engine = engine;
        this.callId = callId;
        this.carried = carried;
        this.observations = observations;
    }

    String callId() {
        return callId;
    }

    /** Whether events of the call are wanted. */
    boolean hears() {
        return !observations.isEmpty();
    }

    /** Puts what is carried on this thread. */
    ContextScope open() {
        ContextScope[] open = new ContextScope[carried.size()];
        for (int i = 0; i < open.length; i++) {
            open[i] = guarded(carried.get(i)::open);
        }
        return () -> closeAll(open);
    }

    /** Runs the function of an attempt with everything that goes along open. */
    <V> V within(Attempt attempt, Callable<V> code) throws Exception {
        ContextScope[] open = new ContextScope[carried.size() + observations.size()];
        for (int i = 0; i < open.length; i++) {
            open[i] = opened(i, attempt);
        }
        try {
            return code.call();
        } finally {
            closeAll(open);
        }
    }

    private void closeAll(ContextScope[] open) {
        for (int i = open.length - 1; i >= 0; i--) {
            close(open[i]);
        }
    }

    private ContextScope opened(int index, Attempt attempt) {
        if (index < carried.size()) {
            return guarded(carried.get(index)::open);
        }
        CallObservation observation = observations.get(index - carried.size());
        return guarded(() -> observation.open(attempt));
    }

    private ContextScope guarded(Supplier<ContextScope> opening) {
        try {
            return opening.get();
        } catch (Throwable error) {
            engine.logOnce("a context or an observation could not be opened; the attempt runs without it", error);
            return ContextScope.NONE;
        }
    }

    private void close(ContextScope scope) {
        try {
            scope.close();
        } catch (Throwable error) {
            engine.logOnce("a context or an observation could not be closed", error);
        }
    }

    void tell(CallEvent event) {
        if (carried.isEmpty()) {
            tellObservations(event);
            return;
        }
        try (ContextScope open = open()) {
            tellObservations(event);
        }
    }

    private void tellObservations(CallEvent event) {
        for (CallObservation observation : observations) {
            try {
                observation.on(event);
            } catch (Throwable error) {
                engine.logOnce("an observation threw; the call goes on", error);
            }
        }
    }

    void told(Attempt attempt, Object fact) {
        for (CallObservation observation : observations) {
            try {
                observation.told(attempt, fact);
            } catch (Throwable error) {
                engine.logOnce("an observation threw; the call goes on", error);
            }
        }
    }
}

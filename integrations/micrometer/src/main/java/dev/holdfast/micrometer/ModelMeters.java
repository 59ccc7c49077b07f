// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;

/** The meters of calls that begin at one target: what callers asked for. */
final class ModelMeters {
    private final Counter succeeded;
    private final Counter failed;
    private final Counter cancelled;
    private final Counter refused;
    private final Timer duration;

    ModelMeters(Meters meters, String model) {
        this.succeeded = calls(meters, model, "success");
        this.failed = calls(meters, model, "failure");
        this.cancelled = calls(meters, model, "cancelled");
        this.refused = calls(meters, model, "refused");
        this.duration = meters.callDuration(model);
    }

    private static Counter calls(Meters meters, String model, String outcome) {
        return meters.counter("holdfast.calls", "Calls that have ended.", "model", model, "outcome", outcome);
    }

    void ended(CallEvent.CallEnded call) {
        boolean tried = call.attempts() > 0;
        Counter counter =
                switch (call.outcome()) {
                    case SUCCESS -> succeeded;
                    case CANCELLED -> cancelled;
                    case FAILURE, IGNORED -> tried ? failed : refused;
                };
        counter.increment();
        duration.record(call.elapsed());
    }

    static String errorType(CallEvent.CallEnded call) {
        if (call.outcome() == Outcome.SUCCESS) {
            return Meters.NONE;
        }
        return call.category() == null ? call.outcome().word() : call.category().word();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.EventListener;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.batch.CallJson;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Tells what happens to a call while it happens, one line per fact. */
final class Progress implements EventListener {
    private final PrintWriter err;
    private final Colours colours;

    Progress(PrintWriter err, Colours colours) {
        this.err = err;
        this.colours = colours;
    }

    @Override
    public void on(HoldfastEvent event) {
        String line = line(event);
        if (line != null) {
            err.println(colours.faint(line));
            err.flush();
        }
    }

    private static @Nullable String line(HoldfastEvent event) {
        if (event instanceof CallEvent.RetryScheduled retry) {
            return "retry " + retry.attempt() + "/" + retry.maxAttempts() + " " + retry.target() + " in "
                    + Durations.text(retry.delay()) + " (" + reason(retry.failure()) + ")";
        }
        if (event instanceof CallEvent.FailedOver over) {
            return "failover " + over.from() + " → " + over.to() + " (" + reason(over.failure()) + ")";
        }
        if (event instanceof CallEvent.PauseAwaited pause) {
            return "wait " + Durations.text(pause.delay()) + " for " + pause.target() + " (paused by its provider)";
        }
        if (event instanceof TargetEvent.CircuitOpened opened) {
            return "circuit " + opened.target() + " open for "
                    + Durations.text(opened.info().retryIn());
        }
        if (event instanceof TargetEvent.CircuitClosed closed) {
            return "circuit " + closed.target() + " closed";
        }
        if (event instanceof TargetEvent.TargetBlocked blocked) {
            return "blocked " + blocked.target() + " for " + Durations.text(blocked.until()) + " (" + blocked.reason()
                    + ")";
        }
        if (event instanceof TargetEvent.BudgetExhausted budget) {
            return "budget " + budget.target() + " is empty: no further retries for now";
        }
        return null;
    }

    /** Category, and the HTTP status where there was one: {@code server_error 503}. */
    static String reason(Failure failure) {
        int status = CallJson.status(failure);
        boolean error = status != 0 && status / 100 != 2;
        return error ? failure.category() + " " + status : failure.category().toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** One attempt took longer than a timeout allows. */
public final class AttemptTimeoutException extends TimeoutException {
    private static final long serialVersionUID = 1L;

    /** Which timeout it was. */
    public enum Phase {
        FIRST_CONTENT("no content within "),
        IDLE("no byte for "),
        ATTEMPT("no end within "),
        DEADLINE("the call's deadline passed after ");

        private final String text;

        Phase(String text) {
            this.text = text;
        }
    }

    private final Phase phase;

    AttemptTimeoutException(Phase phase, long nanos) {
        super(phase.text + Durations.text(Duration.ofNanos(nanos)));
        this.phase = phase;
    }

    public Phase phase() {
        return phase;
    }

    /** A timeout says where it comes from by its phase; the stack is the timer's. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

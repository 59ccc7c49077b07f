// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.storm.Laboratory;
import dev.holdfast.time.Ticker;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A line for each scenario and engine; on a terminal it is there while the run lasts and tells its time at the end. */
final class StormProgress implements Laboratory.Progress, AutoCloseable {
    private final PrintWriter err;
    private final boolean terminal;
    private final Ticker ticker;
    private @Nullable String running;
    private long startedNanos;

    StormProgress(PrintWriter err, boolean terminal) {
        this(err, terminal, Ticker.system());
    }

    StormProgress(PrintWriter err, boolean terminal, Ticker ticker) {
        this.err = err;
        this.terminal = terminal;
        this.ticker = ticker;
    }

    @Override
    public void started(String scenario, String engine, int step, int steps) {
        close();
        String line = "storm " + step + "/" + steps + " " + scenario + ", " + engine;
        if (terminal) {
            running = line;
            startedNanos = ticker.nanos();
            err.print(line + " …");
        } else {
            err.println(line);
        }
        err.flush();
    }

    /** Ends the line that is still open. */
    @Override
    public void close() {
        if (running != null) {
            err.println("\r" + running + ": " + Durations.text(Duration.ofNanos(ticker.nanos() - startedNanos)));
            err.flush();
            running = null;
        }
    }
}

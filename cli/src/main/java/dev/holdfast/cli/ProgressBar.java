// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.llm.batch.BatchSummary;
import dev.holdfast.time.Ticker;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A bar that is drawn over itself, with rate and time left; on anything but a terminal it is never drawn. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter err;
    private final boolean on;
    private final long total;
    private final Ticker ticker;
    private final long startNanos;
    private long drawnAtNanos;
    private int drawnChars;

    ProgressBar(PrintWriter err, boolean on, long total, Ticker ticker) {
        this.err = err;
        this.on = on;
        this.total = total;
        this.ticker = ticker;
        this.startNanos = ticker.nanos();
        this.drawnAtNanos = startNanos - REDRAW_NANOS;
    }

    /** Counts the lines of a regular file beforehand, where somebody will look at them. */
    static ProgressBar on(PrintWriter err, Path in, boolean terminal) throws IOException {
        boolean drawn = terminal && Files.isRegularFile(in);
        return new ProgressBar(err, drawn, drawn ? lines(in) : 0, Ticker.system());
    }

    private static long lines(Path file) throws IOException {
        long lines = 0;
        int last = '\n';
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                lines += next == '\n' ? 1 : 0;
                last = next;
            }
        }
        return last == '\n' ? lines : lines + 1;
    }

    void show(BatchSummary now) {
        long nowNanos = ticker.nanos();
        boolean due = nowNanos - drawnAtNanos >= REDRAW_NANOS || now.finished() == total;
        if (on && due) {
            drawnAtNanos = nowNanos;
            draw(text(now, total, nowNanos - startNanos));
        }
    }

    /** For example {@code [######------] 120/400 30%  12.5/s  22 s left  2 failed}. */
    static String text(BatchSummary now, long total, long elapsedNanos) {
        long finished = Math.min(now.finished(), total);
        int filled = total == 0 ? WIDTH : (int) (WIDTH * finished / total);
        double perSecond = (now.finished() - now.earlier()) * NANOS_PER_SECOND / Math.max(1, elapsedNanos);
        String left = perSecond == 0
                ? ""
                : "  " + Durations.text(Duration.ofSeconds((long) Math.ceil((total - finished) / perSecond))) + " left";
        return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "] " + finished + "/" + total + " "
                + (total == 0 ? 100 : 100 * finished / total) + "%  "
                + Math.round(perSecond * 10) / 10.0 + "/s" + left
                + (now.failed() == 0 ? "" : "  " + now.failed() + " failed");
    }

    private void draw(String text) {
        err.print("\r" + text + " ".repeat(Math.max(0, drawnChars - text.length())));
        err.flush();
        drawnChars = text.length();
    }

    /** Takes the bar away: what comes now is the summary. */
    @Override
    public void close() {
        if (drawnChars > 0) {
            err.print("\r" + " ".repeat(drawnChars) + "\r");
            err.flush();
            drawnChars = 0;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a caller hears of one call. Thread-safe. */
public final class Heard {
    private final StringBuilder text = new StringBuilder();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch endedTwice = new CountDownLatch(2);
    private int completions;
    private int errors;
    private long endNanos;
    private @Nullable Throwable error;

    public synchronized void text(String piece) {
        text.append(piece);
    }

    public synchronized void complete() {
        completions++;
        end();
    }

    public synchronized void error(Throwable thrown) {
        errors++;
        if (error == null) {
            error = thrown;
        }
        end();
    }

    private void end() {
        if (endNanos == 0) {
            endNanos = System.nanoTime();
        }
        ended.countDown();
        endedTwice.countDown();
    }

    boolean await(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for a second end, which there should not be. */
    boolean awaitAnother(long millis) throws InterruptedException {
        return endedTwice.await(millis, TimeUnit.MILLISECONDS);
    }

    synchronized String text() {
        return text.toString();
    }

    synchronized int completions() {
        return completions;
    }

    synchronized int errors() {
        return errors;
    }

    synchronized long endNanos() {
        return endNanos;
    }

    synchronized @Nullable Throwable error() {
        return error;
    }
}

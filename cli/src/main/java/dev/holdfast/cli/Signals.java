// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The signals of a process that serves: TERM and INT ask it to end in order, HUP to read its configuration again. A second
 * one to end ends it at once. Where the platform lacks a signal it is never heard. Closing gives the JVM's own handlers back.
 */
final class Signals implements AutoCloseable {
    private static final int INTERRUPTED = 130;

    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final List<Runnable> restore = new ArrayList<>();

    private Signals() {}

    static Signals heard() {
        Signals signals = new Signals();
        signals.handle("TERM", signal -> signals.end(0));
        signals.handle("INT", signal -> signals.end(INTERRUPTED));
        return signals;
    }

    /** Runs the action, on a thread of its own, at each HUP. */
    void onHangUp(Runnable action) {
        handle("HUP", signal -> action.run());
    }

    /** Waits for the first signal to end; gives the exit code. */
    int await() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing fails this future", e);
        }
    }

    private void end(int code) {
        if (!end.complete(code)) {
            Runtime.getRuntime().halt(code == 0 ? 1 : code);
        }
    }

    private void handle(String name, SignalHandler handler) {
        try {
            Signal signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, handler);
            restore.add(() -> Signal.handle(signal, before));
        } catch (IllegalArgumentException e) {
            // This platform has no such signal, or keeps it to itself.
            return;
        }
    }

    @Override
    public void close() {
        restore.forEach(Runnable::run);
    }
}

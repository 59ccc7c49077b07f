// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Interrupts a thread while it runs an attempt and never after: the interrupt of a timed-out attempt must not leak into what
 * the thread does next.
 */
final class Interrupter implements Runnable {
    private static final int RUNNING = 0;
    private static final int INTERRUPTING = 1;
    private static final int INTERRUPTED = 2;
    private static final int FINISHED = 3;

    private final Thread thread;
    private final AtomicInteger state = new AtomicInteger(RUNNING);

    Interrupter(Thread thread) {
        this.thread = thread;
    }

    /** The attempt has timed out. */
    @Override
    public void run() {
        if (state.compareAndSet(RUNNING, INTERRUPTING)) {
            thread.interrupt();
            state.set(INTERRUPTED);
        }
    }

    /** The attempt's code has returned; to be called on its thread. */
    void finish() {
        if (state.compareAndSet(RUNNING, FINISHED)) {
            return;
        }
        while (state.get() == INTERRUPTING) {
            Thread.onSpinWait();
        }
        // Ours, and if somebody else interrupted at the same moment it cannot be told apart.
        Thread.interrupted();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * Who looks at the calls of an engine besides their callers: listeners, observers, or a close under way. All in one word, so that a
 * call that nobody looks at asks once where it starts and once where it ends. Thread-safe.
 *
 * <p>Memory ordering: who begins to look says so here before it looks at what is left of calls; a call gives back what it
 * holds, which is an atomic operation, before it asks here. So the last one to come back is seen by one of the two.
 */
final class Attention {
    private static final int LISTENERS = 1;
    private static final int CLOSE = 2;
    private static final int OBSERVERS = 4;

    /** Written under the lock. */
    private volatile int who;

    boolean isPaid() {
        return who != 0;
    }

    boolean listeners() {
        return (who & LISTENERS) != 0;
    }

    boolean close() {
        return (who & CLOSE) != 0;
    }

    synchronized void listenersAre(boolean there) {
        who = there ? who | LISTENERS : who & ~LISTENERS;
    }

    synchronized void observersAre(boolean there) {
        who = there ? who | OBSERVERS : who & ~OBSERVERS;
    }

    boolean observers() {
        return (who & OBSERVERS) != 0;
    }

    synchronized void closes() {
        who |= CLOSE;
    }
}

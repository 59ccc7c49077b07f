// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/** A blocking attempt as the {@link BlockingWatch} sees it. Any thread; all of it is void once the attempt has ended. */
interface Watched {
    boolean isOf(Holdfast engine);

    boolean isEnded();

    /** When the attempt must be over, progress aside. */
    long dueNanos();

    /** {@link #dueNanos} has come; called on the timer's thread. */
    void overdue(long nowNanos);

    /** The engine is closed for good. */
    void shutDown();
}

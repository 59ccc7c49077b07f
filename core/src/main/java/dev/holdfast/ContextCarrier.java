// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * Carries what belongs to a thread, such as a logging context, from the thread that makes a call to those that work for it: a
 * retry runs after a timer's wait, on another thread than the first attempt. Must be thread-safe and quick. What it throws is
 * logged once, and the call goes on without it.
 *
 * @see HoldfastBuilder#carrier
 */
@FunctionalInterface
public interface ContextCarrier {
    /** Takes what is to be carried; on the thread that makes the call. */
    Carried capture();

    /** What was captured. Opened any number of times, on several threads at once where attempts race. */
    @FunctionalInterface
    interface Carried {
        /** Puts it on the current thread; closing brings back what was there before. */
        ContextScope open();
    }
}

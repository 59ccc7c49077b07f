// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

/** A connection as its event loop's {@link Sweep} knows it. All on that loop. */
interface Swept {
    /** Closes it if its time is over. */
    void sweep(long nowNanos);

    /** No further requests; those that run are answered. */
    void closeWhenAnswered();

    void closeNow();
}

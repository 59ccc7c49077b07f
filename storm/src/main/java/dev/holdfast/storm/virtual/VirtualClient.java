// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.virtual;

/** A policy at work in virtual time. */
interface VirtualClient {
    /** Makes a call, numbered as it arrived; tells the storm what becomes of it. */
    void call(int number, boolean poison);

    /** Ends what the engine has left; called when no call runs any more. */
    default void close() {}
}

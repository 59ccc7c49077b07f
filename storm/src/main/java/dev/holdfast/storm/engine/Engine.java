// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

/** A policy at work in one storm. Thread-safe; each call has a thread of its own. */
public interface Engine extends AutoCloseable {
    /**
     * Makes the call: blocks until its answer is whole or nothing more is tried. The thread is interrupted where the caller
     * gives up.
     *
     * @return the text, as the policy tells it to be whole
     * @throws Exception whatever the policy ends a failed call with
     */
    String call(Question question) throws Exception;

    @Override
    default void close() {}
}

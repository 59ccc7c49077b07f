// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/** Makes one attempt on the calling thread. A timeout interrupts the thread. */
@FunctionalInterface
public interface BlockingAttemptFunction<T> {
    T run(Attempt attempt) throws Exception;
}

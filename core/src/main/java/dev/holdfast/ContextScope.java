// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/** Something that holds on the current thread until it is closed there. */
@FunctionalInterface
public interface ContextScope extends AutoCloseable {
    /** Nothing to close. */
    ContextScope NONE = () -> {};

    @Override
    void close();
}

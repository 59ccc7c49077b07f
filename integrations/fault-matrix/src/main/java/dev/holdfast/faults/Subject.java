// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

/** One client, alone or guarded, that is put before the faults. Thread-safe. */
public interface Subject {
    /**
     * Asks the model and tells what is heard. May return before the call has ended, and may throw in place of telling an
     * error.
     */
    void ask(String model, boolean stream, Heard heard) throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

/** Hears of every client call at its end, once. Called on event loops: must be quick and must not block. Thread-safe. */
@FunctionalInterface
public interface CallObserver {
    void ended(CallRecord call);
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.CallEvent;
import org.jspecify.annotations.Nullable;

/**
 * Goes along with calls on the threads that make them, where an {@link dev.holdfast.event.EventListener} hears of them
 * afterwards and elsewhere. For traces, which must be current while an attempt runs, and for counts that must not be late. Must
 * be thread-safe and quick; what it throws is logged once and never disturbs a call.
 *
 * @see HoldfastBuilder#observer
 */
@FunctionalInterface
public interface CallObserver {
    /**
     * A call begins; on the thread that makes it, before anything else happens to it.
     *
     * @param options as the call was given them; {@link CallOptions#subject} is what the call is about
     * @return goes along with this call to its end; null to leave it alone
     */
    @Nullable
    CallObservation begin(CallEvent.CallStarted started, CallOptions options);
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.target.internal.TargetState;
import dev.holdfast.target.internal.Waiters;
import java.util.Collection;

/** Ends what still runs or waits when an engine is closed for good. */
final class Shutdown {
    private Shutdown() {}

    static void endAll(Holdfast engine, Collection<TargetState> states) {
        for (TargetState state : states) {
            for (Waiters.Waiter waiter : state.waiters().all()) {
                if (waiter instanceof Wait wait) {
                    end(wait.call);
                }
            }
        }
        engine.running.forEach(AttemptRun::shutDown);
        engine.blockingWatch.attempts(engine).forEach(AttemptRun::shutDown);
    }

    /** Not by cancelling, which is what callers do: this call was ended under its caller. */
    static void end(Call<?, ?> call) {
        call.completeExceptionally(Endings.closed(call));
    }
}

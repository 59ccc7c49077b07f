// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.Holdfast;
import dev.holdfast.time.Timer;
import org.jspecify.annotations.Nullable;

/** While a stream's first content does not come, something else goes out from time to time. Thread-safe. */
final class KeepAlive {
    private final Holdfast engine;
    private final Outgoing outgoing;
    private final long everyNanos;

    // guarded by this
    private Timer.@Nullable Scheduled next;
    private boolean over;

    KeepAlive(Holdfast engine, Outgoing outgoing, long everyNanos) {
        this.engine = engine;
        this.outgoing = outgoing;
        this.everyNanos = everyNanos;
    }

    synchronized void start() {
        if (!over) {
            next = engine.timer().at(engine.ticker().nanos() + everyNanos, () -> engine.executor()
                    .execute(this::due));
        }
    }

    private void due() {
        if (outgoing.keepAlive()) {
            start();
        }
    }

    synchronized void stop() {
        over = true;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.Holdfast;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One listener at each engine of a fleet, whose engines change with a reload. Thread-safe. */
public final class Ears implements AutoCloseable {
    private final Function<Holdfast, Runnable> listen;
    private final Map<Holdfast, Runnable> ears = new IdentityHashMap<>();
    private boolean closed;

    /** @param listen begins to listen and returns what ends it */
    public Ears(Function<Holdfast, Runnable> listen) {
        this.listen = listen;
    }

    /** Listens at these engines from now on, and at no others. */
    public synchronized void at(List<Holdfast> engines) {
        List<Holdfast> wanted = closed ? List.of() : engines;
        ears.entrySet().removeIf(ear -> {
            boolean gone = wanted.stream().noneMatch(engine -> engine == ear.getKey());
            if (gone) {
                ear.getValue().run();
            }
            return gone;
        });
        wanted.forEach(engine -> ears.computeIfAbsent(engine, listen));
    }

    /** Listens no more. */
    @Override
    public synchronized void close() {
        closed = true;
        at(List.of());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;

/**
 * Watches whether an object is let go of. In real time and with more than one collection: threads that are about to return
 * may still hold it in their frames when the first one runs.
 */
public final class Collected {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long EACH_MILLIS = 100;

    private final ReferenceQueue<Object> queue = new ReferenceQueue<>();
    private final WeakReference<Object> watched;

    public Collected(Object object) {
        watched = new WeakReference<>(object, queue);
    }

    /** Collects until it is gone; false where something holds it. */
    public boolean eventually() throws InterruptedException {
        long start = System.nanoTime();
        do {
            System.gc();
            if (queue.remove(EACH_MILLIS) == watched) {
                return true;
            }
        } while (System.nanoTime() - start < PATIENCE_NANOS);
        return false;
    }

    /** Fails with the words given where something holds it. */
    public void await(String what) throws InterruptedException {
        assertThat(eventually()).as(what + " is collected").isTrue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last {@value #KEPT} calls. Thread-safe; a call that ends while they are listed may be in the list or not. */
public final class RecentCalls implements CallObserver {
    public static final int KEPT = 100;

    /** A power of two, so that the place is found without a division; more than are shown, which costs nothing. */
    private static final int PLACES = 128;

    private final AtomicReferenceArray<@Nullable CallRecord> places = new AtomicReferenceArray<>(PLACES);
    private final AtomicLong count = new AtomicLong();

    @Override
    public void ended(CallRecord call) {
        places.setRelease((int) (count.getAndIncrement() & (PLACES - 1)), call);
    }

    /** The newest first. */
    public List<CallRecord> list() {
        List<CallRecord> calls = new ArrayList<>(KEPT);
        long newest = count.get() - 1;
        for (long i = newest; i > newest - KEPT && i >= 0; i--) {
            CallRecord call = places.getAcquire((int) (i & (PLACES - 1)));
            if (call != null) {
                calls.add(call);
            }
        }
        return calls;
    }
}

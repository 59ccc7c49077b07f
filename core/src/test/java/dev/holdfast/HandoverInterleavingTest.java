// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Interleavings of a memory without store buffers; what the fence is for stands in {@link HandoverTest}. */
class HandoverInterleavingTest {
    /** An owner, one thread at a time, and others who want what it holds. */
    public static class OwnerAndOthers {
        private final HandoverTest.Held held = new HandoverTest.Held(() -> {});
        private final AtomicReference<AtomicBoolean> known = new AtomicReference<>();
        private @Nullable Boolean ended;

        /** An owner asks once; whoever asks after it hears the same. */
        @Operation(nonParallelGroup = "owner")
        public boolean end() {
            if (ended == null) {
                ended = held.end();
            }
            return ended;
        }

        /** All get the same one. */
        @Operation
        public boolean takeOver() {
            AtomicBoolean successor = held.whole();
            if (!known.compareAndSet(null, successor) && known.get() != successor) {
                throw new IllegalStateException("there are two");
            }
            return held.takeOver();
        }
    }

    @Test
    void eitherTheOwnerEndsOrSomethingTakesOver() {
        Interleavings.checkNew(OwnerAndOthers.class);
    }
}

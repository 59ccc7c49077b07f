// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Interleavings of a memory without store buffers; what the fence is for stands in {@link HandoverTest}. */
class HandoverInterleavingTest {
    /** An owner, one thread at a time, and others who want what it holds. */
    public static class Held {
        private final Grants grants = new Grants();
        private final AtomicReference<Successor> known = new AtomicReference<>();
        private @Nullable Boolean ended;

        /** An owner asks once; whoever asks after it hears the same. */
        @Operation(nonParallelGroup = "owner")
        public boolean end() {
            if (ended == null) {
                ended = grants.end();
            }
            return ended;
        }

        /** All get the same one. */
        @Operation
        public boolean takeOver() {
            Successor successor = grants.whole();
            if (!known.compareAndSet(null, successor) && known.get() != successor) {
                throw new IllegalStateException("there are two");
            }
            return successor.holds;
        }
    }

    private static final class Successor {
        volatile boolean holds = true;
    }

    @SuppressWarnings("NullAway") // nothing is given back here
    private static final class Grants extends Handover<Successor> {
        Grants() {
            super(null, null, 0, 0);
        }

        @Override
        Successor successor() {
            return new Successor();
        }

        @Override
        void isVoid(Successor late) {
            late.holds = false;
        }
    }

    @Test
    void eitherTheOwnerEndsOrSomethingTakesOver() {
        Interleavings.checkNew(Held.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: it must find these, on each JDK. */
class InterleavingCanaryTest {
    private static final int PADDED = 16;

    /** Lets in more than two when both threads look before one of them enters. */
    public static class LookThenEnter {
        final AtomicLongArray inFlight = new AtomicLongArray(2 * PADDED + 1);

        @Operation
        public boolean tryEnter() {
            if (inFlight.get(PADDED) >= 2) {
                return false;
            }
            inFlight.getAndIncrement(PADDED);
            return true;
        }
    }

    /** As above, and seen at the end only. */
    public static class LookThenEnterUnseen {
        private final LookThenEnter limited = new LookThenEnter();

        @Operation
        public void tryEnter() {
            limited.tryEnter();
        }

        @Validate
        public void limitIsKept() {
            if (limited.inFlight.get(PADDED) > 2) {
                throw new IllegalStateException("more than two");
            }
        }
    }

    @Test
    void theCheckerFindsResultsThatNoOrderExplains() {
        assertThatThrownBy(() -> Interleavings.check(LookThenEnter.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    @Test
    void theCheckerFindsAnEndThatMustNotBe() {
        assertThatThrownBy(() -> Interleavings.checkEnds(LookThenEnterUnseen.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("more than two");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Either the owner ends, or something takes over: never both, and never neither. */
class HandoverTest {
    private static final int ROUNDS = 300_000;

    /** Holds nothing; what would take over is a flag that says whether it is void. */
    @SuppressWarnings("NullAway") // nothing is given back here
    static final class Held extends Handover<AtomicBoolean> {
        private final Runnable meanwhile;

        Held(Runnable meanwhile) {
            super(null, null, 0, 0);
            this.meanwhile = meanwhile;
        }

        @Override
        AtomicBoolean successor() {
            meanwhile.run();
            return new AtomicBoolean();
        }

        @Override
        void isVoid(AtomicBoolean late) {
            late.set(true);
        }

        /** Whether what takes over holds. */
        boolean takeOver() {
            return !whole().get();
        }
    }

    @Test
    void whatTakesOverFirstStays() {
        Held held = new Held(() -> {});
        AtomicBoolean successor = held.whole();

        assertThat(held.end()).isFalse();
        assertThat(held.whole()).isSameAs(successor).isFalse();
        assertThat(held.taker()).isSameAs(successor);
    }

    @Test
    void whatComesAfterTheEndIsVoidAndAlwaysTheSame() {
        Held held = new Held(() -> {});

        assertThat(held.end()).isTrue();
        AtomicBoolean late = held.whole();
        assertThat(late).isTrue();
        assertThat(held.whole()).isSameAs(late);
        assertThat(held.taker()).isNull();
    }

    @Test
    void ownerWhoEndsWhileASuccessorIsMadeHolds() {
        boolean[] ended = {false};
        Held[] held = {null};
        held[0] = new Held(() -> ended[0] = held[0].end());

        assertThat(held[0].takeOver()).isFalse();
        assertThat(ended[0]).isTrue();
    }

    /** What the fence is for, the store buffer of a processor, is there between real threads only. */
    @Test
    @Timeout(120)
    void oneOfOwnerAndSuccessorHoldsBetweenRealThreads() throws InterruptedException {
        Held[] round = new Held[ROUNDS];
        boolean[] taken = new boolean[ROUNDS];
        boolean[] ended = new boolean[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            round[i] = new Held(() -> {});
        }
        AtomicInteger owner = new AtomicInteger();
        AtomicInteger other = new AtomicInteger();
        Thread thread = new Thread(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                meet(other, owner, i);
                taken[i] = round[i].takeOver();
            }
        });
        thread.start();
        for (int i = 0; i < ROUNDS; i++) {
            meet(owner, other, i);
            for (int spin = i % 16; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            ended[i] = round[i].end();
        }
        thread.join();

        for (int i = 0; i < ROUNDS; i++) {
            assertThat(ended[i]).as("round %d", i).isNotEqualTo(taken[i]);
        }
    }

    private static void meet(AtomicInteger mine, AtomicInteger theirs, int round) {
        mine.set(round + 1);
        for (int spin = 1; theirs.get() <= round; spin++) {
            if (spin % 1000 == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}

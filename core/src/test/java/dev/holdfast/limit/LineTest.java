// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.limit.Line.Reservation;
import dev.holdfast.limit.Line.Taken;
import org.junit.jupiter.api.Test;

class LineTest {
    private static final Taken NOTHING = new Taken(0, 0, 0);

    private final Line line = new Line();

    @Test
    void nobodyLeavesAtAMomentOrWithASizeThatIsNotThere() {
        add(10, 1);
        add(20, 1);

        assertThat(line.leave(15, 1)).as("between two").isFalse();
        assertThat(line.leave(10, 2)).as("of another size").isFalse();
        assertThat(line.leave(30, 1)).as("after the last").isFalse();
        assertThat(line.waiting()).isEqualTo(2);
        assertThat(line.leave(10, 1)).isTrue();
        assertThat(line.leave(10, 1)).as("twice").isFalse();

        assertThat(line.waiting()).isEqualTo(1);
    }

    @Test
    void manyThatHaveStartedAreForgottenWhileOthersWait() {
        for (int start = 1; start <= 200; start++) {
            add(start, 1);
        }
        line.leave(3, 1);
        line.leave(150, 1);

        line.advance(130);

        assertThat(line.waiting()).isEqualTo(69);
        assertThat(line.lastStartNanos()).isEqualTo(200);
        assertThat(line.fillGap(1, 131).startNanos).isEqualTo(150);
        assertThat(line.fillGap(1, 131)).isNull();
        line.advance(200);
        assertThat(line.waiting()).isZero();
        assertThat(line.lastStartNanos()).isZero();
    }

    private void add(long startNanos, long tokens) {
        line.add(new Reservation(startNanos, tokens, NOTHING, NOTHING));
    }
}

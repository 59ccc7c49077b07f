// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NanosTest {
    private final VirtualTime time = new VirtualTime(1);

    @Test
    void whatDoesNotFitIsNever() {
        assertThat(Nanos.of(Duration.ofSeconds(2, 3))).isEqualTo(2_000_000_003L);
        assertThat(Nanos.of(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(Nanos.NEVER);
        assertThat(Nanos.of(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Nanos.NEVER);
        assertThat(Nanos.of(Duration.ofSeconds(9_223_372_035L))).isEqualTo(9_223_372_035_000_000_000L);
        assertThat(Nanos.add(1, 2)).isEqualTo(3);
        assertThat(Nanos.add(Nanos.NEVER, 1)).isEqualTo(Nanos.NEVER);
        assertThat(Nanos.add(0, 0)).isZero();
        assertThat(Nanos.left(5, 3)).isEqualTo(2);
        assertThat(Nanos.left(3, 5)).isZero();
        assertThat(Nanos.left(Nanos.NEVER, 5)).isEqualTo(Nanos.NEVER);
    }

    @Test
    void deadlineCountsDownToZero() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(10), time);
        time.advance(Duration.ofSeconds(4));
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(6));
        time.advance(Duration.ofSeconds(7));
        assertThat(deadline.left()).isZero();
        assertThat(Deadline.never(time).left()).isEqualTo(Duration.ofNanos(Nanos.NEVER));
        assertThat(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE), time)).isEqualTo(Deadline.never(time));
    }

    @Test
    void virtualTasksRunInTheOrderOfTheirMomentsAndOfTheirComing() {
        List<String> ran = new ArrayList<>();
        time.at(20, () -> ran.add("late " + time.nanos()));
        time.at(10, () -> {
            ran.add("first " + time.nanos());
            time.execute(() -> ran.add("from within"));
            ran.add("first goes on");
        });
        time.at(10, () -> ran.add("second"));
        Timer.Scheduled cancelled = time.at(15, () -> ran.add("cancelled"));

        assertThat(time.pending()).isEqualTo(4);
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.cancel()).isFalse();
        assertThat(time.pending()).isEqualTo(3);
        time.advanceTo(19);
        assertThat(ran).containsExactly("first 10", "first goes on", "from within", "second");
        assertThat(time.nanos()).isEqualTo(19);
        time.advanceTo(5);
        assertThat(time.nanos()).isEqualTo(19);
        assertThat(time.runUntilIdle(Duration.ZERO)).isFalse();
        assertThat(time.runUntilIdle(Duration.ofNanos(1))).isTrue();
        assertThat(ran).endsWith("late 20");
        assertThat(time.pending()).isZero();
    }

    @Test
    void virtualTaskThatThrowsLeavesTimeInOrder() {
        List<String> ran = new ArrayList<>();
        Timer.Scheduled bad = time.at(1, () -> {
            throw new IllegalStateException("made up");
        });
        time.at(2, () -> ran.add("next"));

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> time.advanceTo(1))
                .hasMessage("made up");
        assertThat(bad.cancel()).isFalse();
        time.advanceTo(2);

        assertThat(ran).containsExactly("next");
    }
}

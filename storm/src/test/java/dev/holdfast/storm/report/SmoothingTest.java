// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storm.result.ScenarioResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmoothingTest {
    private static Smoothing of(int buckets, long callsInEach) {
        return new Smoothing(new ScenarioResult(
                "s",
                "s",
                Duration.ofSeconds(buckets),
                Duration.ofSeconds(1),
                List.of("a"),
                null,
                List.of(),
                Collections.nCopies(buckets, callsInEach),
                Collections.nCopies(buckets, 1.0),
                List.of()));
    }

    @Test
    void manyCallsStayAsTheyAre() {
        assertThat(of(80, 1_000).words()).isEmpty();
        assertThat(of(10, 50).mean(List.of(1.0, 5.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0)))
                .containsExactly(1.0, 5.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0);
    }

    @Test
    void fewCallsAreDrawnAsTheMeanAroundThem() {
        Smoothing smoothing = of(80, 14);
        Double[] values = new Double[80];
        Arrays.fill(values, 1.0);
        values[40] = 7.0;
        values[79] = 100.0;

        List<Double> means = smoothing.mean(List.of(values));

        assertThat(smoothing.words()).isEqualTo(", mean over 3 s");
        assertThat(means.subList(38, 43)).containsExactly(1.0, 3.0, 3.0, 3.0, 1.0);
        assertThat(means.get(79)).as("what ended after the load is in no rate").isEqualTo(1.0);
    }

    @Test
    void whatHasNoValueCountsForNothing() {
        Smoothing smoothing = of(80, 14);
        Double[] values = new Double[80];
        values[0] = 10.0;
        values[1] = 40.0;
        Long[] calls = new Long[80];
        Arrays.fill(calls, 0L);
        calls[0] = 2L;

        List<Double> means = smoothing.mean(Arrays.asList(values), List.of(calls));

        assertThat(means.subList(0, 4)).containsExactly(20.0, 20.0, 40.0, null);
    }

    @Test
    void nothingAtAllIsNothing() {
        assertThat(of(0, 0).mean(List.of())).isEmpty();
        assertThat(of(80, 0).mean(Collections.nCopies(80, 0.0))).hasSize(80).allMatch(mean -> mean == 0);
    }
}

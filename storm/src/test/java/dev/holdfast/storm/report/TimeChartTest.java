// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.storm.report.Scale.Tick;
import dev.holdfast.storm.result.ScenarioResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeChartTest {
    @Test
    void namesThatWouldOverlapMoveApartAndStayInside() {
        assertThat(TimeChart.spread(new double[] {10, 12, 100}, 200)).containsExactly(10, 24, 100);
        assertThat(TimeChart.spread(new double[] {190, 195, 200}, 200)).containsExactly(172, 186, 200);
        assertThat(TimeChart.spread(new double[] {0, 0, 0, 0, 0}, 20)).containsExactly(0, 5, 10, 15, 20);
        assertThat(TimeChart.spread(new double[0], 20)).isEmpty();
    }

    @Test
    void axesEndAtRoundValues() {
        assertThat(Scale.linear(97).ticks()).extracting(Tick::text).containsExactly("0", "20", "40", "60", "80", "100");
        assertThat(Scale.linear(0.3).ticks()).extracting(Tick::text).containsExactly("0.0", "0.1", "0.2", "0.3");
        assertThat(Scale.linear(0).to()).isEqualTo(1);
        assertThat(Scale.time(Duration.ofSeconds(60)).ticks())
                .extracting(Tick::text)
                .containsExactly("0 s", "10 s", "20 s", "30 s", "40 s", "50 s", "60 s");
        assertThat(Scale.time(Duration.ofMinutes(5)).ticks())
                .extracting(Tick::text)
                .endsWith("4 min", "5 min");
    }

    @Test
    void latenciesStandInPowersBetweenTheirExtremes() {
        Scale scale = Scale.logarithmic(210, 8_000);

        assertThat(scale.from()).isEqualTo(200);
        assertThat(scale.to()).isCloseTo(10_000, within(1e-6));
        assertThat(scale.place(200)).isZero();
        assertThat(scale.place(1)).isZero();
        assertThat(scale.place(10_000)).isEqualTo(1);
        assertThat(Scale.logarithmic(0.2, 70_000).ticks())
                .extracting(Tick::text)
                .containsExactly("1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s");
        assertThat(Scale.logarithmic(5, 5).to()).isGreaterThan(5);
    }

    @Test
    void figuresAreFineWhereItCounts() {
        assertThat(Figures.share(0.9934)).isEqualTo("99.3 %");
        assertThat(Figures.share(0.9999)).isEqualTo("100 %");
        assertThat(Figures.share(0.654)).isEqualTo("65 %");
        assertThat(Figures.share(0.0421)).isEqualTo("4.2 %");
        assertThat(Figures.share(0)).isEqualTo("0 %");
        assertThat(Figures.factor(1.0449)).isEqualTo("1.04");
        assertThat(Figures.factor(12.34)).isEqualTo("12.3");
        assertThat(Figures.millis(3.14)).isEqualTo("3.1 ms");
        assertThat(Figures.millis(314)).isEqualTo("314 ms");
        assertThat(Figures.millis(1_500)).isEqualTo("1.5 s");
        assertThat(Figures.millis(61_000)).isEqualTo("61 s");
        assertThat(Figures.millis(1_200_000)).isEqualTo("20 min");
    }

    @Test
    void onlyWhereTroubleEndsThereIsSomethingToRecoverFrom() {
        ScenarioResult storm = SampleStorm.overload();
        ScenarioResult calm = SampleStorm.scenario("calm", "Calm.", List.of("a"), List.of(), storm.engines());

        assertThat(Figures.recovery(storm, storm.engines().get(1))).isEqualTo("never");
        assertThat(Figures.recovery(storm, storm.engines().get(5))).isEqualTo("2 s");
        assertThat(Figures.recovery(calm, storm.engines().get(1))).isEqualTo("–");
    }
}

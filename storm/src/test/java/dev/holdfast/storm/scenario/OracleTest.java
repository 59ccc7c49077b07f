// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Cases whose answer can be worked out on paper. Calls wait at most 30 seconds. */
class OracleTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void serverWithoutLimitsServesAllButTheMalformed() {
        Arrivals arrivals = new Arrivals(everySecond(100), poisonEveryFourth(100));

        assertThat(served("{}", arrivals)).isEqualTo(75);
    }

    @Test
    void callsThatComeInTheLastThirtySecondsOfAnOutageCanWaitForItsEnd() {
        String script = "outages: [{ from: 20s, to: 60s }]";

        // 100 calls at 0, 1, … 99 s; those of 20 … 29 s are given up before 60 s
        assertThat(served(script, arrivals(everySecond(100)))).isCloseTo(90, within(1.0));
    }

    @Test
    void quotaGivesItsBurstAtOnceAndThenItsRate() {
        long[] atOnce = new long[100];

        // 5 at once and 2 a second for 30 s
        assertThat(served("capacity: { rate: 2, burst: 5 }", arrivals(atOnce))).isCloseTo(65, within(1.0));
    }

    @Test
    void placesGiveTheirNumberForEachLatency() {
        long[] atOnce = new long[100];

        // 4 at once and 4 every 2 s for 30 s
        assertThat(served("concurrency: 4\nlatency: 2s", arrivals(atOnce))).isCloseTo(64, within(1.0));
    }

    @Test
    void requestsThatFailUseUpTheQuotaToo() {
        long[] atOnce = new long[100];
        String script = "capacity: { rate: 2, burst: 4 }\nerrors: [{ share: 0.5, behaviour: 500 }]";

        // every second request is in vain: 2 at once and 1 a second
        assertThat(served(script, arrivals(atOnce))).isCloseTo(32, within(1.0));
    }

    @Test
    void secondTargetServesWhatTheFirstCannot() {
        Arrivals arrivals = arrivals(everySecond(100));
        Storm storm = storm("outages: [{ from: 0s, to: 100s }]", "{}");

        assertThat(sum(Oracle.served(storm, arrivals))).isEqualTo(100);
    }

    private static double served(String script, Arrivals arrivals) {
        return sum(Oracle.served(storm(script), arrivals));
    }

    private static double sum(List<Double> served) {
        return served.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static Storm storm(String... scripts) {
        List<Place> places = Stream.of(scripts)
                .map(script -> new Place("a", Scenario.parse(script)))
                .toList();
        return new Storm("test", "", Duration.ofSeconds(100), 1, false, 0, null, null, null, List.of(), places);
    }

    private static Arrivals arrivals(long[] startNanos) {
        return new Arrivals(startNanos, new boolean[startNanos.length]);
    }

    private static long[] everySecond(int calls) {
        return LongStream.range(0, calls).map(second -> second * SECOND).toArray();
    }

    private static boolean[] poisonEveryFourth(int calls) {
        boolean[] poison = new boolean[calls];
        for (int i = 0; i < calls; i += 4) {
            poison[i] = true;
        }
        return poison;
    }
}

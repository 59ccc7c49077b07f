// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Band;
import dev.holdfast.storm.scenario.Arrivals;
import dev.holdfast.storm.scenario.Outage;
import dev.holdfast.storm.scenario.Place;
import dev.holdfast.storm.scenario.Storm;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Two hundred calls, one a second, written down by hand. */
class FiguresTest {
    private static final int CALLS = 200;
    private static final long SECOND = 1_000_000_000L;

    private final Storm storm = new Storm(
            "test",
            "",
            Duration.ofSeconds(CALLS),
            1,
            false,
            0,
            null,
            new Outage(0, Duration.ofSeconds(20), Duration.ofSeconds(100)),
            Duration.ofSeconds(100),
            List.of(),
            List.of(new Place("a", Scenario.none()), new Place("b", Scenario.none())));
    private final CallLog log = new CallLog(
            storm,
            new Arrivals(LongStream.range(0, CALLS).map(call -> call * SECOND).toArray(), new boolean[CALLS]));
    private long now;
    private final CircuitLog circuits = new CircuitLog(() -> now);

    @Test
    void amplificationIsThatOfTheWorstTargetAndLeavesOutCallsThatMadeNoAttemptThere() {
        for (int call = 0; call < CALLS; call++) {
            log.requests(0, call, call < 100 ? 1 : 0);
            log.requests(1, call, call < 10 ? 3 : 0);
        }

        EngineResult result = result();

        assertThat(result.amplification()).isEqualTo(3);
        assertThat(result.rejected()).isEqualTo(100);
        assertThat(result.targets().get(0).calls()).isEqualTo(100);
    }

    @Test
    void inAnOutageTheFirstFiftyCallsDoNotCount() {
        for (int call = 0; call < CALLS; call++) {
            log.requests(0, call, call < 70 ? 4 : 2);
        }

        assertThat(result().amplificationInOutage()).isEqualTo(2);
    }

    @Test
    void latenciesAreThoseOfTheCallsThatSucceeded() {
        for (int call = 0; call < 100; call++) {
            log.ended(call, Outcome.SUCCEEDED, (call + 1) * SECOND + call * SECOND / 100);
        }
        log.ended(150, Outcome.FAILED, 190 * SECOND);

        EngineResult result = result();

        assertThat(result.p50()).isEqualTo(Duration.ofMillis(1_490));
        assertThat(result.p99()).isEqualTo(Duration.ofMillis(1_980));
        assertThat(result.ofOracle()).isEqualTo(0.5);
    }

    @Test
    void recoveryLastsUntilCallsSucceedForGood() {
        for (int call = 0; call < CALLS; call++) {
            boolean good = call < 20 || call == 105 || call >= 120;
            log.ended(call, good ? Outcome.SUCCEEDED : Outcome.FAILED, (call + 1) * SECOND);
        }

        assertThat(result().recovery()).isEqualTo(Duration.ofSeconds(19));
    }

    @Test
    void oneFailureInTwentyIsNoRelapseAndNeverIsNull() {
        for (int call = 0; call < CALLS; call++) {
            log.ended(call, call % 25 == 24 ? Outcome.FAILED : Outcome.SUCCEEDED, (call + 1) * SECOND);
        }
        assertThat(result().recovery()).isEqualTo(Duration.ZERO);

        CallLog collapsed = new CallLog(storm, log.arrivals());
        assertThat(Recovery.of(collapsed)).isNull();
    }

    @Test
    void anAnswerThatIsNotTheWholeTextOnceIsTruncatedOrDuplicated() {
        assertThat(Outcome.of("one two three", "one two three")).isEqualTo(Outcome.SUCCEEDED);
        assertThat(Outcome.of("one two", "one two three")).isEqualTo(Outcome.TRUNCATED);
        assertThat(Outcome.of("one two one two three", "one two three")).isEqualTo(Outcome.DUPLICATED);
    }

    @Test
    void bandsCoverTheWholeStorm() {
        now = 20 * SECOND;
        circuits.enters("a", CircuitLog.OPEN);
        now = 80 * SECOND;
        circuits.enters("a", CircuitLog.HALF_OPEN);
        circuits.enters("a", CircuitLog.CLOSED);

        assertThat(result().targets().get(0).bands())
                .containsExactly(
                        new Band(Duration.ZERO, Duration.ofSeconds(20), CircuitLog.CLOSED),
                        new Band(Duration.ofSeconds(20), Duration.ofSeconds(80), CircuitLog.OPEN),
                        new Band(Duration.ofSeconds(80), Duration.ofSeconds(200), CircuitLog.CLOSED));
        assertThat(result().targets().get(1).bands()).isEmpty();
    }

    private EngineResult result() {
        return Figures.of("test", "Test", log, circuits, List.of((double) CALLS), 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import dev.holdfast.simulator.internal.behaviour.Ending;
import dev.holdfast.simulator.internal.behaviour.Provider;
import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A scenario under a clock that the test holds. */
class ScenarioRunTest {
    private static final long START = 1_000_000_000_000L;
    private static final long MILLISECOND = 1_000_000L;

    private long nowNanos = START;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<ScenarioRun.Ticket> tickets = new ArrayList<>();

    private ScenarioRun run(String yaml) {
        return new ScenarioRun(Scenario.parse(yaml), START);
    }

    private void arrive(ScenarioRun run, int times) {
        for (int i = 0; i < times; i++) {
            tickets.add(run.arrive("ok", nowNanos, verdicts::add));
        }
    }

    private void at(Duration sinceStart) {
        nowNanos = START + sinceStart.toNanos();
    }

    private long refused() {
        return verdicts.stream().filter(v -> v.instead() != null).count();
    }

    @Test
    void capacityLetsThroughItsBurstAndThenItsRate() {
        ScenarioRun run = run("capacity: { rate: 10, burst: 5, behaviour: '429,retry-after=1' }");

        arrive(run, 8);
        long atOnce = refused();
        at(Duration.ofMillis(200));
        arrive(run, 3);

        assertThat(atOnce).isEqualTo(3);
        assertThat(refused()).isEqualTo(3 + 1);
        assertThat(verdicts.get(7).instead()).isEqualTo(Behaviour.parse("429,retry-after=1"));
    }

    @Test
    void capacityServesItsRateHoweverMuchIsAsked() {
        ScenarioRun run = run("capacity: 50");

        for (int ms = 0; ms < 10_000; ms++) {
            at(Duration.ofMillis(ms));
            arrive(run, 1);
        }

        assertThat(verdicts.size() - refused()).isBetween(500L, 551L);
    }

    @Test
    void anOutageRefusesFromItsFirstMomentToItsLastAndNoLonger() {
        ScenarioRun run = run("outages: [{ from: 1s, to: 2s, behaviour: refuse }]");

        for (long ms : new long[] {999, 1000, 1999, 2000}) {
            at(Duration.ofMillis(ms));
            arrive(run, 1);
        }

        assertThat(verdicts).extracting(v -> v.instead() != null).containsExactly(false, true, true, false);
        assertThat(verdicts.get(1).applied(Behaviour.parse("ok")).ending()).isEqualTo(Ending.REFUSE);
    }

    @Test
    void repeatStartsTimeAgain() {
        ScenarioRun run = run("repeat: 10s\noutages: [{ from: 1s, to: 2s }]");

        for (long ms : new long[] {1500, 11_500, 12_500, 101_500}) {
            at(Duration.ofMillis(ms));
            arrive(run, 1);
        }

        assertThat(verdicts).extracting(v -> v.instead() != null).containsExactly(true, true, false, true);
    }

    @Test
    void whatExceedsTheConcurrencyWaitsInOrderAndBeginsAsOthersLeave() {
        ScenarioRun run = run("concurrency: { limit: 2, queue: 2 }");

        arrive(run, 5);

        assertThat(verdicts).hasSize(3);
        assertThat(refused()).isEqualTo(1);
        assertThat(run.queued()).isEqualTo(2);

        run.leave(tickets.get(0), nowNanos);

        assertThat(verdicts).hasSize(4);
        assertThat(run.queued()).isEqualTo(1);
    }

    @Test
    void whoLeavesTheQueueIsNeverServedAndFreesNothing() {
        ScenarioRun run = run("concurrency: 1");
        arrive(run, 3);

        run.leave(tickets.get(1), nowNanos);
        assertThat(verdicts).hasSize(1);
        run.leave(tickets.get(0), nowNanos);
        assertThat(verdicts).hasSize(2);
        run.leave(tickets.get(2), nowNanos);

        arrive(run, 1);
        assertThat(verdicts).hasSize(3);
        assertThat(run.queued()).isZero();
    }

    @Test
    void aTicketOfARefusedRequestFreesNoPlaceOfOthers() {
        ScenarioRun run = run("concurrency: { limit: 1, queue: 0 }");
        arrive(run, 2);

        run.leave(tickets.get(1), nowNanos);
        arrive(run, 1);

        assertThat(refused()).isEqualTo(2);
    }

    @Test
    void aWindowThatRaisesTheLimitLetsThoseWhoWaitGoFirst() {
        ScenarioRun run = run("concurrency: 1\nwindows: [{ from: 1s, to: 2s, concurrency: 3 }]");
        arrive(run, 3);
        at(Duration.ofMillis(1500));
        List<String> order = new ArrayList<>();
        run.arrive("ok", nowNanos, v -> order.add("late"));

        assertThat(verdicts).hasSize(3);
        assertThat(order).isEmpty();
    }

    @Test
    void slowdownLengthensTheLatencyWithTheQueue() {
        ScenarioRun run = run("latency: 100ms\nconcurrency: { limit: 1, slowdown: 0.5 }");
        arrive(run, 4);

        for (int i = 0; i < 3; i++) {
            run.leave(tickets.get(i), nowNanos);
        }

        assertThat(verdicts)
                .extracting(Verdict::latencyNanos)
                .containsExactly(100 * MILLISECOND, 200 * MILLISECOND, 150 * MILLISECOND, 100 * MILLISECOND);
    }

    @Test
    void errorsTakeTheirShareOfTheRequests() {
        ScenarioRun run = run("seed: 11\nerrors: [{ share: 0.2, behaviour: 500 }, { share: 0.1, behaviour: hang }]");

        arrive(run, 20_000);

        assertThat(share(Ending.STATUS)).isCloseTo(0.2, within(0.012));
        assertThat(share(Ending.HANG)).isCloseTo(0.1, within(0.01));
    }

    private double share(Ending ending) {
        return verdicts.stream()
                        .filter(v -> v.instead() != null && v.instead().ending() == ending)
                        .count()
                / (double) verdicts.size();
    }

    @Test
    void theSameSeedDrawsTheSameLuckForTheNthRequest() {
        String yaml = "seed: 5\nerrors: [{ share: 0.3, behaviour: 500 }]\n"
                + "latency: { distribution: lognormal, median: 100ms, p99: 1s }";
        arrive(run(yaml), 200);
        List<Verdict> first = List.copyOf(verdicts);
        verdicts.clear();
        arrive(run(yaml), 200);

        assertThat(verdicts).isEqualTo(first);
        verdicts.clear();
        arrive(run(yaml.replace("seed: 5", "seed: 6")), 200);
        assertThat(verdicts).isNotEqualTo(first);
    }

    @Test
    void latenciesFollowTheirDistribution() {
        arrive(run("seed: 3\nlatency: { distribution: lognormal, median: 100ms, p99: 1s }"), 20_000);
        List<Long> sorted =
                verdicts.stream().map(Verdict::latencyNanos).sorted().toList();

        assertThat(sorted.get(10_000) / 1e6).isCloseTo(100, within(6.0));
        assertThat(sorted.get(19_800) / 1e6).isCloseTo(1000, within(150.0));
    }

    @Test
    void otherDistributionsKeepTheirMeanAndBounds() {
        assertThat(mean("{ distribution: uniform, min: 100ms, max: 300ms }")).isCloseTo(200, within(4.0));
        assertThat(verdicts)
                .extracting(Verdict::latencyNanos)
                .allMatch(n -> n >= 100 * MILLISECOND && n <= 300 * MILLISECOND);
        assertThat(mean("{ distribution: exponential, mean: 200ms }")).isCloseTo(200, within(8.0));
        assertThat(mean("{ distribution: normal, mean: 200ms, deviation: 20ms }"))
                .isCloseTo(200, within(4.0));
        assertThat(mean("250ms")).isEqualTo(250);
    }

    private double mean(String latency) {
        verdicts.clear();
        arrive(run("seed: 9\nlatency: " + latency), 10_000);
        return verdicts.stream().mapToLong(Verdict::latencyNanos).average().orElseThrow() / MILLISECOND;
    }

    @Test
    void windowsChangeWhatTheyNameAndNothingElse() {
        ScenarioRun run = run("latency: 100ms\nrate: 50\nwindows: [{ from: 1s, to: 2s, latency: 900ms }]");
        arrive(run, 1);
        at(Duration.ofSeconds(1));
        arrive(run, 1);

        assertThat(verdicts).extracting(Verdict::latencyNanos).containsExactly(100 * MILLISECOND, 900 * MILLISECOND);
        assertThat(verdicts).extracting(Verdict::tokensPerSecond).containsOnly(50.0);
    }

    @Test
    void onlyConcernsTheModelsItNames() {
        ScenarioRun run = run("only: [sim/json]\noutages: [{ to: 1h }]");
        arrive(run, 1);
        run.arrive("sim/json", nowNanos, verdicts::add);

        assertThat(verdicts).extracting(v -> v.instead() != null).containsExactly(false, true);
    }

    @Test
    void aRefusalKeepsTheErrorShapeThatTheRequestAskedFor() {
        Behaviour refused = new Verdict(Behaviour.parse("503"), 0, 0).applied(Behaviour.parse("ok,as=groq"));

        assertThat(refused.as()).isEqualTo(Provider.GROQ);
        assertThat(refused.status()).isEqualTo(503);
    }

    @Test
    void anEmptyScenarioIsIdle() {
        assertThat(run("{}").idle()).isTrue();
        assertThat(run("seed: 1\ncapacity: 1").idle()).isFalse();
    }
}

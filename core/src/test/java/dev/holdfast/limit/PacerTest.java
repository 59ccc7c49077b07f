// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacerTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void withoutAnyLimitEverythingStartsAtOnce() {
        Pacer pacer = new Pacer(PacerConfig.defaults());

        assertThat(LongStream.range(0, 1000).map(i -> pacer.reserve(1_000_000, 7)))
                .containsOnly(7L);
        assertThat(pacer.knowsRate(7)).isFalse();
        assertThat(pacer.info(7)).isEqualTo(new PacerInfo(0, 0, Duration.ZERO, 0));
    }

    @Test
    void requestsLeaveOneByOneInTheOrderOfAsking() {
        Pacer pacer = requests(60);

        assertThat(starts(pacer, 4, 0)).containsExactly(0L, SECOND, 2 * SECOND, 3 * SECOND);
        assertThat(pacer.info(SECOND)).isEqualTo(new PacerInfo(60, 0, Duration.ofSeconds(3), 2));
    }

    @Test
    void burstOfTwoSecondsLetsTwoSecondsWorthStartAtOnce() {
        Pacer pacer = new Pacer(PacerConfig.defaults().withRequestsPerMinute(60).withBurst(Duration.ofSeconds(2)));

        assertThat(starts(pacer, 4, 0)).containsExactly(0L, 0L, SECOND, 2 * SECOND);
        assertThat(starts(pacer, 3, 100 * SECOND)).containsExactly(100 * SECOND, 100 * SECOND, 101 * SECOND);
    }

    @Test
    void reservationGivenBackBeforeItsStartGoesToWhoComesNext() {
        Pacer pacer = requests(60);
        starts(pacer, 5, 0);

        pacer.cancel(0, 2 * SECOND, 0);

        assertThat(starts(pacer, 2, 0)).containsExactly(2 * SECOND, 5 * SECOND);
    }

    @Test
    void whenAllWhoWaitLeaveItIsAsIfTheyHadNeverCome() {
        Pacer pacer = requests(60);
        pacer.reserve(0, 0);
        List<Long> starts = starts(pacer, 100, 0);
        Collections.shuffle(starts, new Random(1));

        starts.forEach(start -> pacer.cancel(0, start, 0));

        assertThat(pacer.info(0).waiting()).isZero();
        assertThat(pacer.reserve(0, 0)).isEqualTo(SECOND);
        assertThat(pacer.info(0).waiting()).isEqualTo(1);
    }

    @Test
    void startThatHasPassedUnusedDoesNotComeBack() {
        Pacer pacer = requests(60);
        pacer.reserve(0, 0);
        pacer.reserve(0, SECOND);

        pacer.cancel(0, 0, SECOND);

        assertThat(pacer.reserve(0, SECOND)).isEqualTo(2 * SECOND);
    }

    @Test
    void reservationThatCouldStartAtOnceComesBackAtTheSameMoment() {
        Pacer pacer = requests(60);

        for (int i = 0; i < 100; i++) {
            assertThat(pacer.reserve(0, 5)).isEqualTo(5);
            pacer.cancel(0, 5, 5);
        }
    }

    @Test
    void tokensBeyondTheEstimateAreADebtAndUnusedOnesComeBack() {
        Pacer pacer = new Pacer(PacerConfig.defaults().withTokensPerMinute(60_000));

        assertThat(pacer.reserve(1000, 0)).isZero();
        pacer.settle(1000, 3000, 0);
        assertThat(pacer.reserve(1000, 0)).isEqualTo(3 * SECOND);
        pacer.settle(1000, 100, 3 * SECOND);
        assertThat(pacer.reserve(1000, 3 * SECOND)).isEqualTo(3 * SECOND + SECOND / 10);
    }

    @Test
    void refundNeverMakesTheBucketMoreThanFull() {
        Pacer pacer = new Pacer(PacerConfig.defaults().withTokensPerMinute(60_000));
        pacer.reserve(1000, 0);

        pacer.settle(1_000_000, 0, 0);

        assertThat(pacer.reserve(1000, 0)).isZero();
        assertThat(pacer.reserve(1000, 0)).isEqualTo(SECOND);
    }

    @Test
    void requestLargerThanTheBurstStartsWhenTheBucketIsFullAndLeavesADebt() {
        Pacer pacer = new Pacer(PacerConfig.defaults().withTokensPerMinute(60_000));

        assertThat(pacer.reserve(10_000, 0)).isZero();
        assertThat(pacer.reserve(1, 0)).isEqualTo(9 * SECOND + SECOND / 1000);
    }

    @Test
    void exhaustedDimensionHoldsStartsUntilItsResetAndLetsThemLeaveAtTheLearnedRate() {
        Pacer pacer = new Pacer(PacerConfig.defaults());

        pacer.learn(Dimension.REQUESTS, 20, 0, Duration.ofSeconds(10), 0);

        assertThat(pacer.knowsRate(0)).isTrue();
        assertThat(starts(pacer, 3, 0)).containsExactly(10 * SECOND, 10 * SECOND, 10 * SECOND + SECOND / 2);
        assertThat(pacer.info(0).requestsPerMinute()).isEqualTo(120);
        assertThat(pacer.reserve(0, 20 * SECOND)).isEqualTo(20 * SECOND);
        assertThat(pacer.knowsRate(20 * SECOND)).isFalse();
    }

    @Test
    void newerResponseThatHasSomethingLeftEndsTheHold() {
        Pacer pacer = new Pacer(PacerConfig.defaults());
        pacer.learn(Dimension.REQUESTS, 20, 0, Duration.ofSeconds(10), 0);

        pacer.learn(Dimension.REQUESTS, 20, 2, Duration.ofSeconds(9), SECOND);

        assertThat(starts(pacer, 3, SECOND)).containsExactly(SECOND, SECOND, SECOND + SECOND / 2);
    }

    @Test
    void onlyThoseWaitForTheResetThatNeedMoreThanIsLeft() {
        Pacer pacer = new Pacer(PacerConfig.defaults());

        pacer.learn(Dimension.TOKENS, 0, 500, Duration.ofSeconds(10), 0);

        assertThat(pacer.reserve(500, 0)).isZero();
        assertThat(pacer.reserve(501, 0)).isEqualTo(10 * SECOND);
        assertThat(pacer.reserve(501, 10 * SECOND)).isEqualTo(10 * SECOND);
    }

    @Test
    void statedRemainderMayBeUsedAtOnce() {
        Pacer pacer = new Pacer(PacerConfig.defaults());

        pacer.learn(Dimension.REQUESTS, 50, 10, Duration.ofSeconds(50), 0);

        assertThat(starts(pacer, 12, 0).subList(0, 10)).containsOnly(0L);
        assertThat(pacer.reserve(0, 0)).isEqualTo(3 * SECOND);
    }

    @Test
    void limitOfADayHoldsWhenExhaustedAndSpreadsNothing() {
        Pacer pacer = new Pacer(PacerConfig.defaults());

        pacer.learn(Dimension.REQUESTS, 200, 150, Duration.ofHours(20), 0);
        assertThat(starts(pacer, 100, 0)).containsOnly(0L);
        pacer.learn(Dimension.REQUESTS, 200, 0, Duration.ofHours(20), 1);

        assertThat(pacer.reserve(0, 1)).isEqualTo(Duration.ofHours(20).toNanos() + 1);
        assertThat(pacer.knowsRate(1)).isFalse();
    }

    @Test
    void configuredRateStaysWhenAResetIsLearnedAndAfterIt() {
        Pacer pacer = requests(60);

        pacer.learn(Dimension.REQUESTS, 1000, 0, Duration.ofSeconds(10), 0);

        assertThat(starts(pacer, 2, 0)).containsExactly(10 * SECOND, 11 * SECOND);
        assertThat(pacer.info(20 * SECOND).requestsPerMinute()).isEqualTo(60);
    }

    @Test
    void nothingIsLearnedWhereThatIsSwitchedOffOrNothingIsSaid() {
        Pacer off = new Pacer(PacerConfig.defaults().withLearn(false));
        Pacer on = new Pacer(PacerConfig.defaults());

        off.learn(Dimension.REQUESTS, 10, 0, Duration.ofSeconds(10), 0);
        on.learn(Dimension.REQUESTS, 0, -1, Duration.ofSeconds(10), 0);
        on.learn(Dimension.REQUESTS, 10, 0, Duration.ZERO, 0);

        assertThat(off.reserve(0, 0)).isZero();
        assertThat(on.reserve(0, 0)).isZero();
    }

    @Test
    void responseThatStatesNeitherLimitNorRemainderLeavesWhatIsKnown() {
        Pacer pacer = new Pacer(PacerConfig.defaults());
        pacer.learn(Dimension.REQUESTS, 0, 0, Duration.ofSeconds(10), 0);

        pacer.learn(Dimension.REQUESTS, 0, -1, Duration.ofSeconds(20), 0);

        assertThat(pacer.reserve(0, 0)).isEqualTo(10 * SECOND);
    }

    @Test
    void limitAloneIsARate() {
        Pacer pacer = new Pacer(PacerConfig.defaults());

        pacer.learn(Dimension.REQUESTS, 10, -1, Duration.ofSeconds(10), 0);

        assertThat(pacer.info(0).requestsPerMinute()).isEqualTo(60);
    }

    @Test
    void requestThatTheRequestLimitHoldsBackTakesItsTokensAtItsStart() {
        Pacer pacer = new Pacer(new PacerConfig(60, 60_000, Duration.ofSeconds(2), false));
        long now = 100 * SECOND;

        assertThat(pacer.reserve(0, now)).isEqualTo(now);
        assertThat(pacer.reserve(0, now)).isEqualTo(now);
        assertThat(pacer.reserve(2000, now)).isEqualTo(now + SECOND);

        // From its start on the bucket of tokens is empty: 3,000 tokens, of which 2,000 may come at once, take 2 s.
        assertThat(pacer.reserve(2000, now)).isEqualTo(now + 3 * SECOND);
    }

    @Test
    void requestThatWaitsTakesNoTokensForTheTimeOfItsWait() {
        Pacer pacer = requests(60);
        pacer.learn(Dimension.TOKENS, 60_000, 60_000, Duration.ofSeconds(60), 0);
        assertThat(pacer.reserve(2000, 0)).isZero();

        // Each comes a tenth of a second after the one before has started, and so waits for nine.
        for (int i = 1; i < 10; i++) {
            assertThat(pacer.reserve(2000, (i - 1) * SECOND + SECOND / 10)).isEqualTo(i * SECOND);
        }

        // 20,000 are used and 9,000 have grown again, so 49,000 are left.
        assertThat(pacer.reserve(49_000, 9 * SECOND)).isEqualTo(10 * SECOND);
    }

    @Test
    void requestWithoutTokensLeavesTheTokensAlone() {
        Pacer pacer = new Pacer(new PacerConfig(60, 60_000, Duration.ofSeconds(1), false));
        List<Long> starts = starts(pacer, 6, 0);
        assertThat(starts.get(5)).isEqualTo(5 * SECOND);

        starts.subList(1, 6).forEach(start -> pacer.cancel(0, start, 0));

        assertThat(pacer.reserve(1000, SECOND)).isEqualTo(SECOND);
    }

    @Test
    void reservationThatComesBackBringsItsTokensBackToo() {
        Pacer pacer = new Pacer(new PacerConfig(60, 60_000, Duration.ofSeconds(1), false));
        long now = 7 * SECOND;
        pacer.reserve(0, now);
        long heldByRequests = pacer.reserve(1000, now);
        long heldByTokens = pacer.reserve(3000, now);
        assertThat(List.of(heldByRequests, heldByTokens)).containsExactly(now + SECOND, now + 2 * SECOND);

        pacer.cancel(1000, heldByRequests, now);
        pacer.cancel(3000, heldByTokens, now);

        assertThat(pacer.reserve(1000, now)).isEqualTo(now + SECOND);
        pacer.cancel(1000, now + SECOND, now);
        assertThat(pacer.reserve(1000, now + SECOND)).isEqualTo(now + SECOND);
        pacer.cancel(1000, now + SECOND, now + SECOND);
        assertThat(pacer.reserve(1000, now + SECOND))
                .as("at the moment of its start")
                .isEqualTo(now + SECOND);
    }

    @Test
    void tokensThatAreSettledWhileOthersWaitAreNotGivenBackWithThem() {
        Pacer pacer = new Pacer(PacerConfig.defaults().withTokensPerMinute(60_000));
        assertThat(pacer.reserve(1000, 0)).isZero();
        long waiting = pacer.reserve(1000, 0);
        assertThat(waiting).isEqualTo(SECOND);

        pacer.settle(1000, 4000, 0);
        pacer.cancel(1000, waiting, 0);

        assertThat(pacer.reserve(1000, 0)).as("1,000 and a debt of 3,000").isEqualTo(4 * SECOND);
    }

    @Test
    void correctionsFromBeforeAReservationAreNoPartOfIt() {
        Pacer pacer = new Pacer(PacerConfig.defaults().withTokensPerMinute(60_000));
        long now = 50 * SECOND;
        pacer.reserve(1000, now);
        pacer.reserve(1000, now);
        pacer.settle(1000, 3000, now);
        long last = pacer.reserve(1000, now);
        assertThat(last).isEqualTo(now + 4 * SECOND);

        pacer.settle(1000, 500, now);
        pacer.cancel(1000, last, now);

        assertThat(pacer.reserve(1000, now)).isEqualTo(now + 3 * SECOND + SECOND / 2);
    }

    @Test
    void whoWaitsIsCountedUntilHisStartComesOrHeLeaves() {
        Pacer pacer = requests(60);
        starts(pacer, 200, 0);
        assertThat(pacer.info(0).waiting()).isEqualTo(199);

        pacer.cancel(0, 5 * SECOND, 0);
        assertThat(pacer.info(0).waiting()).isEqualTo(198);
        assertThat(pacer.info(4 * SECOND).waiting()).isEqualTo(194);
        assertThat(pacer.info(10 * SECOND).waiting()).isEqualTo(189);
        assertThat(pacer.info(150 * SECOND).waiting()).isEqualTo(49);
        assertThat(pacer.reserve(0, 150 * SECOND)).isEqualTo(200 * SECOND);
        pacer.cancel(0, 180 * SECOND, 150 * SECOND);
        assertThat(pacer.info(150 * SECOND).waiting()).isEqualTo(49);
        assertThat(pacer.reserve(0, 150 * SECOND)).isEqualTo(180 * SECOND);
        assertThat(pacer.info(150 * SECOND).waiting()).isEqualTo(50);
    }

    @Test
    void gapIsFilledByWhoNeedsNoMoreTokensThanItHas() {
        Pacer pacer = new Pacer(new PacerConfig(60, 600_000, Duration.ofSeconds(1), false));
        pacer.reserve(100, 0);
        for (long tokens : new long[] {1000, 3000, 1000, 2000}) {
            pacer.reserve(tokens, 0);
        }

        pacer.cancel(3000, 2 * SECOND, 0);
        pacer.cancel(2000, 3 * SECOND, 0); // there is none such

        assertThat(pacer.reserve(3001, 0)).isEqualTo(5 * SECOND);
        assertThat(pacer.reserve(500, 0)).isEqualTo(2 * SECOND);
        assertThat(pacer.reserve(500, 0)).as("filled").isEqualTo(6 * SECOND);
        pacer.cancel(500, 2 * SECOND, 0);
        assertThat(pacer.reserve(501, 0)).as("as large as it was filled").isEqualTo(7 * SECOND);
    }

    @Test
    void lastOfTheLineLeavesNoGapForAnotherSize() {
        Pacer pacer = new Pacer(PacerConfig.defaults().withTokensPerMinute(60_000));
        pacer.reserve(1000, 0);
        long waiting = pacer.reserve(1000, 0);

        pacer.cancel(1000, waiting, 0);

        assertThat(pacer.reserve(3000, 0)).as("starts when the bucket is full").isEqualTo(SECOND);
    }

    @Test
    void startThatNobodyWasGivenIsNotGivenBack() {
        Pacer pacer = requests(60);
        starts(pacer, 4, 0);

        pacer.cancel(0, SECOND + 1, 0);
        pacer.cancel(7, 3 * SECOND, 0);
        pacer.cancel(0, 0, 0);

        assertThat(pacer.info(0).waiting()).isEqualTo(3);
        assertThat(pacer.reserve(0, 0)).isEqualTo(4 * SECOND);
    }

    @Test
    void debtIsRoundedUpToTheNextNanosecond() {
        Pacer pacer = new Pacer(PacerConfig.defaults().withTokensPerMinute(7_000));

        pacer.settle(0, 1, 0);

        assertThat(pacer.reserve(1000, 0))
                .as("larger than the burst: starts when the bucket is full")
                .isEqualTo(8_571_429);
    }

    @Test
    void eachDimensionIsForgottenAtItsOwnReset() {
        Pacer pacer = new Pacer(PacerConfig.defaults());
        pacer.learn(Dimension.REQUESTS, 10, 5, Duration.ofSeconds(10), 0);
        pacer.learn(Dimension.TOKENS, 2000, 500, Duration.ofSeconds(20), 0);
        assertThat(pacer.info(9 * SECOND).requestsPerMinute()).isEqualTo(60);

        assertThat(pacer.info(10 * SECOND).requestsPerMinute()).isZero();
        assertThat(pacer.info(10 * SECOND).tokensPerMinute()).isEqualTo(6000);
        assertThat(starts(pacer, 20, 10 * SECOND)).containsOnly(10 * SECOND);
        assertThat(pacer.knowsRate(20 * SECOND - 1)).isTrue();
        assertThat(pacer.knowsRate(20 * SECOND)).isFalse();
        assertThat(pacer.reserve(1_000_000, 20 * SECOND)).isEqualTo(20 * SECOND);
        assertThat(pacer.info(20 * SECOND)).isEqualTo(new PacerInfo(0, 0, Duration.ZERO, 0));
    }

    @Test
    void tokensAreForgottenWhileRequestsStayKnown() {
        Pacer pacer = new Pacer(PacerConfig.defaults());
        pacer.learn(Dimension.TOKENS, 1000, 500, Duration.ofSeconds(10), 0);
        pacer.learn(Dimension.REQUESTS, 20, 5, Duration.ofSeconds(20), 0);

        assertThat(pacer.info(10 * SECOND).requestsPerMinute()).isEqualTo(60);
        assertThat(pacer.info(10 * SECOND).tokensPerMinute()).isZero();
    }

    @Test
    void learnedRateOutlivesAnExhaustedLimitByOneReset() {
        Pacer pacer = new Pacer(PacerConfig.defaults());

        pacer.learn(Dimension.REQUESTS, 20, 0, Duration.ofSeconds(10), 0);
        assertThat(pacer.knowsRate(20 * SECOND - 1)).isTrue();
        assertThat(pacer.knowsRate(20 * SECOND)).isFalse();

        pacer.learn(Dimension.REQUESTS, 20, 3, Duration.ofSeconds(10), 30 * SECOND);
        assertThat(pacer.knowsRate(40 * SECOND - 1)).isTrue();
        assertThat(pacer.knowsRate(40 * SECOND)).isFalse();
    }

    @Test
    void exhaustedLimitOfUnknownSizeHolds() {
        Pacer pacer = new Pacer(PacerConfig.defaults());

        pacer.learn(Dimension.REQUESTS, 0, 0, Duration.ofSeconds(10), SECOND);

        assertThat(pacer.reserve(0, SECOND)).isEqualTo(11 * SECOND);
        assertThat(pacer.knowsRate(SECOND)).isFalse();
    }

    @Test
    void rateIsLearnedFromAResetOfFiveMinutesAndNotFromALongerOne() {
        Pacer five = new Pacer(PacerConfig.defaults());
        Pacer longer = new Pacer(PacerConfig.defaults());

        five.learn(Dimension.REQUESTS, 10, 5, Duration.ofMinutes(5), 0);
        longer.learn(Dimension.REQUESTS, 10, 5, Duration.ofMinutes(5).plusNanos(1), 0);

        assertThat(five.knowsRate(0)).isTrue();
        assertThat(longer.knowsRate(0)).isFalse();
    }

    /** Responses overtake each other: one that was made before our last requests does not know of them. */
    @Test
    void responseThatKnowsLessThanWeHaveUsedGivesNothingBack() {
        Pacer pacer = new Pacer(PacerConfig.defaults());
        long now = 3 * SECOND;
        pacer.learn(Dimension.REQUESTS, 20, 10, Duration.ofSeconds(20), now);
        assertThat(starts(pacer, 5, now)).containsOnly(now);

        pacer.learn(Dimension.REQUESTS, 20, 9, Duration.ofSeconds(20), now);

        assertThat(starts(pacer, 6, now)).containsExactly(now, now, now, now, now, now + SECOND);
    }

    @Test
    void responseThatKnowsMoreThanWeHaveUsedIsBelieved() {
        Pacer pacer = new Pacer(PacerConfig.defaults());
        pacer.learn(Dimension.REQUESTS, 20, 10, Duration.ofSeconds(20), 0);

        pacer.learn(Dimension.REQUESTS, 20, 2, Duration.ofSeconds(20), 0);

        assertThat(starts(pacer, 3, 0)).containsExactly(0L, 0L, SECOND);
    }

    /** Real threads, since this is about races; time is a number that stands still. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 64})
    @Timeout(120)
    void threadsThatReserveAtTheSameMomentGetStartsOfTheirOwn(long burst) throws InterruptedException {
        Pacer pacer = new Pacer(new PacerConfig(60, 60, Duration.ofSeconds(burst), false));
        List<Long> starts = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    starts.add(pacer.reserve(1, 0));
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        Collections.sort(starts);
        for (int i = 0; i < starts.size(); i++) {
            assertThat(starts.get(i)).isEqualTo(Math.max(0, i + 1 - burst) * SECOND);
        }
    }

    @Test
    void configurationThatCannotBeSaysWhichRuleItBreaks() {
        assertThatThrownBy(() -> PacerConfig.defaults().withRequestsPerMinute(-1))
                .hasMessage("requestsPerMinute must not be negative (0 means no limit): -1");
        assertThatThrownBy(() -> new Pacer(PacerConfig.defaults()).reserve(-1, 0))
                .hasMessage("an estimate of tokens must not be negative: -1");
        assertThatThrownBy(() -> PacerConfig.defaults().withTokensPerMinute(-2))
                .hasMessage("tokensPerMinute must not be negative (0 means no limit): -2");
        assertThatThrownBy(() -> PacerConfig.defaults().withBurst(Duration.ZERO))
                .hasMessage("burst must be positive: PT0S");
        assertThatThrownBy(() -> RampConfig.defaults().withFloor(0)).hasMessage("ramp floor must be at least 1: 0");
        assertThatThrownBy(() -> RampConfig.defaults().withPeakWindow(Duration.ZERO))
                .hasMessage("ramp peakWindow must be positive: PT0S");
        assertThatThrownBy(() -> ConcurrencyConfig.defaults().withFixed(-1))
                .hasMessage("fixed limit must not be negative (0 means none): -1");
        assertThatThrownBy(() -> ConcurrencyConfig.defaults().withDecrease(1))
                .hasMessage("decrease must be above 0 and below 1: 1.0");
        assertThatThrownBy(() -> AdmissionConfig.defaults().withQueueCapacity(-1))
                .hasMessage("queueCapacity must not be negative: -1");
    }

    private static Pacer requests(long perMinute) {
        return new Pacer(PacerConfig.defaults().withRequestsPerMinute(perMinute));
    }

    private static List<Long> starts(Pacer pacer, int count, long nowNanos) {
        List<Long> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starts.add(pacer.reserve(0, nowNanos));
        }
        return starts;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.target.Tier;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalanceTest {
    private static final long SEED = 20_261_125;
    private static final Tier PAIR = Tier.named("a/one", "b/two");
    private static final Target A = PAIR.targets().get(0);
    private static final Target B = PAIR.targets().get(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void flatListCostsNothing() {
        RandomGenerator noChance = () -> {
            throw new AssertionError("a flat list needs no chance");
        };
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.named("a/one", "b/two"));

        assertThat(Balance.order(run.states, run.targets, 0, noChance)).isNull();
    }

    @Test
    void tiersStayInOrderAndEachTargetIsListedOnce() {
        Targets targets = Targets.tiers(Tier.named("a", "b", "c"), Tier.named("d"), Tier.named("e", "f"));
        BalanceSimulation run = new BalanceSimulation(SEED, targets);
        Set<List<Integer>> seen = new HashSet<>();

        for (int i = 0; i < 2_000; i++) {
            List<Integer> order = run.order();
            assertThat(order.subList(0, 3)).containsExactlyInAnyOrder(0, 1, 2);
            assertThat(order.get(3)).isEqualTo(3);
            assertThat(order.subList(4, 6)).containsExactlyInAnyOrder(4, 5);
            seen.add(order);
        }

        assertThat(seen).as("seed %d", SEED).hasSizeGreaterThan(6);
    }

    @Test
    void cheaperOfTwoGoesInFrontAndTheRestFollowsByCost() {
        Targets targets = Targets.tiers(Tier.named("a", "b", "c", "d"));
        for (int i = 0; i < 200; i++) {
            BalanceSimulation run = new BalanceSimulation(SEED + i, targets);
            for (int j = 0; j < 4; j++) {
                run.states[j].total().record((4 - j) * SECOND.toNanos(), 0);
                run.enter(run.states[j]);
            }

            List<Integer> order = run.order();

            assertThat(order.get(0)).as("the dearest never wins a draw").isNotEqualTo(0);
            List<Integer> byCost = new java.util.ArrayList<>(List.of(3, 2, 1, 0));
            byCost.remove(order.get(0));
            assertThat(order.subList(1, 4)).isEqualTo(byCost);
        }
    }

    @Test
    void cheapestOfThreeWinsEachDrawThatItIsIn() {
        int wins = 0;
        for (int i = 0; i < 300; i++) {
            BalanceSimulation run = new BalanceSimulation(SEED + i, Targets.tiers(Tier.named("a", "b", "c")));
            for (int j = 0; j < 3; j++) {
                run.states[j].total().record((3 - j) * SECOND.toNanos(), 0);
                run.enter(run.states[j]);
            }
            wins += run.order().get(0) == 2 ? 1 : 0;
        }

        assertThat(wins).as("two of three pairs, seed %d", SEED).isBetween(175, 225);
    }

    /** One is in flight at the first, and all recent choices were the second: 1 against the root of 2. */
    @Test
    void oneInFlightIsCheaperThanAllRecentChoicesAndTwoAreDearer() {
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        for (int i = 0; i < 8; i++) {
            run.states[1].choices().add(0);
        }
        run.enter(run.states[0]);
        assertThat(run.order()).containsExactly(0, 1);

        BalanceSimulation two = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        two.states[1].choices().add(0);
        two.enter(two.states[0]);
        two.enter(two.states[0]);

        assertThat(two.order()).containsExactly(1, 0);
    }

    @Test
    void targetWithoutHistoryIsTakenToBeAsFastAsTheFastest() {
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        run.states[0].total().record(SECOND.toNanos(), 0);
        run.states[0].choices().add(0);
        run.enter(run.states[1]);
        run.enter(run.states[1]);

        assertThat(run.order()).containsExactly(0, 1);
    }

    @Test
    void unusableTargetsComeLastAndAreNotDrawn() {
        Targets targets = Targets.tiers(Tier.named("a", "b", "c", "d"));
        BalanceSimulation run = new BalanceSimulation(SEED, targets);
        run.states[0].circuit().forceOpen(0);
        run.states[2].domain().pause(SECOND.toNanos(), 0);

        for (int i = 0; i < 100; i++) {
            assertThat(run.order().subList(0, 2)).containsExactlyInAnyOrder(1, 3);
            assertThat(run.order().subList(2, 4)).containsExactly(0, 2);
        }

        for (TargetState state : run.states) {
            state.circuit().forceOpen(0);
        }
        assertThat(run.order()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void targetsThatAreBlockedAreNotDrawn() {
        Target blocked = Target.builder("a/one").credential("key").build();
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(Tier.of(blocked, B)));
        Failure badKey = Failure.of(Category.AUTH, "test", "made up");
        run.states[0].credential().ended(Pass.FREE, false, badKey, run.states[0], 0);

        for (int i = 0; i < 100; i++) {
            assertThat(run.order()).containsExactly(1, 0);
        }
    }

    /** One call at a time at first, hundreds at once in the end. */
    @ParameterizedTest
    @ValueSource(doubles = {0.2, 2, 20, 300})
    void equalTargetsShareEvenly(double callsPerSecond) {
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(PAIR));

        run.run(callsPerSecond, 20_000, state -> run.around(SECOND));

        assertThat(run.share(A)).as("seed %d", SEED).isCloseTo(0.5, within(0.02));
    }

    /** Not exactly: the peak of many samples is a little higher than that of few. */
    @ParameterizedTest
    @ValueSource(doubles = {0.2, 2, 20, 300})
    void loadFollowsTheWeights(double callsPerSecond) {
        Tier tier = Tier.named("a", "b", "c");
        Tier weighted = tier.withWeight(tier.targets().get(0), 6)
                .withWeight(tier.targets().get(1), 3);
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(weighted));

        run.run(callsPerSecond, 20_000, state -> run.around(SECOND));

        assertThat(run.share(tier.targets().get(0))).as("seed %d", SEED).isCloseTo(0.6, within(0.08));
        assertThat(run.share(tier.targets().get(1))).as("seed %d", SEED).isCloseTo(0.3, within(0.06));
        assertThat(run.share(tier.targets().get(2))).as("seed %d", SEED).isCloseTo(0.1, within(0.05));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 2, 20, 300})
    void slowTargetGetsLittleButIsTriedAndComesBack(double callsPerSecond) {
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(PAIR));

        Function<TargetState, Duration> oneSlow =
                state -> run.around(state.target().equals(A) ? SECOND.multipliedBy(20) : SECOND);
        run.run(callsPerSecond, 10_000, oneSlow); // it settles
        run.forget();
        run.run(callsPerSecond, 10_000, oneSlow);
        double slow = run.share(A);
        run.forget();
        int settling = Math.max(4_000, (int) (callsPerSecond * 150)); // the old latency fades within minutes
        run.run(callsPerSecond, settling, state -> run.around(SECOND));
        run.forget();
        run.run(callsPerSecond, 10_000, state -> run.around(SECOND));

        assertThat(slow).as("seed %d", SEED).isBetween(0.0005, 0.12);
        assertThat(run.share(A)).as("seed %d", SEED).isCloseTo(0.5, within(0.05));
    }

    /** A trial that hangs must not draw a flood after it: its latency is not known before it ends. */
    @Test
    void idleTargetIsTriedByOneCallNotByAFlood() {
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        run.run(5, 2_000, state -> state.target().equals(A) ? run.around(SECOND.multipliedBy(30)) : run.around(SECOND));
        run.forget();

        run.run(5, 2_000, state -> state.target().equals(A) ? run.around(SECOND.multipliedBy(30)) : run.around(SECOND));

        assertThat(run.most(A)).as("seed %d", SEED).isBetween(1, 2);
    }

    @Test
    void targetThatOnlyFailsIsNotTakenForAFastOne() {
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        for (int i = 0; i < 2_000; i++) {
            TargetState chosen = run.states[run.order().get(0)];
            run.count(chosen);
            if (chosen.target().equals(A)) {
                chosen.total().recordFailure(run.time.nanos());
            } else {
                chosen.total().record(SECOND.toNanos(), run.time.nanos());
            }
            run.time.advance(SECOND);
        }

        assertThat(run.share(A)).as("seed %d", SEED).isBetween(0.001, 0.1);
    }

    /** A target without history must not take all calls while its first ones are under way. */
    @Test
    void targetWithoutHistoryIsTriedButNotFlooded() {
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        run.states[1].total().record(SECOND.toNanos(), 0);

        for (int i = 0; i < 100; i++) {
            TargetState chosen = run.states[run.order().get(0)];
            run.count(chosen);
            run.enter(chosen);
        }

        assertThat(run.share(A)).isCloseTo(0.5, within(0.02));
    }

    @Test
    void streamsCountByTheirFirstContent() {
        BalanceSimulation run = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        run.states[0].firstContent().record(10 * SECOND.toNanos(), 0);
        run.states[1].firstContent().record(SECOND.toNanos(), 0);
        run.enter(run.states[0]);
        run.enter(run.states[1]);

        assertThat(run.order()).containsExactly(1, 0);
    }

    /** Two servers of four places each, one of them five times as slow, at 70 % of what both can do. */
    @Test
    void callsWaitLessThanByChanceAlone() {
        BalanceSimulation balanced = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        BalanceSimulation random = new BalanceSimulation(SEED, Targets.tiers(PAIR));
        random.byChance = true;
        for (BalanceSimulation run : List.of(balanced, random)) {
            run.places = 4;
            run.run(
                    3.3,
                    20_000,
                    state -> state.target().equals(A) ? run.around(SECOND.multipliedBy(5)) : run.around(SECOND));
        }

        assertThat(balanced.meanSeconds()).as("seed %d", SEED).isLessThan(random.meanSeconds() / 4);
        assertThat(balanced.p95Seconds()).as("seed %d", SEED).isLessThan(random.p95Seconds() / 4);
    }
}

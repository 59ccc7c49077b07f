// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<Caller> granted = new ArrayList<>();
    private final List<Caller> evicted = new ArrayList<>();
    private final Deque<Integer> slots = new ArrayDeque<>();
    private Admission admission = new Admission(LimitConfig.defaults(), 4);
    private long now;

    private final class Caller extends Admission.Waiter {
        private final String name;

        Caller(String name) {
            this.name = name;
        }

        @Override
        protected boolean granted(int slot) {
            granted.add(this);
            slots.add(slot);
            return true;
        }

        @Override
        protected void evicted() {
            evicted.add(this);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Everything that was taken comes back. */
    @AfterEach
    void conservation() {
        while (!slots.isEmpty()) {
            leave(slots.size());
        }
        assertThat(admission.inFlight()).isZero();
        assertThat(admission.queued()).isZero();
    }

    @Test
    void coldTargetTakesTenAtOnceAndNoMore() {
        assertThat(enter(25)).isEqualTo(10);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(10, 10, 0));
    }

    @Test
    void eachCommitAddsAPlaceWhileSomebodyWaitsWhichDoublesTheLimitPerRound() {
        enter(10);
        join("waiting", 100);

        commit(1);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(11, 11, 99));
        commit(9);

        assertThat(admission.info()).isEqualTo(new AdmissionInfo(20, 20, 90));
        commit(20);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(40, 40, 70));
    }

    @Test
    void commitsDoNotCountWhileNobodyHasToWait() {
        for (int i = 0; i < 1000; i++) {
            enter(10);
            commit(10);
            leave(10);
        }

        assertThat(admission.limit()).isEqualTo(10);
    }

    @Test
    void afterTheTargetHasSaidOverloadedAsManyCommitsAsTheFloorHasPlacesAddNothing() {
        enter(10);
        join("waiting", 100);
        commit(5);

        admission.overloaded(now);
        commit(10);

        assertThat(admission.limit()).isEqualTo(14);
        commit(1);
        assertThat(admission.limit()).isEqualTo(15);
    }

    @Test
    void aTargetThatRefusesOneInTwentyWhateverItsLoadDoesNotStarve() {
        enter(10);
        join("waiting", 1_000);

        for (int i = 0; i < 50; i++) {
            admission.overloaded(now);
            commit(19);
        }

        assertThat(admission.limit()).isGreaterThan(400);
    }

    @Test
    void eachRefusalTakesAPlaceAwayThoughNotBelowTheFloor() {
        enter(10);
        join("waiting", 100);
        commit(20);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(30, 30, 80));

        admission.overloaded(now);
        admission.overloaded(now);
        assertThat(admission.limit()).isEqualTo(28);
        leave(2);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(28, 28, 80));
        for (int i = 0; i < 100; i++) {
            admission.overloaded(now);
        }

        assertThat(admission.limit()).isEqualTo(10);
    }

    @Test
    void refusalCutsALimitThatIsNotUsedUpToWhatIsInFlight() {
        enter(10);
        join("waiting", 30);
        commit(30);
        leave(25);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(15, 40, 0));

        admission.overloaded(now);

        assertThat(admission.limit()).isEqualTo(14);
    }

    @Test
    void restartForgetsThatTheTargetHadSaidOverloaded() {
        enter(10);
        join("waiting", 20);
        admission.overloaded(now);

        admission.restart(3, now);
        leave(8);
        commit(1);

        assertThat(admission.limit()).isEqualTo(4);
    }

    @Test
    void idleTargetFallsBackToTheFloorAndABusyOneKeepsTwiceItsPeak() {
        enter(10);
        join("waiting", 300);
        while (admission.queued() > 0) {
            commit(admission.limit());
        }
        assertThat(admission.limit()).isEqualTo(310);
        leave(310);

        for (int half = 0; half < 4; half++) {
            now += 30 * SECOND;
            enter(40);
            leave(40);
        }
        assertThat(admission.limit()).isEqualTo(80);

        now += 120 * SECOND;
        assertThat(enter(100)).isEqualTo(10);
    }

    @Test
    void peakOfAQuietMinuteIsWhatTheNextOneStartsFrom() {
        enter(8);
        leave(8);
        now += 31 * SECOND;

        assertThat(enter(100)).isEqualTo(16);
    }

    @Test
    void targetThatSaidOverloadedDoesNotStartFromTwiceItsPeak() {
        enter(8);
        admission.overloaded(now);
        leave(8);
        now += 31 * SECOND;

        assertThat(enter(100)).isEqualTo(10);
    }

    @Test
    void afterACircuitHasClosedTheRampStartsFromTheProbes() {
        enter(10);
        join("waiting", 20);

        admission.restart(3, now);
        leave(7);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(3, 3, 20));
        commit(3);

        assertThat(admission.info()).isEqualTo(new AdmissionInfo(6, 6, 17));
    }

    @Test
    void afterAPauseOneLeavesThenTwoThenFour() {
        admission.restart(1, now);
        join("waiting", 10);
        List<Integer> limits = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            limits.add(admission.inFlight());
            commit(admission.limit());
        }

        assertThat(limits).containsExactly(1, 2, 4);
    }

    @Test
    void limitBelowWhatIsInFlightOnlyEndsEntries() {
        enter(10);

        admission.restart(2, now);

        assertThat(admission.info()).isEqualTo(new AdmissionInfo(10, 2, 0));
        leave(8);
        assertThat(enter(5)).isZero();
        leave(1);
        assertThat(enter(5)).isEqualTo(1);
    }

    @Test
    void restartToFewerHoldsThoughNobodyIsThereAtThatMoment() {
        assertThat(enter(3)).isEqualTo(3);
        leave(3);

        admission.restart(2, now);

        assertThat(enter(5)).isEqualTo(2);
    }

    @Test
    void restartToMoreLetsIn() {
        enter(10);
        join("waiting", 5);

        admission.restart(13, now);
        assertThat(granted).hasSize(3);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(13, 13, 2));
        commit(1);

        assertThat(admission.info()).isEqualTo(new AdmissionInfo(14, 14, 1));
    }

    @Test
    void commitsAfterARestartThatLetAllInCountNothing() {
        enter(10);
        join("waiting", 2);

        admission.restart(20, now);
        commit(5);

        assertThat(admission.info()).isEqualTo(new AdmissionInfo(12, 20, 0));
    }

    @Test
    void freeSlotIsSeenWithoutTakingIt() {
        assertThat(admission.hasFreeSlot()).isTrue();
        enter(9);
        assertThat(admission.hasFreeSlot()).isTrue();
        enter(1);
        assertThat(admission.hasFreeSlot()).isFalse();
        join("waiting", 1);
        leave(2);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(9, 10, 0));

        assertThat(admission.hasFreeSlot()).isTrue();
    }

    @Test
    void targetRecoversUntilTheRampIsBackWhereItWas() {
        assertThat(admission.recovering()).isFalse();
        enter(10);
        join("waiting", 20);

        admission.restart(3, now);
        leave(7);
        assertThat(admission.recovering()).isTrue();
        commit(6);
        assertThat(admission.limit()).isEqualTo(9);
        assertThat(admission.recovering()).isTrue();
        commit(1);

        assertThat(admission.recovering()).isFalse();
    }

    @Test
    void secondRestartForgetsNotWhereTheRampWasBeforeTheFirst() {
        enter(10);
        join("waiting", 20);

        admission.restart(3, now);
        admission.restart(1, now);
        leave(9);
        commit(4);

        assertThat(admission.limit()).isEqualTo(5);
        assertThat(admission.recovering()).isTrue();
    }

    @Test
    void targetThatIsAskedForNothingMoreDoesNotRecoverForEver() {
        enter(10);
        join("waiting", 40);
        commit(40);
        leave(50);
        admission.restart(3, now);
        assertThat(admission.recovering()).isTrue();

        now += 31 * SECOND;
        enter(1);

        assertThat(admission.recovering()).isFalse();
    }

    @Test
    void targetForWhichSomebodyWaitsStillRecoversAfterHalfAWindow() {
        enter(10);
        join("waiting", 40);
        admission.restart(3, now);
        leave(7);

        now += 31 * SECOND;
        commit(1);

        assertThat(admission.limit()).isEqualTo(4);
        assertThat(admission.recovering()).isTrue();
    }

    /** Growth that nobody asked for any more ends with the half window, and what was bound before binds no longer. */
    @Test
    void commitsCountNoLongerWhenHalfAWindowHasPassedAndNobodyWaits() {
        enter(10);
        join("waiting", 1);
        leave(5);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(6, 10, 0));

        now += 31 * SECOND;
        commit(1);
        assertThat(admission.limit()).as("twice the peak").isEqualTo(20);
        commit(10);

        assertThat(admission.limit()).isEqualTo(20);
    }

    /** Each door looks at the time first, so that a limit which was earned long ago lets nobody in. */
    @Test
    void whoeverComesAfterALongRestMeetsTheFloor() {
        List<Runnable> doors =
                List.of(() -> enter(1), () -> join("caller", Priority.NORMAL), () -> admission.overloaded(now));
        for (Runnable door : doors) {
            use(LimitConfig.defaults());
            enter(10);
            join("waiting", 100);
            commit(100);
            assertThat(admission.limit()).isEqualTo(110);
            leave(110);

            now += 120 * SECOND;
            door.run();

            assertThat(admission.limit()).isEqualTo(10);
            leave(slots.size());
        }
    }

    @Test
    void whoLeavesLastLooksAtTheTimeWhereSomebodyWaits() {
        use(LimitConfig.defaults().withConcurrency(ConcurrencyConfig.defaults().withFixed(12)));
        enter(10);
        join("waiting", 2);
        commit(2);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(12, 12, 0));
        Caller caller = join("caller", Priority.NORMAL);

        now += 31 * SECOND;
        leave(1);

        assertThat(granted).endsWith(caller);
    }

    @Test
    void overloadedForbidsToDoubleForAWholeHalfWindow() {
        enter(10);
        leave(10);
        now += 31 * SECOND;
        admission.overloaded(now);
        List<Integer> limits = new ArrayList<>();

        for (int half = 0; half < 4; half++) {
            now += half == 0 ? SECOND : 31 * SECOND;
            enter(10);
            leave(10);
            limits.add(admission.limit());
        }

        assertThat(limits).containsExactly(10, 10, 10, 20);
    }

    @Test
    void overloadedIsForgottenAfterALongRest() {
        enter(10);
        admission.overloaded(now);
        leave(10);

        now += 90 * SECOND;
        enter(10);
        leave(10);
        now += 31 * SECOND;
        enter(1);

        assertThat(admission.limit()).isEqualTo(20);
    }

    @Test
    void peakIsRememberedOverTwoHalvesAndNoLonger() {
        enter(9);
        leave(9);
        List<Integer> limits = new ArrayList<>();

        for (int half = 0; half < 4; half++) {
            now += 30 * SECOND;
            enter(2);
            leave(2);
            limits.add(admission.limit());
        }

        assertThat(limits).containsExactly(18, 18, 10, 10);
    }

    @Test
    void waiterWhoLeavesALongQueueOpensNothing() {
        enter(10);
        Caller first = join("first", Priority.NORMAL);
        Caller second = join("second", Priority.NORMAL);
        admission.abandon(first);
        admission.leave(slots.remove(), now);

        assertThat(granted).containsExactly(second);
        assertThat(enter(1)).isZero();
    }

    @Test
    void fixedLimitIsNotExceededByTheRampAndCountsNothing() {
        use(LimitConfig.defaults().withConcurrency(ConcurrencyConfig.defaults().withFixed(4)));
        enter(4);
        join("waiting", 10);

        commit(1000);

        assertThat(admission.info()).isEqualTo(new AdmissionInfo(4, 4, 10));
    }

    @Test
    void throttlingCutsOncePerRoundAndCommitsAddOnePerRound() {
        use(LimitConfig.defaults()
                .withRamp(RampConfig.disabled())
                .withConcurrency(ConcurrencyConfig.defaults().withAdaptive(true)));
        assertThat(admission.limit()).isEqualTo(Admission.NO_LIMIT);
        enter(100);

        for (int i = 0; i < 50; i++) {
            admission.overloaded(now);
        }
        assertThat(admission.limit()).isEqualTo(70);
        for (int i = 0; i < 22; i++) {
            admission.overloaded(now);
        }
        assertThat(admission.limit()).isEqualTo(49);

        leave(51);
        join("waiting", 5);
        commit(48);
        assertThat(admission.limit()).isEqualTo(49);
        commit(1);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(50, 50, 4));
    }

    @Test
    void adaptiveLimitNeverFallsBelowOne() {
        use(LimitConfig.defaults().withConcurrency(ConcurrencyConfig.defaults().withAdaptive(true)));
        enter(10);
        for (int i = 0; i < 1000; i++) {
            admission.overloaded(now);
        }
        leave(10);

        assertThat(admission.limit()).isEqualTo(1);
        assertThat(enter(5)).isEqualTo(1);
    }

    @Test
    void higherPriorityGoesFirstAndFirstComeFirstInside() {
        enter(10);
        Caller low = join("low", Priority.LOW);
        Caller normal = join("normal", Priority.NORMAL);
        Caller high = join("high", Priority.HIGH);
        Caller second = join("second high", Priority.HIGH);

        leave(4);

        assertThat(granted).containsExactly(high, second, normal, low);
    }

    @Test
    void fullQueueGivesUpTheNewestOfTheLowestForAHigherOne() {
        use(LimitConfig.defaults().withAdmission(new AdmissionConfig(2)));
        enter(10);
        Caller older = join("older", Priority.LOW);
        Caller newer = join("newer", Priority.LOW);

        assertThat(admission.join(new Caller("low"), Priority.LOW, now)).isFalse();
        Caller high = join("high", Priority.HIGH);

        assertThat(evicted).containsExactly(newer);
        leave(2);
        assertThat(granted).containsExactly(high, older);
    }

    @Test
    void floodOfLowPriorityDoesNotStarveHighPriority() {
        enter(10);
        List<Caller> high = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            admission.join(new Caller("low"), Priority.LOW, now);
            if (i % 100 == 0) {
                high.add(join("high", Priority.HIGH));
            }
            if (i % 50 == 0) {
                leave(1);
            }
        }

        assertThat(granted).containsAll(high.subList(0, high.size() - 1));
        assertThat(evicted).doesNotContainAnyElementsOf(high);
    }

    @Test
    void nobodyPassesThoseWhoWait() {
        enter(10);
        Caller caller = join("caller", Priority.LOW);

        assertThat(admission.tryEnter(now)).isEqualTo(Admission.FULL);
        leave(1);

        assertThat(granted).containsExactly(caller);
        assertThat(admission.tryEnter(now)).isEqualTo(Admission.FULL);
    }

    @Test
    void freeSlotIsGrantedBeforeJoinReturns() {
        assertThat(granted).isEmpty();

        Caller caller = join("caller", Priority.LOW);

        assertThat(granted).containsExactly(caller);
        assertThat(admission.abandon(caller)).isFalse();
    }

    @Test
    void abandonedWaiterIsToldNothingAndTheNextGoesInItsPlace() {
        enter(10);
        Caller first = join("first", Priority.NORMAL);
        Caller second = join("second", Priority.NORMAL);

        assertThat(admission.abandon(first)).isTrue();
        assertThat(admission.abandon(first)).isFalse();
        leave(1);

        assertThat(granted).containsExactly(second);
    }

    @Test
    void whenTheLastWaiterHasLeftEverybodyMayEnterAgain() {
        enter(10);
        Caller caller = join("caller", Priority.NORMAL);

        admission.abandon(caller);
        leave(3);

        assertThat(enter(5)).isEqualTo(3);
    }

    @Test
    void freeSlotIsSeenAgainWhenTheLastWaiterHasLeft() {
        enter(10);
        Caller caller = join("caller", Priority.NORMAL);

        admission.abandon(caller);
        leave(1);

        assertThat(admission.hasFreeSlot()).isTrue();
    }

    @Test
    void freeSlotIsSeenAgainWhereNobodyMayWait() {
        use(LimitConfig.defaults().withAdmission(new AdmissionConfig(0)));
        enter(10);

        assertThat(admission.join(new Caller("caller"), Priority.NORMAL, now)).isFalse();
        leave(1);

        assertThat(admission.hasFreeSlot()).isTrue();
        assertThat(evicted).as("who may not wait is told nothing").isEmpty();
    }

    @Test
    void callThatFindsTheDoorFullLetsCommitsGrowTheRamp() {
        enter(11);

        commit(1);

        assertThat(admission.limit()).isEqualTo(11);
    }

    @Test
    void commitsOfAnAdaptiveLimitCountThoughNobodyWaits() {
        use(LimitConfig.defaults()
                .withRamp(RampConfig.disabled())
                .withConcurrency(ConcurrencyConfig.defaults().withAdaptive(true)));
        enter(10);
        admission.overloaded(now);
        assertThat(admission.limit()).isEqualTo(7);

        commit(7);
        admission.overloaded(now);

        assertThat(admission.limit()).as("a round has passed").isEqualTo(4);
    }

    @Test
    void restartAndTheEndOfAHalfWindowLeaveAnAdaptiveLimitCounting() {
        use(LimitConfig.defaults().withConcurrency(ConcurrencyConfig.defaults().withAdaptive(true)));
        enter(10);
        admission.overloaded(now);

        admission.restart(20, now);
        commit(4);
        now += 30 * SECOND;
        commit(3);
        admission.overloaded(now);

        assertThat(admission.limit()).isEqualTo(4);
    }

    @Test
    void contractsAreChecked() {
        enter(10);
        Caller caller = join("caller", Priority.NORMAL);

        assertThatThrownBy(() -> admission.join(caller, Priority.LOW, now)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> admission.restart(0, now)).isInstanceOf(IllegalArgumentException.class);
        leave(1);
        leave(10);
        assertThatThrownBy(() -> admission.leave(0, now)).isInstanceOf(IllegalStateException.class);
    }

    private void use(LimitConfig config) {
        admission = new Admission(config, 4);
    }

    private int enter(int times) {
        int entered = 0;
        for (int i = 0; i < times; i++) {
            int slot = admission.tryEnter(now);
            if (slot != Admission.FULL) {
                slots.add(slot);
                entered++;
            }
        }
        return entered;
    }

    private void leave(int times) {
        for (int i = 0; i < times; i++) {
            admission.leave(slots.remove(), now);
        }
    }

    private void commit(int times) {
        for (int i = 0; i < times; i++) {
            admission.committed(now);
        }
    }

    private void join(String name, int times) {
        for (int i = 0; i < times; i++) {
            join(name, Priority.NORMAL);
        }
    }

    private Caller join(String name, Priority priority) {
        Caller caller = new Caller(name);
        assertThat(admission.join(caller, priority, now)).isTrue();
        return caller;
    }
}

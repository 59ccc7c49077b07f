// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admission beside a model that is one number and one sorted list. */
class AdmissionModelTest {
    private static final long SEED = 20_261_125;

    private record Step(int kind, Priority priority, int which, boolean wants) {}

    /** A waiter that writes down what it is told. */
    private static final class Caller extends Admission.Waiter {
        final int number;
        final Priority priority;
        final boolean wants;
        final List<String> told;
        int slot = Admission.FULL;
        boolean waiting = true;

        Caller(int number, Priority priority, boolean wants, List<String> told) {
            this.number = number;
            this.priority = priority;
            this.wants = wants;
            this.told = told;
        }

        @Override
        protected boolean granted(int newSlot) {
            told.add("granted " + number);
            waiting = false;
            slot = wants ? newSlot : Admission.FULL;
            return wants;
        }

        @Override
        protected void evicted() {
            told.add("evicted " + number);
            waiting = false;
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0,1", "1,1,1", "1,3,2", "2,2,1", "2,3,4", "3,64,2", "64,3,8", "64,64,1", "3,2,8"})
    void admissionBehavesLikeItsModel(int limit, int capacity, int stripes) {
        RandomRuns.play(SEED, 200, 200, AdmissionModelTest::step, steps -> compare(limit, capacity, stripes, steps));
    }

    private static Step step(SplittableRandom random) {
        return new Step(
                random.nextInt(10), Priority.values()[random.nextInt(3)], random.nextInt(1000), random.nextInt(8) > 0);
    }

    private static void compare(int limit, int capacity, int stripes, List<Step> steps) {
        LimitConfig config = LimitConfig.defaults()
                .withRamp(RampConfig.disabled())
                .withConcurrency(ConcurrencyConfig.defaults().withFixed(limit))
                .withAdmission(new AdmissionConfig(capacity));
        Admission admission = new Admission(config, stripes);
        List<String> told = new ArrayList<>();
        Model model = new Model(limit, capacity);
        List<Integer> slots = new ArrayList<>();
        List<Caller> callers = new ArrayList<>();
        for (Step step : steps) {
            if (step.kind() < 3) {
                int slot = admission.tryEnter(0);
                assertThat(slot != Admission.FULL).isEqualTo(model.tryEnter());
                if (slot != Admission.FULL) {
                    slots.add(slot);
                }
            } else if (step.kind() < 6) {
                Caller caller = new Caller(callers.size(), step.priority(), step.wants(), told);
                boolean joined = admission.join(caller, step.priority(), 0);
                assertThat(joined).isEqualTo(model.join(caller));
                caller.waiting &= joined;
                callers.add(caller);
            } else if (step.kind() == 6 && !callers.isEmpty()) {
                Caller caller = callers.get(step.which() % callers.size());
                assertThat(admission.abandon(caller)).isEqualTo(model.waiting.remove(caller));
                caller.waiting = false;
            } else if (!slots.isEmpty()) {
                admission.leave(slots.remove(step.which() % slots.size()), 0);
                model.leave();
            }
            for (Caller caller : callers) {
                if (caller.slot != Admission.FULL) {
                    slots.add(caller.slot);
                    caller.slot = Admission.FULL;
                }
            }
            assertThat(told).isEqualTo(model.told);
            assertThat(admission.info()).isEqualTo(new AdmissionInfo(model.inFlight, limit, model.waiting.size()));
            assertThat(slots).hasSize(model.inFlight);
            assertThat(callers.stream().filter(caller -> caller.waiting).count())
                    .isEqualTo(model.waiting.size());
        }
        while (!slots.isEmpty()) {
            admission.leave(slots.remove(0), 0);
            for (Caller caller : callers) {
                if (caller.slot != Admission.FULL) {
                    slots.add(caller.slot);
                    caller.slot = Admission.FULL;
                }
            }
        }
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(0, limit, 0));
    }

    private static final class Model {
        private final int limit;
        private final int capacity;
        private final List<Caller> waiting = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private int inFlight;

        Model(int limit, int capacity) {
            this.limit = limit;
            this.capacity = capacity;
        }

        boolean tryEnter() {
            boolean free = waiting.isEmpty() && inFlight < limit;
            inFlight += free ? 1 : 0;
            return free;
        }

        boolean join(Caller caller) {
            waiting.add(caller);
            grant();
            if (waiting.size() <= capacity) {
                return true;
            }
            waiting.sort(order());
            Caller last = waiting.remove(waiting.size() - 1);
            if (last == caller) {
                return false;
            }
            told.add("evicted " + last.number);
            return true;
        }

        void leave() {
            inFlight--;
            grant();
        }

        private void grant() {
            while (inFlight < limit && !waiting.isEmpty()) {
                waiting.sort(order());
                Caller first = waiting.remove(0);
                told.add("granted " + first.number);
                inFlight += first.wants ? 1 : 0;
            }
        }

        private static Comparator<Caller> order() {
            return Comparator.<Caller, Priority>comparing(caller -> caller.priority)
                    .thenComparingInt(caller -> caller.number);
        }
    }
}

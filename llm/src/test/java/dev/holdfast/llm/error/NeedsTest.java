// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeedsTest {
    private static final int[] STATUSES = {0, 200, 400, 401, 429, 500, 503, 529};

    @Test
    void noConditionHoldsWithoutWhatItNeeds() {
        long seed = System.nanoTime();
        System.out.println("needs seed " + seed);
        Random random = new Random(seed);
        int held = 0;
        int refused = 0;
        for (int round = 0; round < 50_000; round++) {
            Condition condition = condition(random, 0);
            Evidence evidence =
                    new Evidence(STATUSES[random.nextInt(STATUSES.length)], random.nextInt(1 << 14), new long[1]);
            boolean met = Needs.of(condition).areMetBy(evidence);
            refused += met ? 0 : 1;
            if (holds(condition, evidence)) {
                held++;
                assertThat(met).as("%s with %s", condition.words(), evidence).isTrue();
            }
        }
        assertThat(held).isGreaterThan(5_000);
        assertThat(refused).isGreaterThan(5_000);
    }

    private static Condition condition(Random random, int depth) {
        int kind = random.nextInt(depth > 3 ? 3 : 6);
        if (kind == 0) {
            return Condition.fact(Fact.values()[random.nextInt(Fact.values().length)]);
        }
        if (kind < 3) {
            int from = random.nextInt(STATUSES.length);
            return Condition.statusBetween(STATUSES[from], STATUSES[from + random.nextInt(STATUSES.length - from)]);
        }
        if (kind == 3) {
            return Condition.not(condition(random, depth + 1));
        }
        Condition[] parts = IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> condition(random, depth + 1))
                .toArray(Condition[]::new);
        return kind == 4 ? Condition.all(parts) : Condition.any(parts);
    }

    private static boolean holds(Condition condition, Evidence evidence) {
        if (condition instanceof Condition.Status status) {
            return evidence.status() >= status.from() && evidence.status() <= status.to();
        }
        if (condition instanceof Condition.Holds holds) {
            return evidence.holds(holds.fact());
        }
        if (condition instanceof Condition.Not not) {
            return !holds(not.part(), evidence);
        }
        if (condition instanceof Condition.All all) {
            return all.parts().stream().allMatch(part -> holds(part, evidence));
        }
        return condition instanceof Condition.Any any && any.parts().stream().anyMatch(part -> holds(part, evidence));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storm.measure.CircuitLog;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The two reference systems' rules, as they are specified. */
class PoliciesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long SEED = 7;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<String> told = new ArrayList<>();
    private long now;

    @Test
    void hiveWaitsOneTwoAndFourSecondsGiveOrTakeHalf() {
        Policy hive = new HivePolicy(told::add);

        for (int attempt = 1; attempt <= 3; attempt++) {
            long middle = SECOND << (attempt - 1);
            assertThat(hive.attemptFailed(attempt, Fault.status(400), now, random))
                    .isBetween(middle / 2, middle * 3 / 2);
        }

        assertThat(hive.attemptFailed(4, Fault.status(400), now, random)).isEqualTo(Policy.STOP);
    }

    @Test
    void hiveOpensAfterFiveCallsInARowAndLetsEverybodyInAfterThirtySeconds() {
        Policy hive = new HivePolicy(told::add);

        for (int call = 0; call < 5; call++) {
            assertThat(hive.admits(now)).isTrue();
            hive.attemptFailed(4, Fault.BROKEN, now, random);
        }
        assertThat(hive.admits(now)).isFalse();
        now += 30 * SECOND;
        for (int call = 0; call < 100; call++) {
            assertThat(hive.admits(now)).isTrue();
        }
        hive.attemptSucceeded(now);

        assertThat(told).containsExactly(CircuitLog.OPEN, CircuitLog.HALF_OPEN, CircuitLog.CLOSED);
    }

    @Test
    void abstractCoreTriesByWhatFailed() {
        Policy core = new AbstractCorePolicy(told::add);

        assertThat(core.attemptFailed(1, Fault.status(400), now, random)).isEqualTo(Policy.STOP);
        core.attemptSucceeded(now);
        assertThat(core.attemptFailed(1, Fault.status(503), now, random)).isBetween(0L, SECOND);
        core.attemptSucceeded(now);
        assertThat(core.attemptFailed(2, Fault.status(503), now, random)).isEqualTo(Policy.STOP);
        core.attemptSucceeded(now);
        assertThat(core.attemptFailed(2, Fault.status(429), now, random)).isBetween(0L, 2 * SECOND);
        core.attemptSucceeded(now);
        assertThat(core.attemptFailed(3, Fault.TIMED_OUT, now, random)).isEqualTo(Policy.STOP);
    }

    @Test
    void abstractCoreOpensAtFiveFailedAttemptsAndLetsFourTry() {
        Policy core = new AbstractCorePolicy(told::add);

        for (int attempt = 0; attempt < 5; attempt++) {
            core.attemptFailed(1, Fault.status(400), now, random);
        }
        assertThat(core.admits(now + 60 * SECOND - 1)).isFalse();
        now += 60 * SECOND;

        assertThat(List.of(core.admits(now), core.admits(now), core.admits(now), core.admits(now), core.admits(now)))
                .containsExactly(true, true, true, true, false);
    }
}

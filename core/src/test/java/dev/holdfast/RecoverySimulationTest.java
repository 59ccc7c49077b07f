// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.limit.Priority;
import dev.holdfast.target.Targets;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand callers and two servers that can be overrun, the second one cold: the first fails and comes back cold. The
 * behaviour of the whole engine, seen from the servers and from the callers.
 */
class RecoverySimulationTest {
    private static final long SEED = 20_261_125;
    private static final int CALLERS = 10_000;
    private static final int PROBES = 3;

    /** Each caller calls about once in this time, all together a hundred times a second. */
    private static final Duration PAUSE_OF_A_CALLER = Duration.ofSeconds(100);

    private final VirtualTime time = new VirtualTime(SEED);
    private final SimulatedServer first = new SimulatedServer("a/one", time);
    private final SimulatedServer second = new SimulatedServer("b/two", time);
    private final Targets targets = Targets.of(first.target, second.target);
    private final Holdfast engine = Holdfast.builder()
            .time(time, time)
            .executor(time)
            .random(time)
            .listener(this::circuitOfTheFirst)
            .build();
    private boolean over;
    private int calling;
    private int openings;
    private int closings;
    private int succeeded;
    private int failed;
    private int highEnded;
    private int highFailed;
    private long highNanos;

    @BeforeEach
    void startWithAllCallers() {
        for (int i = 0; i < CALLERS; i++) {
            think();
        }
        time.advance(Duration.ofMinutes(2));
        assertThat(servedIn(Duration.ofMinutes(1), first)).as("seed %d", SEED).isGreaterThan(5_500);
        assertThat(failed).as("seed %d", SEED).isZero();
        assertThat(first.excess).as("seed %d", SEED).isLessThanOrEqualTo(0);
    }

    @Test
    void loadMovesAwayAndComesBackWithoutACollapse() {
        second.cool();
        first.fail();
        time.advance(Duration.ofMinutes(2));
        first.recover();
        time.advance(Duration.ofMinutes(4));

        assertThat(servedIn(Duration.ofMinutes(1), first)).as("seed %d", SEED).isGreaterThan(5_500);
        assertThat(failed)
                .as("those that probed and then met a cold server twice, of some 40,000, seed %d", SEED)
                .isLessThanOrEqualTo(3);
        assertThat(openings)
                .as("the break, and those of probes that came too early, two seconds apart or more")
                .isBetween(1, 60);
        assertThat(closings).as("seed %d", SEED).isEqualTo(1);
        finish();
    }

    @Test
    void statedWaitsAreKeptByAllCallers() {
        first.limited = Duration.ofSeconds(7);
        time.advance(Duration.ofSeconds(20));
        first.limited = Duration.ZERO;
        time.advance(Duration.ofMinutes(1));

        assertThat(first.told).as("told before everybody knew, seed %d", SEED).isBetween(3, 60);
        assertThat(failed).as("seed %d", SEED).isZero();
        assertThat(servedIn(Duration.ofMinutes(1), first)).as("seed %d", SEED).isGreaterThan(5_500);
        finish();
    }

    /** Five times as many calls as before, and more than both servers can take. */
    @Test
    void floodOfLowPriorityDoesNotStarveHighPriority() {
        for (int i = 0; i < 4 * CALLERS; i++) {
            think(Priority.LOW);
        }
        time.advance(Duration.ofSeconds(30));
        for (int i = 0; i < 1_000; i++) {
            think(Priority.HIGH);
        }
        time.advance(Duration.ofMinutes(2));

        assertThat(first.served + second.served).as("seed %d", SEED).isGreaterThan(30_000);
        assertThat(highFailed).as("seed %d", SEED).isZero();
        assertThat(highEnded).as("seed %d", SEED).isGreaterThan(1_000);
        assertThat(highNanos / highEnded).as("seed %d", SEED).isLessThan(2_000_000_000L);
        finish();
    }

    private int servedIn(Duration time, SimulatedServer server) {
        int before = server.served;
        this.time.advance(time);
        return server.served - before;
    }

    private void finish() {
        over = true;
        assertThat(time.runUntilIdle(Duration.ofHours(1))).isTrue();
        assertThat(calling).isZero();
        assertThat(first.early + second.early)
                .as("requests before their time, seed %d", SEED)
                .isZero();
        assertThat(first.excess)
                .as("requests at once beyond the ramp, seed %d", SEED)
                .isLessThanOrEqualTo(0);
        assertThat(second.excess)
                .as("requests at once beyond the ramp, seed %d", SEED)
                .isLessThanOrEqualTo(0);
        Conservation.assertAllReturned(engine);
    }

    private void circuitOfTheFirst(HoldfastEvent event) {
        if (event instanceof TargetEvent.CircuitClosed closed && closed.target().equals(first.target)) {
            first.rise(PROBES);
            closings++;
        } else if (event instanceof TargetEvent.CircuitOpened opened
                && opened.target().equals(first.target)) {
            openings++;
        }
    }

    private void think() {
        think(Priority.NORMAL);
    }

    private void think(Priority priority) {
        if (over) {
            return;
        }
        long forNanos = (long) (-Math.log(1 - time.nextDouble()) * PAUSE_OF_A_CALLER.toNanos());
        time.at(time.nanos() + forNanos, () -> call(priority));
    }

    private void call(Priority priority) {
        calling++;
        long startNanos = time.nanos();
        CompletableFuture<String> call = engine.call(targets, CallOptions.none().withPriority(priority), this::ask);
        call.whenComplete((value, error) -> {
            calling--;
            succeeded += error == null ? 1 : 0;
            failed += error == null ? 0 : 1;
            if (priority == Priority.HIGH) {
                highEnded++;
                highFailed += error == null ? 0 : 1;
                highNanos += time.nanos() - startNanos;
            }
            think(priority);
        });
    }

    private CompletionStage<String> ask(Attempt attempt) {
        return (attempt.target().equals(first.target) ? first : second).ask(attempt.callId());
    }
}

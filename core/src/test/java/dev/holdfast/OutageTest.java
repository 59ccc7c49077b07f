// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A target in total outage is not made worse. */
class OutageTest {
    private static final Targets A = Targets.named("a/one");

    @Test
    void withoutACircuitTheBudgetEndsTheRetries() {
        VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withCircuit(CircuitConfig.disabled()));
        List<CompletableFuture<Object>> calls =
                IntStream.range(0, 50).mapToObj(i -> down(holdfast)).toList();
        holdfast.run();
        int before = holdfast.started.size();

        for (int i = 51; i <= 100; i++) {
            down(holdfast);
            holdfast.time.advance(Duration.ofMillis(100));
        }
        holdfast.time.advance(Duration.ofMinutes(1));

        assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(holdfast.started.size() - before).isLessThanOrEqualTo(55);
        holdfast.assertAllReturned();
    }

    @Test
    void oneCallAtATimeWithoutACircuitIsBoundedToo() {
        VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withCircuit(CircuitConfig.disabled()));
        int before = 0;

        for (int i = 1; i <= 100; i++) {
            before = i == 51 ? holdfast.started.size() : before;
            CompletableFuture<Object> call = down(holdfast);
            while (!call.isDone()) {
                holdfast.time.advance(Duration.ofMillis(50));
            }
        }

        assertThat(holdfast.started.size() - before).isLessThanOrEqualTo(55);
        holdfast.assertAllReturned();
    }

    @Test
    void oneCallAtATimeOpensTheCircuitWithinFifteenRequestsAndThenOnlyProbesReachTheTarget() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        int made = 0;
        while (holdfast.state(A).circuit().state() != CircuitState.OPEN && made++ < 100) {
            CompletableFuture<Object> call = down(holdfast);
            while (!call.isDone()) {
                holdfast.time.advance(Duration.ofMillis(50));
            }
        }
        int untilOpen = holdfast.started.size();

        for (int second = 0; second < 3_600; second++) {
            down(holdfast);
            holdfast.time.advance(Duration.ofSeconds(1));
        }

        assertThat(untilOpen).isLessThanOrEqualTo(15);
        // Every 2 s at first, and after 32 minutes 30 to 60 s apart: 1/64 to 1/32 of the time before
        // that.
        assertThat(holdfast.started.size() - untilOpen).isBetween(160, 240);
        holdfast.assertAllReturned();
    }

    @Test
    void healthyTargetServesWhileTheOtherIsDown() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        Targets ab = Targets.named("a/one", "b/two");

        for (int i = 0; i < 200; i++) {
            CompletableFuture<Object> call = holdfast.callWith(
                    ab,
                    CallOptions.none(),
                    attempt -> attempt.target().name().startsWith("a")
                            ? CompletableFuture.failedFuture(fault(Category.OVERLOADED))
                            : CompletableFuture.completedFuture("hello"));
            assertThat(call).isCompletedWithValue("hello");
        }

        assertThat(holdfast.route().stream().filter("a/one"::equals)).hasSize(5);
        holdfast.assertAllReturned();
    }

    private static CompletableFuture<Object> down(VirtualHoldfast holdfast) {
        Object[] errors = new Object[3];
        Arrays.setAll(errors, i -> fault(Category.SERVER_ERROR));
        return holdfast.call(A, errors);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.graph.Graph;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.time.Nanos;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run comes to does not depend on which branch is faster. */
class SchedulesTest {
    private static final int SCHEDULES = 1000;

    static Stream<String> shapes() {
        return Shapes.ALL.keySet().stream();
    }

    /** What must be equal: everything but times. */
    private record Told(
            StopReason stopReason,
            Map<String, Object> output,
            List<String> path,
            Map<String, Integer> visits,
            List<String> attempts,
            int steps,
            Quality quality) {
        static Told of(GraphResult result) {
            return new Told(
                    result.stopReason(),
                    result.output(),
                    result.path(),
                    result.visits(),
                    result.attempts().stream()
                            .map(a -> a.branch() + " " + a.node() + a.visit() + "." + a.attempt() + a.outcome())
                            .toList(),
                    result.steps(),
                    result.quality());
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void resultIsTheSameUnderAnySchedule(String shape) {
        long seed = System.nanoTime();
        for (FanOut.OnConflict conflict : List.of(FanOut.OnConflict.LAST_WINS, FanOut.OnConflict.FIRST_WINS)) {
            Told expected = told(shape, new SplittableRandom(seed), conflict, 0);
            for (int i = 0; i < SCHEDULES / 2; i++) {
                Told told = told(shape, new SplittableRandom(seed + i), conflict, 1000);

                if (!told.equals(expected)) { // an assertion costs more than the run
                    assertThat(told)
                            .as("seed %d, schedule %d, %s", seed, i, conflict)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static Told told(String shape, SplittableRandom random, FanOut.OnConflict conflict, int maxMillis) {
        Graph graph = Shapes.ALL.get(shape);
        VirtualRuns runs = new VirtualRuns(random.nextLong())
                .fanOut(fanOut -> fanOut.withOnConflict(conflict).withOnFailure(FanOut.OnFailure.WAIT_ALL));
        List<String> stepIds = new ArrayList<>();
        graph.nodes()
                .forEach(node -> runs.work(node.id(), context -> {
                    stepIds.add(context.stepId() + "." + context.attempt());
                    long delayNanos = maxMillis == 0 ? 0 : random.nextInt(maxMillis) * 1_000_000L;
                    CompletableFuture<NodeResult> later = new CompletableFuture<>();
                    runs.time.at(Nanos.add(runs.time.nanos(), delayNanos), () -> {
                        // b fails at its first attempt, wherever it is; everybody writes "last" and its own visit
                        if (context.node().id().equals("b") && context.attempt() == 1) {
                            later.completeExceptionally(VirtualRuns.boom());
                        } else {
                            Map<String, Object> output = new LinkedHashMap<>();
                            output.put(context.node().id(), context.visit());
                            output.put("last", context.node().id());
                            later.complete(NodeResult.of(output));
                        }
                    });
                    return later;
                }));
        GraphResult result = runs.run(graph);
        assertThat(stepIds).as("each attempt of each step once").doesNotHaveDuplicates();
        return Told.of(result);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.node.Node;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.target.Targets;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many runs at once, and many faults. */
class ManyRunsTest {
    /** Real time: that no run holds a thread cannot be seen in virtual time, which has only one. */
    @Test
    @Timeout(120)
    void tenThousandRunsNeedNoThreadEach() throws Exception {
        Node waiting = context -> {
            CompletableFuture<NodeResult> later = new CompletableFuture<>();
            HoldfastRuntime.timer()
                    .at(Nanos.add(Ticker.system().nanos(), 200_000_000L), () -> HoldfastRuntime.executor()
                            .execute(() ->
                                    later.complete(NodeResult.of(context.node().id(), 1))));
            return later;
        };
        GraphExecutor executor =
                GraphExecutor.builder().nodeType("made", waiting).build();
        Graph graph = Shapes.of("s>a>m", "s>b>m");
        int threadsBefore = Thread.activeCount();
        List<CompletableFuture<GraphResult>> runs = new ArrayList<>();

        for (int i = 0; i < 10_000; i++) {
            runs.add(executor.run(graph, Map.of()));
        }
        int threads = Thread.getAllStackTraces().size();
        CompletableFuture.allOf(runs.toArray(CompletableFuture<?>[]::new)).get(50, TimeUnit.SECONDS);

        assertThat(threads).as("threads while all run, before " + threadsBefore).isLessThan(200);
        assertThat(runs).allMatch(run -> run.join().success());
    }

    /** 15 % of all attempts at a model fail, the engine makes five; the node repeats nothing on top of that. */
    @Test
    void underFaultsRunsEndAsWithoutThemUnlessACallUsedUpItsAttempts() {
        long seed = System.nanoTime();
        int exhaustedRuns = 0;
        for (int run = 0; run < 400; run++) {
            Chaos faultless = new Chaos(seed + run, 0);
            // every fourth run meets so many that calls do use up their attempts
            Chaos chaos = new Chaos(seed + run, run % 4 == 0 ? 0.5 : 0.15);
            GraphResult expected = faultless.run();
            GraphResult result = chaos.run();
            String about = "seed " + (seed + run);

            assertThat(chaos.attemptsPerCall).as(about).allMatch(attempts -> attempts <= 5);
            if (chaos.exhausted == 0) {
                assertThat(result.stopReason()).as(about).isEqualTo(expected.stopReason());
                assertThat(result.output()).as(about).isEqualTo(expected.output());
                assertThat(result.path()).as(about).isEqualTo(expected.path());
                assertThat(result.quality()).as(about).isEqualTo(Quality.CLEAN);
            } else {
                exhaustedRuns++;
                assertThat(result.quality()).as(about).isIn(Quality.DEGRADED, Quality.FAILED);
                assertThat(result.attempts())
                        .as(about)
                        .filteredOn(attempt -> attempt.outcome() == Outcome.FAILURE)
                        .hasSize(chaos.exhausted)
                        .allMatch(attempt -> attempt.category() == Category.SERVER_ERROR);
            }
            Conservation.assertAllReturned(chaos.engine);
        }
        assertThat(exhaustedRuns).as("seed " + seed).isBetween(5, 100);
        System.out.println("chaos: seed " + seed + ", " + exhaustedRuns + " of 400 runs met an exhausted call");
    }

    /** One run in which each node makes one guarded call. */
    private static final class Chaos {
        private final VirtualTime time;
        private final Holdfast engine;
        private final List<Integer> attemptsPerCall = new ArrayList<>();
        private final SplittableRandom faults;
        private final double rate;
        private int exhausted;

        Chaos(long seed, double rate) {
            this.time = new VirtualTime(seed);
            this.faults = new SplittableRandom(seed);
            this.rate = rate;
            this.engine = Holdfast.builder()
                    .config(ResilienceConfig.defaults().withMaxAttempts(5))
                    .time(time, time)
                    .executor(time)
                    .random(time)
                    .build();
        }

        GraphResult run() {
            GraphExecutorBuilder builder =
                    GraphExecutor.builder().time(time, time).executor(time).random(time);
            builder.nodeType("made", context -> call(context.node()).thenApply(NodeResult::of));
            CompletableFuture<GraphResult> result = builder.build()
                    .run(
                            Shapes.of("n1>n2>n3>s>a>a2>m>n4>n5", "s>b>m", "s>c>c2>c3>m"),
                            Map.of(),
                            RunOptions.defaults()
                                    .withFanOut(FanOut.defaults().withOnFailure(FanOut.OnFailure.CONTINUE_OTHERS)));
            time.runUntilIdle(Duration.ofDays(1));
            return result.join();
        }

        private CompletableFuture<Map<String, Object>> call(NodeSpec node) {
            int[] attempts = new int[1];
            Targets targets = Targets.named("chaos/" + node.id());
            CompletableFuture<Map<String, Object>> call = engine.call(targets, attempt -> {
                attempts[0]++;
                return faults.nextDouble() < rate
                        ? CompletableFuture.failedFuture(
                                new VirtualHoldfast.Fault(Failure.of(Category.SERVER_ERROR, "chaos", "made up")))
                        : CompletableFuture.completedFuture(Map.of(node.id(), 1));
            });
            return call.whenComplete((value, error) -> {
                attemptsPerCall.add(attempts[0]);
                exhausted += error != null ? 1 : 0;
            });
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static dev.holdfast.graph.run.VirtualRuns.boom;
import static dev.holdfast.graph.run.VirtualRuns.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphBuilder;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.checkpoint.MemoryCheckpointStore;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.node.NodeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What probes of the reference system showed, done better here: HIVE-PROBE-01 to 26 and 34. */
class ReferenceProbesTest {
    private final VirtualRuns runs = new VirtualRuns();

    private static GraphBuilder graph(String... chains) {
        return Shapes.builder(chains);
    }

    @Test
    void outputOfATerminalNodeIsInTheResult() {
        runs.node("a", map("x", 1)).node("t", map("y", 2));

        GraphResult result = runs.run(graph("a>t").terminal("t").build());

        assertThat(result.output()).containsEntry("x", 1L).containsEntry("y", 2L);
    }

    @Test
    void routeToNowhereFailsAndKeepsTheMemory() {
        runs.node("a", map("x", 1)).node("b", NodeResult.next("nowhere"));

        GraphResult result = runs.run(graph("a>b").build());

        assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
        assertThat(result.error().message()).isEqualTo("Node not found: nowhere");
        assertThat(result.steps()).isEqualTo(2);
        assertThat(result.output()).containsEntry("x", 1L);
    }

    @Test
    void missingOutputIsAFailureThatIsRetriedWithBackoff() {
        runs.node("A", map("other", 1));

        GraphResult result = runs.run(Graph.builder("g")
                .node(NodeSpec.builder("A", "made").outputs("xx").maxRetries(3))
                .build());

        assertThat(result.error().message())
                .isEqualTo("Node 'A' failed after 3 attempts: Output validation failed: Missing required output key:"
                        + " 'xx'");
        assertThat(result.error().category()).isEqualTo(Category.INVALID_OUTPUT);
        assertThat(result.path()).containsExactly("A");
        assertThat(result.failedAttempts()).isEqualTo(3);
    }

    @Test
    void waitsBetweenAttemptsDoubleWithJitter() {
        List<List<Long>> waits = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int seed = 0; seed < 200; seed++) {
            VirtualRuns each = new VirtualRuns(seed);
            each.node("A", boom());
            each.run(Graph.builder("g")
                    .node(NodeSpec.builder("A", "made").maxRetries(5))
                    .build());
            assertThat(each.madeAt).hasSize(5);
            for (int i = 0; i < 4; i++) {
                waits.get(i)
                        .add(each.madeAt.get(i + 1).minus(each.madeAt.get(i)).toMillis());
            }
        }

        for (int i = 0; i < 4; i++) {
            long full = 1000L << i;
            assertThat(waits.get(i)).as("retry " + (i + 1)).allMatch(wait -> wait >= full / 2 - 1 && wait <= full);
            assertThat(waits.get(i).stream().distinct().count()).isGreaterThan(100);
            assertThat(waits.get(i).stream()
                            .mapToLong(Long::longValue)
                            .average()
                            .orElseThrow())
                    .isBetween(full * 0.70, full * 0.80);
        }
    }

    @Test
    void retriesAreCountedPerVisit() {
        runs.node("A", boom(), boom(), map("A", 1), boom(), map("A", 2)).node("B", map());

        GraphResult result =
                runs.run(graph("A>B").edge(EdgeSpec.when("B", "A", "A == 1")).build());

        assertThat(result.success()).isTrue();
        assertThat(result.path()).containsExactly("A", "B", "A", "B");
        assertThat(result.attempts())
                .filteredOn(attempt -> attempt.node().equals("A"))
                .extracting(NodeAttempt::attempt)
                .containsExactly(1, 2, 3, 1, 2);
    }

    @Test
    void edgeForEveryCaseSeesAFailureAndAConditionDoesNot() {
        runs.node("a", boom()).node("b", map()).node("c", map());
        Graph always = graph("a")
                .node(NodeSpec.builder("b", "made"))
                .edge(EdgeSpec.always("a", "b"))
                .build();
        Graph conditional = graph("a")
                .node(NodeSpec.builder("c", "made"))
                .edge(EdgeSpec.when("a", "c", "True"))
                .build();

        GraphResult first = runs.run(always);
        GraphResult second = runs.run(conditional);

        assertThat(first.path()).containsExactly("a", "b");
        assertThat(first.quality()).isEqualTo(Quality.DEGRADED);
        assertThat(runs.events(GraphEvent.NodeEnded.class).get(0).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(second.stopReason()).isEqualTo(StopReason.FAILED);
    }

    @Test
    void ofTwoFailureEdgesTheHigherPriorityIsFollowed() {
        runs.node("a", boom()).node("low", map()).node("high", map());

        GraphResult result = runs.run(graph("a")
                .node(NodeSpec.builder("low", "made"))
                .node(NodeSpec.builder("high", "made"))
                .edge(EdgeSpec.onFailure("a", "low"))
                .edge(EdgeSpec.onFailure("a", "high").withPriority(5))
                .build());

        assertThat(result.path()).containsExactly("a", "high");
    }

    @Test
    void nodeThatThrowsIsAFailedNode() {
        runs.node("a", map("kept", 1)).node("handler", map());
        runs.work("b", context -> {
            throw new IllegalStateException("thrown on purpose");
        });

        GraphResult unhandled = runs.run(graph("a>b").build());
        GraphResult handled = runs.run(graph("a>b")
                .node(NodeSpec.builder("handler", "made"))
                .edge(EdgeSpec.onFailure("b", "handler"))
                .build());

        assertThat(unhandled.error().message()).contains("thrown on purpose", "failed after 3 attempts");
        assertThat(unhandled.output()).containsEntry("kept", 1L);
        assertThat(handled.path()).containsExactly("a", "b", "handler");
    }

    @Test
    void longTextWithWordsOfProgramsIsJustText() {
        String text = "import " + "a".repeat(6000) + " from SELECT ";
        runs.node("a", map("text", text))
                .node("s", map())
                .node("b", map("other", text))
                .node("m", map());

        GraphResult input =
                runs.run(Graph.builder("g").node(NodeSpec.builder("a", "made")).build(), "given", text);
        GraphResult branch = runs.run(Shapes.ALL.get("diamond"));

        assertThat(input.output()).containsEntry("given", text).containsEntry("text", text);
        assertThat(branch.output()).containsEntry("other", text);
    }

    @Test
    void pauseComesAfterItsNodeAndResumeGoesOnBehindIt() {
        runs.builder.store(new MemoryCheckpointStore());
        runs.node("a", map("x", 1)).node("b", map("y", 2));
        Graph graph = graph("a>b").pauseAfter("a").terminal("b").build();

        GraphResult paused = runs.run(graph, "in", 0);
        GraphResult resumed = runs.resume(graph, paused.run(), "in", 5);

        assertThat(paused.success()).isTrue();
        assertThat(paused.stopReason()).isEqualTo(StopReason.PAUSED);
        assertThat(paused.pausedAt()).containsExactly("a");
        assertThat(resumed.stopReason()).isEqualTo(StopReason.TERMINAL);
        assertThat(resumed.path()).containsExactly("a", "b");
        assertThat(resumed.output())
                .containsEntry("in", 5L)
                .containsEntry("x", 1L)
                .containsEntry("y", 2L);
        assertThat(runs.attempts("a")).isEqualTo(1);
    }

    @Test
    void pauseWithAnEntryPointOfItsOwnResumesThere() {
        runs.builder.store(new MemoryCheckpointStore());
        runs.node("a", map()).node("b", map()).node("c", map());
        Graph graph =
                graph("a>b", "c").pauseAfter("a").entryPoint("a_resume", "c").build();

        GraphResult paused = runs.run(graph);
        GraphResult resumed = runs.resume(graph, paused.run());

        assertThat(resumed.path()).containsExactly("a", "c");
    }

    @Test
    void mergeReadsWhatTheBranchesWrote() {
        runs.node("s", map("s", 1))
                .node("a", map("x", 1))
                .node("b", map("y", 2))
                .node("m", map());

        GraphResult result = runs.run(Shapes.ALL.get("diamond"));

        assertThat(runs.seen.get("m").get(0).inputs()).containsEntry("x", 1L).containsEntry("y", 2L);
        assertThat(result.visits()).containsOnlyKeys("s", "a", "b", "m");
        assertThat(result.steps()).isEqualTo(4);
    }

    @Test
    void branchWithoutRetriesRunsOnce() {
        Graph graph = Graph.builder("g")
                .node(NodeSpec.builder("s", "made"))
                .node(NodeSpec.builder("a", "made").maxRetries(0))
                .node(NodeSpec.builder("b", "made").maxRetries(2))
                .edge(EdgeSpec.onSuccess("s", "a"))
                .edge(EdgeSpec.onSuccess("s", "b"))
                .build();
        runs.node("s", map()).node("a", map()).node("b", boom(), map());

        GraphResult result = runs.run(graph);

        assertThat(result.success()).isTrue();
        assertThat(runs.attempts("a")).isEqualTo(1);
        assertThat(result.quality()).isEqualTo(Quality.DEGRADED);
        assertThat(result.branches())
                .extracting(BranchReport::quality)
                .containsExactly(Quality.CLEAN, Quality.DEGRADED);
    }

    @Test
    void branchesWithDifferentSuccessorsAllRun() {
        runs.node("s", map())
                .node("b1", map())
                .node("b2", map())
                .node("t1", map())
                .node("t2", map());

        GraphResult result =
                runs.run(graph("s>b1>t1", "s>b2>t2").terminal("t1", "t2").build());

        assertThat(result.path()).containsExactly("s", "b1", "t1", "b2", "t2");
        assertThat(result.stopReason()).isEqualTo(StopReason.TERMINAL);
    }

    @Test
    void conditionThatHoldsIsFollowedAloneAndEdgesWithoutOneTogether() {
        Graph exclusive = graph("s>plain")
                .node(NodeSpec.builder("special", "made"))
                .edge(EdgeSpec.when("s", "special", "flag"))
                .build();
        Graph together = graph("s>a")
                .node(NodeSpec.builder("b", "made"))
                .edge(EdgeSpec.always("s", "b"))
                .build();
        Graph lower = graph("s>plain")
                .node(NodeSpec.builder("special", "made"))
                .edge(EdgeSpec.when("s", "special", "flag").withPriority(-1))
                .build();
        runs.node("s", map("flag", true))
                .node("plain", map())
                .node("special", map())
                .node("a", map())
                .node("b", map());

        assertThat(runs.run(exclusive).path()).containsExactly("s", "special");
        assertThat(runs.run(together).path()).containsExactly("s", "a", "b");
        assertThat(runs.run(lower).path()).containsExactly("s", "plain");
    }

    @Test
    void mappingReachesItsTargetAndTouchesNothingElse() {
        runs.node("a", map("x", 1, "txt", "see [1, 2] here")).node("b", map("done", true));
        Graph graph = Graph.builder("g")
                .node(NodeSpec.builder("a", "made"))
                .node(NodeSpec.builder("b", "made").inputs("p"))
                .edge(EdgeSpec.onSuccess("a", "b").withInputMapping(Map.of("p", "x")))
                .build();

        GraphResult result = runs.run(graph, "k", "{\"k\": 1}");

        assertThat(runs.seen.get("b").get(0).inputs()).containsExactlyEntriesOf(Map.of("p", 1L));
        assertThat(result.output())
                .containsEntry("txt", "see [1, 2] here")
                .containsEntry("k", "{\"k\": 1}")
                .containsEntry("p", 1L);
    }

    @Test
    void cancelledRunIsEndedAndRecorded() {
        MemoryCheckpointStore store = new MemoryCheckpointStore();
        runs.builder.store(store);
        boolean[] left = new boolean[1];
        runs.node("a", map("x", 1)).work("b", context -> {
            context.onCancel(() -> left[0] = true);
            return new CompletableFuture<>();
        });
        Graph graph = graph("a>b").build();

        CompletableFuture<GraphResult> running = runs.start(graph);
        runs.time.advance(Duration.ofSeconds(1));
        running.cancel(true);
        runs.time.advance(Duration.ofSeconds(1));

        assertThat(left[0]).isTrue();
        GraphEvent.RunEnded ended = runs.events(GraphEvent.RunEnded.class).get(0);
        assertThat(ended.stopReason()).isEqualTo("cancelled");
        assertThat(store.load(ended.run()).toCompletableFuture().join().json()).contains("\"status\":\"cancelled\"");
        assertThat(runs.time.pending()).isZero();
    }

    @Test
    void cancelledRunCanBeResumed() {
        runs.builder.store(new MemoryCheckpointStore());
        int[] count = new int[1];
        runs.node("a", map("x", 1))
                .work(
                        "b",
                        context -> count[0]++ == 0
                                ? new CompletableFuture<>()
                                : CompletableFuture.completedFuture(NodeResult.of("y", 2)));
        Graph graph = graph("a>b").build();
        runs.options(options -> options.withRunId("r1"));
        CompletableFuture<GraphResult> running = runs.start(graph);
        running.cancel(true);
        runs.time.advance(Duration.ofSeconds(1));

        GraphResult resumed = runs.resume(graph, "r1");

        assertThat(resumed.path()).containsExactly("a", "b");
        assertThat(runs.attempts("a")).isEqualTo(1);
        assertThat(resumed.output()).containsEntry("y", 2L);
    }

    @Test
    void deadlineEndsTheRunWhereItIs() {
        runs.options(options -> options.withDeadline(Duration.ofSeconds(5)));
        runs.node("a", map("x", 1)).node("b", Duration.ofMinutes(1), map());

        GraphResult result = runs.run(graph("a>b").build());

        assertThat(result.stopReason()).isEqualTo(StopReason.DEADLINE);
        assertThat(result.elapsed()).isEqualTo(Duration.ofSeconds(5));
        assertThat(result.output()).containsEntry("x", 1L);
        assertThat(result.error().category()).isEqualTo(Category.TIMEOUT);
    }

    @Test
    void retryThatWouldOutlastTheDeadlineIsNotWaitedFor() {
        runs.options(options -> options.withDeadline(Duration.ofMillis(400)));
        runs.node("a", boom());

        GraphResult result = runs.run(graph("a>b").build());

        assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
        assertThat(result.elapsed()).isZero();
    }

    @Test
    void attemptThatTakesTooLongIsEndedAndRetried() {
        int[] count = new int[1];
        runs.work(
                "a",
                context -> count[0]++ == 0
                        ? new CompletableFuture<>()
                        : CompletableFuture.completedFuture(NodeResult.of("x", 1)));

        GraphResult result = runs.run(Graph.builder("g")
                .node(NodeSpec.builder("a", "made").timeout(Duration.ofSeconds(2)))
                .build());

        assertThat(result.success()).isTrue();
        assertThat(result.attempts().get(0).category()).isEqualTo(Category.TIMEOUT);
        assertThat(result.attempts().get(0).elapsed()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void retryOnSaysWhatIsRetried() {
        runs.node("listed", VirtualRuns.fault(Category.AUTH), map())
                .node("other", VirtualRuns.fault(Category.TIMEOUT), map())
                .node("hopeless", VirtualRuns.fault(Category.AUTH), map());

        assertThat(runs.run(one(NodeSpec.builder("listed", "made").retryOn("auth")))
                        .success())
                .isTrue();
        assertThat(runs.run(one(NodeSpec.builder("other", "made").retryOn("auth")))
                        .success())
                .isFalse();
        assertThat(runs.run(one(NodeSpec.builder("hopeless", "made"))).success())
                .isFalse();
        assertThat(runs.made).containsExactly("listed", "listed", "other", "hopeless");
    }

    private static Graph one(dev.holdfast.graph.NodeSpecBuilder node) {
        return Graph.builder("g").node(node).build();
    }
}

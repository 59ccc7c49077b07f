// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static dev.holdfast.graph.run.VirtualRuns.boom;
import static dev.holdfast.graph.run.VirtualRuns.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphBuilder;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.NodeSpecBuilder;
import dev.holdfast.graph.event.GraphEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference system's cases about running a graph: HIVE-GRAPH-01 to 62 and 82 to 86. */
class ReferenceRunsTest {
    private final VirtualRuns runs = new VirtualRuns();

    private static NodeSpecBuilder node(String id, String... outputKeys) {
        return NodeSpec.builder(id, NodeSpec.LLM_GENERATE).outputs(outputKeys);
    }

    private static GraphBuilder graph(NodeSpecBuilder... nodes) {
        GraphBuilder graph = Graph.builder("g");
        for (NodeSpecBuilder node : nodes) {
            graph.node(node);
        }
        return graph;
    }

    @Test
    void oneNodeIsOneStep() {
        runs.node("n1", map("result", 123));

        GraphResult result = runs.run(graph(node("n1", "result").maxRetries(0)).build());

        assertThat(result.success()).isTrue();
        assertThat(result.path()).containsExactly("n1");
        assertThat(result.steps()).isEqualTo(1);
        assertThat(result.output()).containsEntry("result", 123L);
    }

    @Test
    void failingNodeFailsTheRun() {
        runs.node("n1", boom());

        GraphResult result = runs.run(graph(node("n1", "result").maxRetries(0)).build());

        assertThat(result.success()).isFalse();
        assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
        assertThat(result.error().message()).contains("boom");
        assertThat(result.path()).containsExactly("n1");
    }

    @Test
    void eachNodeTellsItsStartAndItsEnd() {
        runs.node("n1", map("result", 123)).node("n2", map("result", 5));

        runs.run(graph(node("n1", "result"), node("n2", "result").inputs("result"))
                .edge(EdgeSpec.onSuccess("n1", "n2"))
                .terminal("n2")
                .build());

        assertThat(runs.events.stream()
                        .filter(e -> e instanceof GraphEvent.NodeStarted || e instanceof GraphEvent.NodeEnded)
                        .map(e -> e instanceof GraphEvent.NodeStarted s
                                ? "start " + s.node()
                                : "end " + ((GraphEvent.NodeEnded) e).node()))
                .containsExactly("start n1", "end n1", "start n2", "end n2");
        assertThat(runs.events(GraphEvent.RunStarted.class)).hasSize(1);
        assertThat(runs.events(GraphEvent.RunEnded.class)).hasSize(1);
        assertThat(runs.events.get(runs.events.size() - 1)).isInstanceOf(GraphEvent.RunEnded.class);
    }

    @Test
    void maxRetriesIsTheNumberOfAttempts() {
        runs.node("many", boom(), boom(), boom(), boom(), boom(), map("result", 1))
                .node("never", boom())
                .node("default", boom())
                .node("once", boom(), map("result", 1));

        GraphResult many = runs.run(
                graph(node("many", "result").maxRetries(10)).terminal("many").build());
        GraphResult never = runs.run(
                graph(node("never", "result").maxRetries(2)).terminal("never").build());
        GraphResult byDefault =
                runs.run(graph(node("default", "result")).terminal("default").build());
        GraphResult once = runs.run(
                graph(node("once", "result").maxRetries(2)).terminal("once").build());

        assertThat(many.success()).isTrue();
        assertThat(runs.attempts("many")).isEqualTo(6);
        assertThat(never.error().message()).contains("failed after 2 attempts");
        assertThat(runs.attempts("never")).isEqualTo(2);
        assertThat(byDefault.error().message()).contains("failed after 3 attempts");
        assertThat(runs.attempts("default")).isEqualTo(3);
        assertThat(once.success()).isTrue();
        assertThat(runs.attempts("once")).isEqualTo(2);
    }

    @Test
    void failureEdgeTakesOverAndIsToldWhatFailed() {
        runs.node("failing", boom()).node("handler", map("handled", true, "recovery", "graceful"));

        GraphResult result = runs.run(graph(node("failing").maxRetries(1), node("handler"))
                .edge(EdgeSpec.onFailure("failing", "handler"))
                .terminal("handler")
                .build());

        assertThat(result.success()).isTrue();
        assertThat(result.path()).containsExactly("failing", "handler");
        assertThat(result.visits()).containsEntry("handler", 1);
        assertThat(runs.attempts("handler")).isEqualTo(1);
        assertThat(runs.seen.get("handler").get(0).inputs())
                .containsEntry("node", "failing")
                .containsEntry("error", "boom")
                .containsEntry("category", "server_error")
                .containsEntry("attempts", 1L);
    }

    @Test
    void failingNodeWithoutFailureEdgeEndsTheRun() {
        runs.node("failing", boom());

        GraphResult result = runs.run(graph(node("failing").maxRetries(1)).build());

        assertThat(result.error().message()).contains("failed after 1 attempts");
        assertThat(result.error().node()).isEqualTo("failing");
    }

    @Test
    void failureEdgeIsNotFollowedAfterASuccess() {
        runs.node("working", map("a", 1)).node("handler", map()).node("next", map());

        GraphResult result = runs.run(graph(node("working"), node("handler"), node("next"))
                .edge(EdgeSpec.onFailure("working", "handler"))
                .edge(EdgeSpec.onSuccess("working", "next"))
                .terminal("next")
                .build());

        assertThat(result.path()).containsExactly("working", "next");
        assertThat(runs.attempts("handler")).isZero();
    }

    @Test
    void noRetriesIsOneAttemptAndTheHandlerRuns() {
        runs.node("failing", boom()).node("handler", map());

        GraphResult result = runs.run(graph(node("failing").maxRetries(0), node("handler"))
                .edge(EdgeSpec.onFailure("failing", "handler"))
                .terminal("handler")
                .build());

        assertThat(runs.attempts("failing")).isEqualTo(1);
        assertThat(result.success()).isTrue();
    }

    @Test
    void visitsAreLimitedAndPassedOver() {
        Graph once = loop(1, 10);
        Graph twice = loop(2, 10);
        runs.node("a", map()).node("b", map());

        GraphResult first = runs.run(once);
        int ofFirst = runs.attempts("a");
        GraphResult second = runs.run(twice);

        assertThat(ofFirst).isEqualTo(1);
        assertThat(first.path().stream().filter("a"::equals)).hasSize(1);
        assertThat(first.visits().get("a")).isGreaterThanOrEqualTo(2);
        assertThat(first.path().stream().filter("b"::equals)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(second.path().stream().filter("a"::equals)).hasSize(2);
        assertThat(second.visits().get("a")).isGreaterThanOrEqualTo(3);
    }

    private static Graph loop(int visitsOfA, int maxSteps) {
        return graph(node("a").maxNodeVisits(visitsOfA), node("b").maxNodeVisits(0))
                .edge(EdgeSpec.onSuccess("a", "b"))
                .edge(EdgeSpec.onSuccess("b", "a"))
                .maxSteps(maxSteps)
                .build();
    }

    @Test
    void loopWithoutLimitEndsWithItsStepsAndSaysSo() {
        runs.node("a", map()).node("b", map());

        GraphResult result = runs.run(loop(0, 6));

        assertThat(result.path()).containsExactly("a", "b", "a", "b", "a", "b");
        assertThat(result.steps()).isEqualTo(6);
        assertThat(result.stopReason()).isEqualTo(StopReason.MAX_STEPS);
        assertThat(result.success()).isFalse();
        assertThat(result.error().message()).contains("max_steps of 6");
    }

    private static Graph review() {
        return graph(
                        node("director", "plan").maxNodeVisits(2),
                        node("writer", "draft", "needs_revision").maxNodeVisits(2),
                        node("output", "published"))
                .edge(EdgeSpec.onSuccess("director", "writer"))
                .edge(EdgeSpec.when("writer", "output", "output.get('needs_revision') != True"))
                .edge(EdgeSpec.when("writer", "director", "output.get('needs_revision') == True")
                        .withPriority(-1))
                .terminal("output")
                .maxSteps(10)
                .build();
    }

    @Test
    void feedbackGoesRoundUntilTheConditionSaysOtherwise() {
        runs.node("director", map("plan", "p"))
                .node(
                        "writer",
                        map("draft", "draft_v1", "needs_revision", true),
                        map("draft", "draft_v2", "needs_revision", false))
                .node("output", map("published", "yes"));

        GraphResult result = runs.run(review());

        assertThat(result.path()).containsExactly("director", "writer", "director", "writer", "output");
        assertThat(result.output()).containsEntry("draft", "draft_v2");
    }

    @Test
    void feedbackThatIsNotNeededIsNotFollowed() {
        runs.node("director", map("plan", "p"))
                .node("writer", map("draft", "d", "needs_revision", false))
                .node("output", map("published", "yes"));

        assertThat(runs.run(review()).path()).containsExactly("director", "writer", "output");
    }

    @Test
    void eachVisitIsCounted() {
        runs.node("a", map()).node("b", map());

        GraphResult result = runs.run(graph(node("a"), node("b"))
                .edge(EdgeSpec.onSuccess("a", "b"))
                .terminal("b")
                .build());

        assertThat(result.visits())
                .containsExactlyEntriesOf(java.util.Map.of("a", 1, "b", 1).entrySet().stream()
                        .sorted(java.util.Map.Entry.comparingByKey())
                        .collect(
                                java.util.LinkedHashMap::new,
                                (m, e) -> m.put(e.getKey(), e.getValue()),
                                java.util.Map::putAll));
    }

    @Test
    void ofTwoConditionsThatHoldTheHigherPriorityIsFollowedAlone() {
        runs.node("writer", map("draft", "d", "needs_revision", true))
                .node("output", map())
                .node("director", map());

        GraphResult result = runs.run(graph(node("writer", "draft", "needs_revision"), node("output"), node("director"))
                .edge(EdgeSpec.when("writer", "director", "output.get('needs_revision') == True")
                        .withPriority(-1))
                .edge(EdgeSpec.when("writer", "output", "output.get('draft') is not None")
                        .withPriority(1))
                .terminal("output")
                .build());

        assertThat(result.path()).containsExactly("writer", "output");
        assertThat(runs.attempts("director")).isZero();
    }

    @Test
    void runWithoutAFailedAttemptIsClean() {
        runs.node("ok", map("r", 1));

        GraphResult result = runs.run(graph(node("ok", "r")).build());

        assertThat(result.quality()).isEqualTo(Quality.CLEAN);
        assertThat(result.failedAttempts()).isZero();
        assertThat(result.nodesWithFailures()).isEmpty();
    }

    @Test
    void retriesDegradeARunAndAreCountedPerNode() {
        runs.node("flaky1", boom(), map("a", 1))
                .node("flaky2", boom(), boom(), map("b", 1))
                .node("ok", map("c", 1));

        GraphResult result = runs.run(graph(node("flaky1", "a"), node("flaky2", "b"), node("ok", "c"))
                .edge(EdgeSpec.onSuccess("flaky1", "flaky2"))
                .edge(EdgeSpec.onSuccess("flaky2", "ok"))
                .terminal("ok")
                .build());

        assertThat(result.success()).isTrue();
        assertThat(result.quality()).isEqualTo(Quality.DEGRADED);
        assertThat(result.failedAttempts()).isEqualTo(3);
        assertThat(result.failedAttempts("flaky1")).isEqualTo(1);
        assertThat(result.failedAttempts("flaky2")).isEqualTo(2);
        assertThat(result.nodesWithFailures()).containsExactly("flaky1", "flaky2");
        assertThat(result.path()).containsExactly("flaky1", "flaky2", "ok");
    }

    @Test
    void runThatFailsHasFailedQuality() {
        runs.node("fails", boom());

        GraphResult result = runs.run(graph(node("fails", "r").maxRetries(2)).build());

        assertThat(result.quality()).isEqualTo(Quality.FAILED);
        assertThat(result.failedAttempts()).isEqualTo(2);
        assertThat(result.attempts())
                .extracting(NodeAttempt::outcome)
                .containsExactly(Outcome.FAILURE, Outcome.FAILURE);
        assertThat(result.error().message()).contains("failed after 2 attempts");
    }

    // Branches: HIVE-GRAPH-39 to 49.

    private static Graph fan(boolean merged, int retries) {
        GraphBuilder graph = graph(
                        node("source", "data"),
                        node("b1").maxRetries(retries),
                        node("b2").maxRetries(retries))
                .edge(EdgeSpec.onSuccess("source", "b1"))
                .edge(EdgeSpec.onSuccess("source", "b2"));
        if (!merged) {
            return graph.terminal("b1", "b2").build();
        }
        return graph.node(node("merge", "merged"))
                .edge(EdgeSpec.onSuccess("b1", "merge"))
                .edge(EdgeSpec.onSuccess("b2", "merge"))
                .terminal("merge")
                .build();
    }

    @Test
    void bothBranchesRun() {
        runs.node("source", map("data", 1)).node("b1", map("x", 1)).node("b2", map("y", 2));

        GraphResult result = runs.run(fan(false, 3));

        assertThat(result.success()).isTrue();
        assertThat(result.stopReason()).isEqualTo(StopReason.TERMINAL);
        assertThat(result.path()).containsExactly("source", "b1", "b2");
        assertThat(result.output()).containsEntry("x", 1L).containsEntry("y", 2L);
    }

    @Test
    void mergeRunsOnceAfterBothBranches() {
        runs.node("source", map("data", 1))
                .node("b1", map("x", 1))
                .node("b2", map("y", 2))
                .node("merge", map("merged", 3));

        GraphResult result = runs.run(fan(true, 3));

        assertThat(result.path()).containsExactly("source", "b1", "b2", "merge");
        assertThat(runs.attempts("merge")).isEqualTo(1);
        assertThat(result.steps()).isEqualTo(4);
    }

    @Test
    void failingBranchFailsTheRunUnderFailAll() {
        runs.node("source", map("data", 1)).node("b1", map("x", 1)).node("b2", boom());

        GraphResult result = runs.run(fan(false, 1));

        assertThat(result.success()).isFalse();
        assertThat(result.error().message().toLowerCase(java.util.Locale.ROOT)).contains("failed", "b2");
    }

    @Test
    void othersGoOnUnderContinueOthersAndWaitAll() {
        for (FanOut.OnFailure policy : List.of(FanOut.OnFailure.CONTINUE_OTHERS, FanOut.OnFailure.WAIT_ALL)) {
            VirtualRuns each = new VirtualRuns().fanOut(fanOut -> fanOut.withOnFailure(policy));
            each.node("source", map("data", 1)).node("b1", map("x", 1)).node("b2", boom());

            GraphResult result = each.run(fan(false, 1));

            assertThat(result.success()).as(policy.name()).isTrue();
            assertThat(result.quality()).isEqualTo(Quality.DEGRADED);
            assertThat(each.attempts("b1")).isEqualTo(1);
            assertThat(each.attempts("b2")).isEqualTo(1);
        }
    }

    @Test
    void branchesRetryOnTheirOwn() {
        runs.node("source", map("data", 1))
                .node("b1", boom(), boom(), boom(), map("x", 1))
                .node("b2", map("y", 1));

        GraphResult result = runs.run(fan(false, 5));

        assertThat(result.success()).isTrue();
        assertThat(runs.attempts("b1")).isEqualTo(4);
        assertThat(result.quality()).isEqualTo(Quality.DEGRADED);
    }

    @Test
    void oneEdgeIsNoFanOut() {
        runs.node("n1", map()).node("n2", map());

        GraphResult result = runs.run(graph(node("n1"), node("n2"))
                .edge(EdgeSpec.onSuccess("n1", "n2"))
                .terminal("n2")
                .build());

        assertThat(result.path()).containsExactly("n1", "n2");
        assertThat(result.branches()).isEmpty();
    }

    @Test
    void withoutParallelExactlyOneBranchRuns() {
        runs.fanOut(fanOut -> fanOut.withParallel(false));
        runs.node("source", map("data", 1)).node("b1", map("x", 1)).node("b2", map("y", 2));

        GraphResult result = runs.run(fan(false, 3));

        assertThat(result.success()).isTrue();
        assertThat(runs.attempts("b1") + runs.attempts("b2")).isEqualTo(1);
    }
}

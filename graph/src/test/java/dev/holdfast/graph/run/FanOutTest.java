// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static dev.holdfast.graph.run.VirtualRuns.boom;
import static dev.holdfast.graph.run.VirtualRuns.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.event.GraphEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Branches: where they meet, what they bring along, what becomes of them when one fails. */
class FanOutTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final VirtualRuns runs = new VirtualRuns();

    private VirtualRuns all(Graph graph) {
        graph.nodes().forEach(node -> runs.node(node.id(), map(node.id(), 1)));
        return runs;
    }

    private String join(Graph graph) {
        all(graph).run(graph);
        return runs.events(GraphEvent.BranchesStarted.class).get(0).join();
    }

    @Test
    void branchesMeetAtTheirNearestCommonPostDominator() {
        assertThat(join(Shapes.ALL.get("diamond"))).isEqualTo("m");
    }

    @Test
    void longerBranchIsRunToItsEndBeforeTheJoin() {
        Graph graph = Shapes.ALL.get("unequal");

        GraphResult result = all(graph).run(graph);

        assertThat(result.path()).containsExactly("s", "a", "b", "b2", "b3", "m", "t");
        assertThat(result.output()).containsKeys("a", "b", "b2", "b3", "m", "t");
    }

    @Test
    void branchThatIsTheJoinItselfWaitsThere() {
        Graph graph = Shapes.ALL.get("straight to the join");

        GraphResult result = all(graph).run(graph);

        assertThat(result.path()).containsExactly("s", "a", "b", "m", "t");
    }

    @Test
    void nestedBranchesMeetInsideOut() {
        Graph graph = Shapes.ALL.get("nested");

        GraphResult result = all(graph).run(graph);

        assertThat(result.path()).containsExactly("s", "a", "a1", "a2", "a3", "am", "b", "m", "t");
        assertThat(runs.events(GraphEvent.BranchesStarted.class))
                .extracting(GraphEvent.BranchesStarted::join)
                .containsExactly("m", "am");
    }

    @Test
    void branchesThatNeverMeetEachRunToTheirEnd() {
        Graph graph = Shapes.ALL.get("diverging");

        GraphResult result = all(graph).run(graph);

        assertThat(result.stopReason()).isEqualTo(StopReason.NO_EDGE);
        assertThat(result.path()).containsExactly("s", "a", "a2", "b", "b2", "b3");
    }

    @Test
    void branchThatEndsElsewhereDoesNotHoldUpTheOthers() {
        Graph graph = Shapes.ALL.get("diverging inside");

        GraphResult result = all(graph).run(graph);

        assertThat(result.path()).containsExactly("s", "a", "a1", "a2", "b", "m", "t");
    }

    @Test
    void loopInsideABranchGoesRound() {
        Graph graph = Shapes.ALL.get("loop inside");
        graph.nodes()
                .forEach(node -> runs.work(
                        node.id(),
                        context -> java.util.concurrent.CompletableFuture.completedFuture(
                                dev.holdfast.graph.node.NodeResult.of(node.id(), context.visit()))));

        GraphResult result = runs.run(graph);

        assertThat(result.path()).containsExactly("s", "x", "y", "x", "y", "x", "y", "b", "m", "t");
    }

    @Test
    void declaredJoinIsObeyed() {
        Graph graph = Shapes.builder("s0>s")
                .node(NodeSpec.builder("a", "made"))
                .node(NodeSpec.builder("b", "made"))
                .node(NodeSpec.builder("m", "made"))
                .node(NodeSpec.builder("late", "made"))
                .node(NodeSpec.builder("fan", "made").join("late"))
                .edge(EdgeSpec.onSuccess("s", "fan"))
                .edge(EdgeSpec.onSuccess("fan", "a"))
                .edge(EdgeSpec.onSuccess("fan", "b"))
                .edge(EdgeSpec.onSuccess("a", "m"))
                .edge(EdgeSpec.onSuccess("b", "m"))
                .edge(EdgeSpec.onSuccess("m", "late"))
                .build();

        assertThat(join(graph)).isEqualTo("late");
    }

    @Test
    void wayOutOfABranchForFailuresDoesNotHideTheJoin() {
        Graph graph = Shapes.builder("s>a>m", "s>b>m")
                .node(NodeSpec.builder("handler", "made"))
                .edge(EdgeSpec.onFailure("a", "handler"))
                .terminal("handler")
                .build();
        all(graph);
        runs.node("a", boom());

        GraphResult result = runs.run(graph);

        assertThat(result.path()).containsExactly("s", "a", "handler", "b", "m");
        assertThat(result.quality()).isEqualTo(Quality.DEGRADED);
    }

    @Test
    void branchesRunAtTheSameTime() {
        Graph graph = Shapes.ALL.get("diamond");
        all(graph);
        runs.node("a", SECOND.multipliedBy(3), map("a", 1)).node("b", SECOND.multipliedBy(2), map("b", 1));

        GraphResult result = runs.run(graph);

        assertThat(result.elapsed()).isEqualTo(SECOND.multipliedBy(3));
        assertThat(result.branches()).extracting(BranchReport::branch).containsExactly("s#1>a", "s#1>b");
        assertThat(result.branches())
                .extracting(BranchReport::elapsed)
                .containsExactly(SECOND.multipliedBy(3), SECOND.multipliedBy(2));
    }

    @Test
    void failAllCancelsTheSiblingsAtOnce() {
        Graph graph = Shapes.ALL.get("diamond");
        all(graph);
        runs.node("a", SECOND, boom(), boom(), boom()).node("b", Duration.ofHours(1), map("b", 1));

        GraphResult result = runs.run(graph);

        assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
        assertThat(result.elapsed()).isLessThan(Duration.ofSeconds(10));
        assertThat(result.error().node()).isEqualTo("a");
        assertThat(result.error().category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(result.branches())
                .extracting(BranchReport::outcome)
                .containsExactly(Outcome.FAILURE, Outcome.CANCELLED);
        assertThat(result.attempts().get(result.attempts().size() - 1).outcome())
                .isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void whenAllBranchesFailTheRunFails() {
        for (FanOut.OnFailure policy : FanOut.OnFailure.values()) {
            VirtualRuns each = new VirtualRuns().fanOut(fanOut -> fanOut.withOnFailure(policy));
            each.node("s", map()).node("a", boom()).node("b", boom()).node("m", map());

            GraphResult result = each.run(Shapes.ALL.get("diamond"));

            assertThat(result.stopReason()).as(policy.name()).isEqualTo(StopReason.FAILED);
            assertThat(result.quality()).isEqualTo(Quality.FAILED);
            assertThat(each.attempts("m")).isZero();
        }
    }

    @Test
    void minimumOfSuccessesThatIsOutOfReachStopsTheRest() {
        runs.fanOut(
                fanOut -> fanOut.withOnFailure(FanOut.OnFailure.CONTINUE_OTHERS).withMinimumSuccesses(2));
        Graph graph = Shapes.ALL.get("three");
        all(graph);
        runs.node("a", SECOND, VirtualRuns.fault(Category.AUTH))
                .node("b", SECOND, VirtualRuns.fault(Category.AUTH))
                .node("c", Duration.ofHours(1), map("c", 1));

        GraphResult result = runs.run(graph);

        assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
        assertThat(result.elapsed()).isEqualTo(SECOND);
    }

    @Test
    void failedBranchAddsNothingToTheMemory() {
        runs.fanOut(fanOut -> fanOut.withOnFailure(FanOut.OnFailure.CONTINUE_OTHERS));
        Graph graph = Shapes.ALL.get("unequal");
        all(graph);
        runs.node("b2", VirtualRuns.fault(Category.AUTH));

        GraphResult result = runs.run(graph);

        assertThat(result.output()).containsKeys("a", "m").doesNotContainKeys("b", "b2", "b3");
        assertThat(result.path()).containsExactly("s", "a", "b", "b2", "m", "t");
    }

    @Test
    void conflictsGoByTheOrderOfEdgesWhateverIsFaster() {
        Map<FanOut.OnConflict, Object> expected =
                Map.of(FanOut.OnConflict.LAST_WINS, "b", FanOut.OnConflict.FIRST_WINS, "a");
        expected.forEach((policy, winner) -> {
            VirtualRuns each = new VirtualRuns().fanOut(fanOut -> fanOut.withOnConflict(policy));
            each.node("s", map())
                    .node("a", SECOND.multipliedBy(2), map("k", "a"))
                    .node("b", SECOND, map("k", "b"))
                    .node("m", map());

            assertThat(each.run(Shapes.ALL.get("diamond")).output()).containsEntry("k", winner);
        });
    }

    @Test
    void conflictThatIsAnErrorFailsTheRunAndNamesTheKey() {
        runs.fanOut(fanOut -> fanOut.withOnConflict(FanOut.OnConflict.ERROR));
        runs.node("s", map()).node("a", map("k", "a")).node("b", map("k", "b")).node("m", map());

        GraphResult result = runs.run(Shapes.ALL.get("diamond"));

        assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
        assertThat(result.error().message()).contains("'k'");
    }

    @Test
    void equalValuesAreNoConflict() {
        runs.fanOut(fanOut -> fanOut.withOnConflict(FanOut.OnConflict.ERROR));
        runs.node("s", map()).node("a", map("k", 7)).node("b", map("k", 7L)).node("m", map());

        assertThat(runs.run(Shapes.ALL.get("diamond")).output()).containsEntry("k", 7L);
    }

    @Test
    void branchThatTakesTooLongIsEnded() {
        runs.fanOut(fanOut -> fanOut.withTimeout(Duration.ofMillis(50)));
        runs.node("s", map())
                .node("a", map())
                .node("b", Duration.ofMillis(300), map())
                .node("m", map());

        GraphResult result = runs.run(Shapes.ALL.get("diamond"));

        assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
        assertThat(result.error().category()).isEqualTo(Category.TIMEOUT);
        assertThat(result.elapsed()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void branchSeesItsOwnWritesAndNotThoseBesideIt() {
        Graph graph = Shapes.ALL.get("unequal");
        all(graph);

        runs.run(graph);

        assertThat(runs.seen.get("b3").get(0).memory())
                .containsKeys("s", "b", "b2")
                .doesNotContainKey("a");
        assertThat(runs.seen.get("m").get(0).memory()).containsKeys("a", "b3");
    }

    @Test
    void mappingOfABranchEdgeIsItsOwn() {
        Graph graph = Shapes.builder("a>m", "b>m")
                .node(NodeSpec.builder("s", "made"))
                .entry("s")
                .edge(EdgeSpec.onSuccess("s", "a").withInputMapping(Map.of("x", "left")))
                .edge(EdgeSpec.onSuccess("s", "b").withInputMapping(Map.of("x", "right")))
                .build();
        all(graph);
        runs.node("s", map("left", 1, "right", 2));

        runs.run(graph);

        assertThat(List.of("a", "b"))
                .extracting(id -> runs.seen.get(id).get(0).memory().get("x"))
                .containsExactly(1L, 2L);
    }
}

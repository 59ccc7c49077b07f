// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.node.Node;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeFailedException;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** An executor in virtual time that remembers its events, and nodes that do as they are told. */
final class VirtualRuns {
    final VirtualTime time;
    final List<GraphEvent> events = new ArrayList<>();
    /** Each attempt that was made: its node, and when. */
    final List<String> made = new ArrayList<>();

    final List<Duration> madeAt = new ArrayList<>();
    final Map<String, List<NodeContext>> seen = new HashMap<>();
    final GraphExecutorBuilder builder;
    RunOptions options = RunOptions.defaults();
    private GraphExecutor executor;

    VirtualRuns() {
        this(1);
    }

    VirtualRuns(long seed) {
        time = new VirtualTime(seed);
        builder = GraphExecutor.builder()
                .time(time, time)
                .executor(time)
                .random(time)
                .listener(events::add);
    }

    /** The node's attempts have these outcomes in turn, the last one repeats: an exception fails, a map is the output. */
    VirtualRuns node(String id, Object... outcomes) {
        return node(id, Duration.ZERO, outcomes);
    }

    VirtualRuns node(String id, Duration takes, Object... outcomes) {
        int[] count = new int[1];
        return work(id, context -> {
            Object outcome = outcomes[Math.min(count[0]++, outcomes.length - 1)];
            if (takes.isZero()) {
                return outcome(outcome);
            }
            CompletableFuture<NodeResult> later = new CompletableFuture<>();
            time.at(Nanos.add(time.nanos(), takes.toNanos()), () -> outcome(outcome)
                    .whenComplete((result, error) -> {
                        if (error != null) {
                            later.completeExceptionally(error);
                        } else {
                            later.complete(result);
                        }
                    }));
            return later;
        });
    }

    VirtualRuns work(String id, Node work) {
        builder.node(id, context -> {
            made.add(id);
            madeAt.add(Duration.ofNanos(time.nanos()));
            seen.computeIfAbsent(id, ignored -> new ArrayList<>()).add(context);
            return work.run(context);
        });
        return this;
    }

    @SuppressWarnings("unchecked")
    private static CompletableFuture<NodeResult> outcome(Object outcome) {
        if (outcome instanceof Throwable error) {
            return CompletableFuture.failedFuture(error);
        }
        return CompletableFuture.completedFuture(
                outcome instanceof NodeResult result ? result : NodeResult.of((Map<String, Object>) outcome));
    }

    VirtualRuns options(UnaryOperator<RunOptions> change) {
        options = change.apply(options);
        return this;
    }

    VirtualRuns fanOut(UnaryOperator<FanOut> change) {
        return options(given -> given.withFanOut(change.apply(given.fanOut())));
    }

    GraphExecutor executor() {
        if (executor == null) {
            executor = builder.build();
        }
        return executor;
    }

    GraphResult run(Graph graph, Object... input) {
        return finished(start(graph, input));
    }

    CompletableFuture<GraphResult> start(Graph graph, Object... input) {
        return executor().run(graph, map(input), options);
    }

    GraphResult resume(Graph graph, String run, Object... given) {
        return finished(executor().resume(graph, run, map(given), options));
    }

    /** Lets time pass until nothing is left to do; then nothing of the run may be left either. */
    GraphResult finished(CompletableFuture<GraphResult> result) {
        time.runUntilIdle(Duration.ofDays(1));
        assertThat(result).isCompleted();
        assertThat(time.pending()).isZero();
        return result.join();
    }

    <E extends GraphEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    int attempts(String id) {
        return (int) made.stream().filter(id::equals).count();
    }

    static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    static NodeFailedException boom() {
        return new NodeFailedException(Category.SERVER_ERROR, "boom");
    }

    static NodeFailedException fault(Category category) {
        return new NodeFailedException(category, "made up " + category);
    }
}

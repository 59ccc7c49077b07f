// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.checkpoint.CheckpointStore;
import dev.holdfast.graph.checkpoint.DirectoryCheckpointStore;
import dev.holdfast.graph.checkpoint.JdbcCheckpointStore;
import dev.holdfast.graph.node.Node;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The program that is killed: runs of a graph of 30 steps with branches, each step a few milliseconds long and written into
 * a ledger when it has done its work. Arguments: the stores, then {@code --}, then the names of runs.
 */
final class KilledRun {
    private static final long STEP_NANOS = 3_000_000;

    private KilledRun() {}

    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        int split = arguments.indexOf("--");
        Path ledger = Path.of(arguments.get(0));
        List<CheckpointStore> stores =
                arguments.subList(1, split).stream().map(KilledRun::store).toList();
        // Drivers, connections and classes are there before the parent begins to count.
        Graph graph = graph();
        for (CheckpointStore store : stores) {
            executor(ledger.resolveSibling("warm"), store)
                    .run(graph, Map.of("seed", 1), RunOptions.defaults().withRunId("warm-" + ledger.getFileName()))
                    .join();
        }
        System.out.println("running");
        System.out.flush();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < stores.size(); i++) {
            GraphExecutor executor = executor(ledger(ledger, i), stores.get(i));
            for (String run : arguments.subList(split + 1, arguments.size())) {
                all.add(executor.run(
                        graph, Map.of("seed", 1), RunOptions.defaults().withRunId(run)));
            }
        }
        all.forEach(CompletableFuture::join);
        System.out.println("done");
        System.in.read(); // killed in any case
    }

    static CheckpointStore store(String where) {
        return where.startsWith("jdbc:")
                ? new JdbcCheckpointStore(where)
                : new DirectoryCheckpointStore(Path.of(where));
    }

    /** Each store has a ledger of its own, because the runs in them have the same names. */
    static Path ledger(Path ledger, int store) {
        return ledger.resolveSibling(ledger.getFileName() + "." + store);
    }

    /** Fifteen in a row, three branches of five, five and two with a nested pair in one, two more: 30 steps. */
    static Graph graph() {
        return Shapes.of(
                "n1>n2>n3>n4>n5>n6>n7>n8>n9>n10>n11>n12>n13>n14>n15",
                "n15>a1>a2>a3>a4>a5>m1",
                "n15>b1>b2>p1>b3>b4>m1",
                "b2>q1>b3",
                "n15>c1>c2>m1>m2");
    }

    static GraphExecutor executor(Path ledger, CheckpointStore store) {
        GraphExecutorBuilder builder = GraphExecutor.builder().store(store);
        for (NodeSpec node : graph().nodes()) {
            builder.node(node.id(), working(ledger));
        }
        return builder.build();
    }

    /** What a step gives depends on what it was given, so a step that was lost or doubled changes the result. */
    private static Node working(Path ledger) {
        return context -> {
            CompletableFuture<NodeResult> later = new CompletableFuture<>();
            long atNanos = Nanos.add(Ticker.system().nanos(), STEP_NANOS);
            HoldfastRuntime.timer().at(atNanos, () -> HoldfastRuntime.executor().execute(() -> {
                write(ledger, context.stepId());
                later.complete(NodeResult.of(output(context)));
            }));
            return later;
        };
    }

    private static Map<String, Object> output(NodeContext context) {
        Map<String, Object> output = new LinkedHashMap<>();
        long sum = context.memory().values().stream()
                .filter(Long.class::isInstance)
                .mapToLong(value -> (Long) value)
                .sum();
        output.put(context.node().id(), (sum * 31 + context.node().id().hashCode()) % 1_000_003);
        output.put("last", context.node().id());
        return output;
    }

    private static void write(Path ledger, String stepId) {
        try {
            Files.writeString(ledger, stepId + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Definitions for tests: real ones, read from outside the code base, and small ones. */
public final class Definitions {
    private Definitions() {}

    /** The real ones, in {@code $HOLDFAST_CORPUS/graphs}, by default beside the repository; skips where there are none. */
    public static List<Path> real() throws IOException {
        Path folder = Optional.ofNullable(System.getenv("HOLDFAST_CORPUS"))
                .map(Path::of)
                .orElseGet(() -> Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT"))
                                .orElse(".."))
                        .resolve("../shared"))
                .resolve("graphs");
        assumeTrue(
                Files.isDirectory(folder),
                "no definitions at " + folder + "; set HOLDFAST_CORPUS to the folder that holds graphs/");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    public static GraphCheck check(String json) {
        return GraphValidator.check(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A line of event loops from one id to the next, the last one terminal. */
    public static GraphBuilder line(String... ids) {
        GraphBuilder graph = Graph.builder("line");
        for (int i = 0; i < ids.length; i++) {
            graph.node(NodeSpec.builder(ids[i], NodeSpec.EVENT_LOOP));
            if (i > 0) {
                graph.edge(EdgeSpec.onSuccess(ids[i - 1], ids[i]));
            }
        }
        return graph.terminal(ids[ids.length - 1]);
    }
}

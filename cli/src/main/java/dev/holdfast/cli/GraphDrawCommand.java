// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphCheck;
import dev.holdfast.graph.GraphValidator;
import dev.holdfast.graph.diagram.GraphDiagram;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast graph draw}: a picture of a definition. */
@Command(
        name = "draw",
        description = "Draws an agent graph; the picture goes to stdout.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class GraphDrawCommand implements Callable<Integer> {
    enum Format {
        MERMAID,
        SVG,
        HTML;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1", paramLabel = "FILE", description = "An agent file or a graph, in JSON.")
    private String file = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Format format = Format.MERMAID;

    @Override
    public Integer call() {
        GraphCheck check = GraphValidator.check(read());
        check.errors().forEach(error -> err().println("holdfast: " + file + ": " + error));
        Graph graph = check.graph();
        if (graph == null || graph.nodes().isEmpty()) {
            err().println("holdfast: " + file + " holds no graph that could be drawn");
            return Main.FAILED;
        }
        GraphDiagram diagram = GraphDiagram.of(graph);
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (format) {
                    case MERMAID -> diagram.mermaid();
                    case SVG -> diagram.svg();
                    case HTML -> diagram.html();
                });
        out.flush();
        return 0;
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new UsageException("cannot read " + file + ": give a JSON file of an agent graph");
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}

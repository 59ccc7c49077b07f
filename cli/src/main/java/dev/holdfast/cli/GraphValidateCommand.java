// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.graph.Finding;
import dev.holdfast.graph.GraphCheck;
import dev.holdfast.graph.GraphValidator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast graph validate}: verdicts on definitions. */
@Command(
        name = "validate",
        description = "Says of agent graphs whether they load and are valid, and what else is wrong with them.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class GraphValidateCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    private final GraphFindingsText text = new GraphFindingsText(Colours.ofTerminal());

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Agent files or graphs, in JSON.")
    private List<String> files = List.of();

    @Option(names = "--json", description = "Print one JSON object per file, one per line.")
    private boolean json;

    @Option(names = "--strict", description = "Take warnings for errors.")
    private boolean strict;

    @Override
    public Integer call() {
        int valid = 0;
        int unreadable = 0;
        for (String file : files) {
            byte[] bytes = read(file);
            if (bytes == null) {
                unreadable++;
                continue;
            }
            GraphCheck found = GraphValidator.check(bytes);
            GraphCheck check = strict ? found.strict() : found;
            valid += check.valid() ? 1 : 0;
            out().print(json ? json(file, check) + "\n" : text.of(file, check));
            out().flush();
        }
        if (!json && files.size() > 1) {
            out().println(text.summary(files.size(), valid, unreadable));
        }
        return unreadable > 0 ? Main.USAGE : valid == files.size() ? 0 : Main.FAILED;
    }

    private byte @Nullable [] read(String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            spec.commandLine()
                    .getErr()
                    .println("holdfast: cannot read " + file + ": give a JSON file of an agent graph");
            return null;
        }
    }

    private static String json(String file, GraphCheck check) {
        ObjectNode object = JSON.createObjectNode();
        object.put("file", file);
        object.put("loads", check.loads());
        object.put("valid", check.valid());
        object.set("errors", json(check.errors()));
        object.set("warnings", json(check.warnings()));
        return object.toString();
    }

    private static ArrayNode json(List<Finding> findings) {
        ArrayNode array = JSON.createArrayNode();
        for (Finding finding : findings) {
            array.addObject()
                    .put("code", finding.code())
                    .put("message", finding.message())
                    .put("path", finding.path());
        }
        return array;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.failure.Category;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphFormatException;
import dev.holdfast.graph.checkpoint.DirectoryCheckpointStore;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.graph.run.GraphExecutor;
import dev.holdfast.graph.run.GraphExecutorBuilder;
import dev.holdfast.graph.run.GraphResult;
import dev.holdfast.graph.run.RunOptions;
import dev.holdfast.graph.run.StopReason;
import dev.holdfast.graph.script.GraphScript;
import dev.holdfast.llm.Advice;
import dev.holdfast.llm.Llm;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import dev.holdfast.time.VirtualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast graph run}: runs an agent graph, from its start or from where a run was left. */
@Command(
        name = "run",
        description = "Runs an agent graph; the memory at its end goes to stdout, what happens on the way to stderr.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class GraphRunCommand implements Callable<Integer> {
    private static final Duration STRIDE = Duration.ofDays(1);

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ResilienceOptions resilience;

    @Parameters(paramLabel = "FILE", description = "The graph, or the agent file around it.")
    private Path file = Path.of("");

    @Option(names = "--input", paramLabel = "JSON", description = "An object; on --resume what is given to the run.")
    private @Nullable String input;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description = "Answers in place of models and functions; waits then pass in virtual time.")
    private @Nullable Path scriptFile;

    @Option(names = "--real-time", description = "With --script: waits pass as they do outside.")
    private boolean realTime;

    @Option(names = "--checkpoints", paramLabel = "DIR", description = "Where the run is kept after every step.")
    private @Nullable Path checkpoints;

    @Option(names = "--resume", paramLabel = "RUN", description = "Goes on with this run out of --checkpoints.")
    private @Nullable String resume;

    @Option(
            names = "--model",
            paramLabel = "provider/model",
            description = "What nodes ask; several are tried in this order.")
    private List<String> models = List.of();

    @Option(names = "--json", description = "One JSON object on stdout that tells all, also on failure.")
    private boolean json;

    GraphRunCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        if (resume != null && checkpoints == null) {
            throw new UsageException("--resume needs --checkpoints DIR: that is where the run was kept");
        }
        Graph graph;
        try {
            graph = Graph.read(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no file " + file);
        } catch (GraphFormatException e) {
            return tell(GraphRunJson.refused(String.valueOf(e.getMessage())));
        }
        Map<String, Object> given = GraphRunJson.object(input);
        return scriptFile != null ? onScript(graph, given, scriptFile) : onModels(graph, given);
    }

    private int onScript(Graph graph, Map<String, Object> given, Path from) throws IOException {
        GraphScript script = script(from);
        List<String> unknown = script.unknown(graph);
        if (!unknown.isEmpty()) {
            throw new UsageException(from + ": the graph has no " + String.join(", no ", unknown));
        }
        if (realTime) {
            GraphExecutorBuilder builder = GraphExecutor.builder();
            script.applyTo(builder, graph, Ticker.system(), HoldfastRuntime.timer());
            return tell(run(graph, given, builder, HoldfastRuntime.executor()));
        }
        VirtualTime time = new VirtualTime(graph.id().hashCode());
        GraphExecutorBuilder builder =
                GraphExecutor.builder().time(time, time).executor(time).random(time);
        script.applyTo(builder, graph, time, (Timer) time);
        CompletableFuture<GraphResult> result = run(graph, given, builder, time);
        while (!result.isDone()) {
            if (time.pending() == 0) {
                throw new IllegalStateException("the run waits for something that the script does not answer");
            }
            time.runUntilIdle(STRIDE);
        }
        return tell(result);
    }

    private static GraphScript script(Path from) throws IOException {
        try {
            return GraphScript.parse(Files.readString(from));
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no script " + from);
        } catch (IllegalArgumentException e) {
            throw new UsageException(from + ": " + e.getMessage());
        }
    }

    private int onModels(Graph graph, Map<String, Object> given) throws IOException {
        GraphExecutorBuilder builder = GraphExecutor.builder();
        if (Terminal.present()) {
            builder.interaction(person());
        }
        if (!GraphRunJson.asksModels(graph)) {
            return tell(run(graph, given, builder, HoldfastRuntime.executor()));
        }
        try (Models chosen = Models.of(models, resilience.file(), surroundings.environment())) {
            Progress progress = new Progress(err(), Colours.ofTerminal());
            builder.llm(llm(chosen, progress, chosen.names()));
            builder.models(name -> chosen.knows(name) ? llm(chosen, progress, List.of(name)) : null);
            return tell(run(graph, given, builder, HoldfastRuntime.executor()));
        }
    }

    private Llm llm(Models chosen, Progress progress, List<String> names) {
        return chosen.llm(names)
                .resilience(resilience.over(chosen.policy(names)))
                .listener(progress)
                .build();
    }

    private CompletableFuture<GraphResult> run(
            Graph graph, Map<String, Object> given, GraphExecutorBuilder builder, Executor executor) {
        builder.listener(new GraphProgress(err(), Colours.ofTerminal()));
        if (checkpoints != null) {
            // In virtual time a write takes no time, and the only thread there is waits for it.
            builder.store(new DirectoryCheckpointStore(
                    checkpoints, executor instanceof VirtualTime ? Runnable::run : executor));
        }
        RunOptions options = RunOptions.defaults()
                // Not from virtual chance: that is the same every time, and each run is kept under its own name.
                .withRunId("run-" + Long.toHexString(ThreadLocalRandom.current().nextLong()))
                .withDeadline(resilience.deadline());
        GraphExecutor made = builder.build();
        CompletableFuture<GraphResult> result =
                resume == null ? made.run(graph, given, options) : resumed(made, graph, resume, given, options);
        // What happened on the way belongs before the outcome.
        return result.thenCompose(value -> made.eventsDelivered().thenApply(nothing -> value))
                .exceptionally(GraphRunCommand::refused);
    }

    private static CompletableFuture<GraphResult> resumed(
            GraphExecutor made, Graph graph, String run, Map<String, Object> given, RunOptions options) {
        try {
            return made.resume(graph, run, given, options);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static GraphResult refused(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof IllegalArgumentException) {
            throw new UsageException(String.valueOf(cause.getMessage()));
        }
        throw new CompletionException(cause);
    }

    private Interaction person() {
        return new TypedAnswers(surroundings.in(), err());
    }

    private int tell(CompletableFuture<GraphResult> result) {
        try {
            return tell(result.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private int tell(GraphResult result) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? GraphRunJson.of(result) : GraphRunJson.output(result));
        out.flush();
        if (result.stopReason() == StopReason.PAUSED) {
            err().println(
                            checkpoints == null
                                    ? "paused at " + result.pausedAt() + "; with --checkpoints DIR it could be resumed"
                                    : "paused at " + result.pausedAt() + "; go on with: holdfast graph run " + file
                                            + " --checkpoints " + checkpoints + " --resume " + result.run()
                                            + " --input JSON");
        }
        if (!result.success() && result.error() != null) {
            Category category = result.error().category();
            err().println("error " + category + ": " + result.error().message());
            err().println("what to do: " + advice(result, category));
        }
        err().flush();
        return result.success() ? 0 : Main.FAILED;
    }

    private String advice(GraphResult result, Category category) {
        if (result.stopReason() == StopReason.MAX_STEPS || category == Category.INVALID_REQUEST) {
            String advice = "holdfast graph validate " + file + " tells what is wrong with the definition";
            return result.path().isEmpty()
                    ? advice + "; functions and tools are answered by a --script, or registered from Java"
                    : advice;
        }
        return checkpoints == null
                ? Advice.of(category, null)
                : "go on where it stopped with --checkpoints " + checkpoints + " --resume " + result.run();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.checkpoint.CheckpointStore;
import dev.holdfast.graph.checkpoint.DirectoryCheckpointStore;
import dev.holdfast.graph.script.GraphScript;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import dev.holdfast.retry.Backoff;
import dev.holdfast.time.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/running-graphs.md and docs/graph-checkpoints.md; the pages must show exactly what runs here. */
@Timeout(120)
class GraphPagesTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SCRIPT = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path directory;

    private final StringBuilder printed = new StringBuilder();

    private void print(Object line) {
        synchronized (printed) {
            printed.append(line).append('\n');
        }
    }

    @Test
    void runningFromJava() {
        Llm llm = Llm.builder()
                .provider(MockProvider.of(MockAnswer.text("{\"draft\": \"The moon pulls.\"}")))
                .holdfast(Holdfast.builder().build())
                .build();

        Graph graph = Graph.builder("essay")
                .node(NodeSpec.function("fetch").inputs("topic").outputs("notes"))
                .node(NodeSpec.llm("write", "Write about {topic}.")
                        .inputs("topic", "notes")
                        .outputs("draft"))
                .edge(EdgeSpec.onSuccess("fetch", "write"))
                .terminal("write")
                .build();

        GraphExecutor executor = GraphExecutor.builder()
                .llm(llm) // guarded: retries, failover and deadlines are its business
                .function("fetch", context -> "notes on " + context.inputs().get("topic"))
                .build();

        GraphResult result = executor.run(graph, Map.of("topic", "tides")).join();
        print(result.stopReason() + ", " + result.quality() + ", " + result.path());
        print(result.output().get("draft"));

        assertThat(printed.toString()).isEqualTo("terminal, clean, [fetch, write]\nThe moon pulls.\n");
    }

    @Test
    void failureEdges() {
        Graph graph = Graph.builder("careful")
                .node(NodeSpec.function("fetch").outputs("page").maxRetries(2))
                .node(NodeSpec.function("apologise").outputs("page"))
                .edge(EdgeSpec.onFailure("fetch", "apologise"))
                .build();
        GraphExecutor executor = GraphExecutor.builder()
                .function("fetch", context -> {
                    throw new IllegalStateException("no network here");
                })
                .function(
                        "apologise",
                        context -> context.inputs().get("node") + " failed after "
                                + context.inputs().get("attempts") + " attempts")
                .backoff(Backoff.fixed(Duration.ofMillis(10)))
                .build();

        GraphResult result = executor.run(graph, Map.of()).join();
        print(result.output().get("page")); // fetch failed after 2 attempts
        print(result.quality()); // degraded

        assertThat(printed.toString()).isEqualTo("fetch failed after 2 attempts\ndegraded\n");
    }

    @Test
    void fanOut() {
        Graph graph = Shapes.ALL.get("three");
        GraphExecutor executor = GraphExecutor.builder()
                .nodeType(
                        "made",
                        context -> context.node().id().equals("a")
                                ? CompletableFuture.failedFuture(VirtualRuns.fault(dev.holdfast.failure.Category.AUTH))
                                : CompletableFuture.completedFuture(dev.holdfast.graph.node.NodeResult.of(
                                        context.node().id(), 1)))
                .build();

        RunOptions options = RunOptions.defaults()
                .withFanOut(FanOut.defaults()
                        .withOnFailure(FanOut.OnFailure.CONTINUE_OTHERS)
                        .withMinimumSuccesses(2)
                        .withOnConflict(FanOut.OnConflict.FIRST_WINS)
                        .withTimeout(Duration.ofMinutes(5))); // of each branch
        GraphResult result = executor.run(graph, Map.of(), options).join();
        print(result.branches());

        assertThat(result.success()).isTrue();
        assertThat(printed.toString()).contains("s#1>a", "failure", "s#1>b", "success");
    }

    @Test
    void listening() {
        GraphExecutor executor = GraphExecutor.builder()
                .function("fetch", context -> "a page")
                .listener(event -> print(event.getClass().getSimpleName()))
                .build();

        executor.run(
                        Graph.builder("g")
                                .node(NodeSpec.function("fetch").outputs("page"))
                                .build(),
                        Map.of())
                .join();
        executor.eventsDelivered().join();
        assertThat(printed.toString()).contains("RunStarted", "NodeEnded", "RunEnded");
    }

    @Test
    void pausingAndResuming() {
        CheckpointStore store = new DirectoryCheckpointStore(directory);
        GraphExecutor executor = GraphExecutor.builder()
                .function("draft", context -> "a draft")
                .function("publish", context -> "published: " + context.memory().get("approved"))
                .store(store)
                .build();
        Graph graph = Graph.builder("review")
                .node(NodeSpec.function("draft").outputs("draft"))
                .node(NodeSpec.function("publish").outputs("result"))
                .edge(EdgeSpec.onSuccess("draft", "publish"))
                .pauseAfter("draft")
                .terminal("publish")
                .build();

        GraphResult paused = executor.run(graph, Map.of(), RunOptions.defaults().withRunId("review-7"))
                .join();
        print(paused.stopReason() + " at " + paused.pausedAt()); // paused at [draft]

        // days later, in any process
        GraphResult done = executor.resume(graph, "review-7", Map.of("approved", true), RunOptions.defaults())
                .join();
        print(done.output().get("result")); // published: true

        assertThat(printed.toString()).isEqualTo("paused at [draft]\npublished: true\n");
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void scriptOfThePageRuns() throws IOException {
        Matcher script = SCRIPT.matcher(page("running-graphs.md"));
        assertThat(script.find()).isTrue();
        Graph graph = Graph.builder("essay")
                .node(NodeSpec.function("fetch").outputs("notes"))
                .node(NodeSpec.llm("write", "Write.").inputs("notes").outputs("draft"))
                .edge(EdgeSpec.onSuccess("fetch", "write"))
                .build();
        VirtualTime time = new VirtualTime(1);
        GraphExecutorBuilder builder =
                GraphExecutor.builder().time(time, time).executor(time).random(time);
        GraphScript.parse(script.group(1)).applyTo(builder, graph, time, time);

        CompletableFuture<GraphResult> result = builder.build().run(graph, Map.of());
        time.runUntilIdle(Duration.ofHours(1));

        assertThat(result.join().output()).containsEntry("draft", "The moon pulls.");
        assertThat(result.join().quality()).isEqualTo(Quality.DEGRADED);
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePagesRunsHere() throws IOException {
        String source = squeezed(
                Files.readString(root().resolve("graph/src/test/java/dev/holdfast/graph/run/GraphPagesTest.java")));
        int found = 0;
        for (String page : new String[] {"running-graphs.md", "graph-checkpoints.md"}) {
            Matcher snippet = SNIPPET.matcher(page(page));
            while (snippet.find()) {
                found++;
                assertThat(source).contains(squeezed(snippet.group(1)));
            }
        }

        assertThat(found).isEqualTo(5);
    }

    private static Path root() {
        return Path.of(System.getenv("HOLDFAST_ROOT"));
    }

    private static String page(String name) throws IOException {
        return Files.readString(root().resolve("docs").resolve(name));
    }

    /** Formatting may differ: a page is narrower than code. */
    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "").strip();
    }
}

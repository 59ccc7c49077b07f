// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.graph.condition.Condition;
import dev.holdfast.graph.condition.ConditionResult;
import dev.holdfast.graph.condition.Scope;
import dev.holdfast.graph.diagram.GraphDiagram;
import dev.holdfast.graph.run.GraphExecutor;
import dev.holdfast.graph.run.GraphResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/graphs.md and docs/graph-conditions.md. Real time: a run on threads, as a reader would start it. */
@Timeout(120)
class GraphsPageTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private final StringBuilder printed = new StringBuilder();

    @TempDir
    Path folder;

    private static Graph tickets() {
        Graph graph = Graph.builder("tickets")
                .goal(Goal.of("tickets", "Answer tickets", "Each ticket gets a reply, or a person."))
                .node(NodeSpec.function("sort").inputs("ticket").outputs("kind", "urgency"))
                .node(NodeSpec.function("reply").inputs("ticket", "kind").outputs("answer"))
                .node(NodeSpec.function("escalate").inputs("ticket").outputs("answer"))
                .edge(EdgeSpec.when("sort", "escalate", "urgency > 7 or kind == 'legal'")
                        .withPriority(1))
                .edge(EdgeSpec.when("sort", "reply", "urgency <= 7 and kind != 'legal'"))
                .edge(EdgeSpec.onFailure("reply", "escalate"))
                .terminal("reply", "escalate")
                .build();
        return graph;
    }

    @Test
    void writingAGraph() {
        Graph graph = tickets();

        assertThat(GraphValidator.check(graph).strict().valid()).isTrue();
    }

    @Test
    void validatingAGraph() {
        Graph graph =
                tickets().toBuilder().edge(EdgeSpec.always("reply", "archive")).build();

        GraphCheck check = GraphValidator.check(graph);
        for (Finding error : check.errors()) {
            print(error); // $.graph.edges[3].target: Edge 'reply_to_archive' references missing target 'archive' …
        }
        for (Finding warning : check.warnings()) {
            print(warning.code() + " " + warning.message());
        }

        assertThat(printed.toString()).contains("Edge 'reply_to_archive' references missing target 'archive'");
    }

    @Test
    void readingAndWriting() throws IOException {
        Path file = Files.writeString(folder.resolve("agent.json"), tickets().toJson());

        Graph graph = Graph.read(file);
        Graph patient = graph.toBuilder().maxSteps(500).build();
        Files.writeString(file, patient.toJson());

        assertThat(Graph.read(file).maxSteps()).isEqualTo(500);
    }

    @Test
    void drawingAGraphAndARun() throws IOException {
        Graph graph = tickets();
        GraphExecutor executor = GraphExecutor.builder()
                .function("sort", context -> Map.of("kind", "billing", "urgency", 9))
                .function("escalate", context -> "a person will call")
                .function("reply", context -> "thank you")
                .build();

        GraphResult result =
                executor.run(graph, Map.of("ticket", "I was billed twice")).join();
        Files.writeString(folder.resolve("tickets.svg"), GraphDiagram.of(graph).svg());
        Files.writeString(
                folder.resolve("run.html"), GraphDiagram.of(graph, result).html());

        assertThat(result.path()).containsExactly("sort", "escalate");
        assertThat(Files.readString(folder.resolve("run.html"))).contains("Run: terminal, 2 visits");
    }

    @Test
    void askingAConditionByHand() {
        Condition condition = Condition.of("review.score >= 0.7 and 'legal' not in review.tags");

        Map<String, Object> output = Map.of("review", Map.of("score", 0.9));
        ConditionResult result = condition.evaluate(Scope.of(output, Map.of()));
        print(result.holds()); // false
        print(result.problem().message()); // the object has no 'tags'

        assertThat(printed.toString()).isEqualTo("false\nthe object has no 'tags'\n");
    }

    private void print(Object line) {
        printed.append(line).append('\n');
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePagesRunsHere() throws IOException {
        Path root = Path.of(System.getenv("HOLDFAST_ROOT"));
        String source =
                squeezed(Files.readString(root.resolve("graph/src/test/java/dev/holdfast/graph/GraphsPageTest.java")));
        int found = 0;
        for (String page : new String[] {"docs/graphs.md", "docs/graph-conditions.md"}) {
            Matcher snippet = SNIPPET.matcher(Files.readString(root.resolve(page)));
            while (snippet.find()) {
                found++;
                assertThat(source).contains(squeezed(snippet.group(1)));
            }
        }
        assertThat(found).isEqualTo(5);
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", " ").replace("( ", "(").strip();
    }
}

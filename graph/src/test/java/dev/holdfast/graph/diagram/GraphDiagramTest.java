// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.graph.Definitions;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Goal;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphBuilder;
import dev.holdfast.graph.GraphValidator;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.diagram.RunTrace.Visit;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class GraphDiagramTest {
    private static final String EVIL = "\"><script>alert(1)</script>'&]]>\u0000\ud83d%%{init}%%`|[(#quot;";

    private static Graph routed() {
        return Graph.builder("g")
                .goal(Goal.of("goal", "Answer tickets", "All of them."))
                .node(NodeSpec.builder("triage", NodeSpec.ROUTER)
                        .name("Triage")
                        .routes(Map.of("billing", "bill", "gone", "nowhere")))
                .node(NodeSpec.llm("bill", "x").name("Billing").outputs("reply"))
                .node(NodeSpec.builder("check", NodeSpec.EVENT_LOOP)
                        .clientFacing(true)
                        .tools("search", "mail"))
                .node(NodeSpec.function("send"))
                .edge(EdgeSpec.onSuccess("bill", "check"))
                .edge(EdgeSpec.when("check", "send", "reply.score >= 0.7"))
                .edge(EdgeSpec.when("check", "bill", "reply.score < 0.7").withPriority(-1))
                .edge(EdgeSpec.onFailure("bill", "send"))
                .edge(EdgeSpec.llmDecides("check", "check", "ask again"))
                .terminal("send")
                .pauseAfter("check")
                .build();
    }

    private static Visit visit(String node, int attempts, int failed, boolean lost, long millis) {
        return new Visit(node, attempts, failed, lost, Duration.ofMillis(millis));
    }

    private static Element xml(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    @Test
    void mermaidShowsNodesEdgesRoutesAndEnds() {
        assertThat(GraphDiagram.of(routed()).mermaid()).isEqualTo("""
                flowchart TD
                  n0{{"Triage<br/><small>router</small>"}}
                  n1["Billing<br/><small>llm_generate</small>"]
                  n2["check<br/><small>event_loop · 2 tools · client · pauses</small>"]:::pause
                  n3(["send<br/><small>function</small>"])
                  start((" ")) --> n0
                  n1 --> n2
                  n2 -->|"reply.score #62;#61; 0.7"| n3
                  n2 -->|"reply.score #60; 0.7"| n1
                  n1 -.->|"on failure"| n3
                  n2 -.->|"model: ask again"| n2
                  n0 -.->|"billing"| n1
                  classDef failed stroke:#dc2626,stroke-width:3px
                  classDef visited stroke:#2563eb,stroke-width:3px
                  classDef pause stroke-dasharray:6 3
                """);
    }

    @Test
    void svgIsWellFormedAndShowsEachTextOnce() throws Exception {
        Element svg = xml(GraphDiagram.of(routed()).svg());

        NodeList texts = svg.getElementsByTagName("text");
        List<String> shown = IntStream.range(0, texts.getLength())
                .mapToObj(i -> texts.item(i).getTextContent())
                .toList();
        assertThat(shown).contains("Triage", "Billing", "reply.score >= 0.7", "on failure", "billing", "function");
        assertThat(shown).doesNotContain("gone");
        assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void aRunShowsItsWayTimesFailuresAndWhatWasLeftOut() throws Exception {
        RunTrace run = new RunTrace(
                "failed",
                List.of(
                        visit("triage", 1, 0, false, 20),
                        visit("bill", 3, 2, false, 4_200),
                        visit("check", 1, 0, false, 700),
                        visit("bill", 3, 3, true, 9_000)),
                Duration.ofSeconds(14));

        String html = GraphDiagram.of(routed(), run).html();
        String mermaid = GraphDiagram.of(routed(), run).mermaid();

        assertThat(html)
                .contains("Run: failed, 4 visits, 14.0 s", "2 visits · 13.2 s · 5 failed attempts", "3 (2 failed)");
        assertThat(html).contains("class=\"node failed\"", "class=\"route taken\"", "class=\"condition taken\"");
        assertThat(html).contains("class=\"node  idle\"", "class=\"failure idle\"");
        assertThat(mermaid).contains("n1[\"Billing", ":::failed", "linkStyle 1,3,6 ");
        xml(GraphDiagram.of(routed(), run).svg());
    }

    @Test
    void branchesOfARunAreFollowedToTheirJoin() {
        Graph graph = Definitions.line("s", "a", "b", "m")
                .edge(EdgeSpec.onSuccess("s", "x"))
                .node(NodeSpec.function("x"))
                .edge(EdgeSpec.onSuccess("x", "m"))
                .build();
        RunFacts facts = new RunFacts(
                graph,
                new RunTrace(
                        "terminal",
                        List.of(
                                visit("s", 1, 0, false, 1),
                                visit("a", 1, 0, false, 1),
                                visit("b", 1, 0, false, 1),
                                visit("x", 1, 0, false, 1),
                                visit("m", 1, 0, false, 1)),
                        Duration.ZERO));

        assertThat(facts.taken("s", "a") && facts.taken("a", "b") && facts.taken("b", "m"))
                .isTrue();
        assertThat(facts.taken("s", "x") && facts.taken("x", "m")).isTrue();
        assertThat(facts.taken("b", "x")).isFalse();
    }

    @Test
    void textOfADefinitionCannotBecomeMarkup() throws Exception {
        Graph graph = Graph.builder(EVIL)
                .goal(Goal.of(EVIL, EVIL, EVIL))
                .node(NodeSpec.builder(EVIL, EVIL).name(EVIL).description(EVIL).routes(Map.of(EVIL, "b")))
                .node(NodeSpec.llm("b", EVIL))
                .edge(EdgeSpec.when("b", EVIL, EVIL).withId(EVIL))
                .description(EVIL)
                .build();
        RunTrace run = new RunTrace(EVIL, List.of(visit(EVIL, 1, 0, false, 1)), Duration.ZERO);

        for (GraphDiagram diagram : List.of(GraphDiagram.of(graph), GraphDiagram.of(graph, run))) {
            Element svg = xml(diagram.svg());
            assertThat(svg.getElementsByTagName("script").getLength()).isZero();
            assertThat(diagram.svg() + diagram.html()).doesNotContain("<script").doesNotContain("\u0000");
            assertThat(diagram.html()).contains("default-src 'none'");
            assertThat(diagram.mermaid().lines().skip(1))
                    .allSatisfy(
                            line -> assertThat(line)
                                    .doesNotContain("script>", "%%", "`")
                                    .matches(
                                            "  (n\\d+[\\[({]+\".*\"[\\])}]+(:::\\w+)?|start.*|n\\d+ (-->|-\\.->)(\\|\".*\"\\|)? n\\d+|classDef .*|linkStyle .*)"));
        }
    }

    @Test
    void realGraphsAreDrawnWithoutOverlaps() throws Exception {
        for (Path file : Definitions.real()) {
            Graph graph = GraphValidator.check(Files.readAllBytes(file)).graph();
            if (!graph.nodes().isEmpty()) {
                LayoutTest.checkPlaces(new Picture(graph, null), file.toString());
                xml(GraphDiagram.of(graph).svg());
            }
        }
    }

    @Test
    void randomGraphsAreDrawnWithoutOverlaps() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            Graph graph = random(seed);
            LayoutTest.checkPlaces(new Picture(graph, null), "seed " + seed);
            xml(GraphDiagram.of(graph).svg());
        }
    }

    static Graph random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int size = 1 + random.nextInt(30);
        GraphBuilder graph = Graph.builder("random");
        for (int i = 0; i < size; i++) {
            graph.node(NodeSpec.builder("n" + i, NodeSpec.TYPES.get(random.nextInt(6)))
                    .name("Node ".repeat(1 + random.nextInt(9)) + i)
                    .routes(random.nextInt(5) == 0 ? Map.of("way", "n" + random.nextInt(size)) : Map.of()));
        }
        for (int i = random.nextInt(2 * size + 1); i > 0; i--) {
            String from = "n" + random.nextInt(size);
            String to = "n" + random.nextInt(size + 1);
            graph.edge(
                    switch (random.nextInt(4)) {
                        case 0 -> EdgeSpec.when(from, to, "score_" + i + " > " + "9".repeat(1 + random.nextInt(60)));
                        case 1 -> EdgeSpec.onFailure(from, to);
                        case 2 -> EdgeSpec.llmDecides(from, to, "more of it ".repeat(random.nextInt(12)));
                        default -> EdgeSpec.onSuccess(from, to);
                    });
        }
        return graph.build();
    }
}

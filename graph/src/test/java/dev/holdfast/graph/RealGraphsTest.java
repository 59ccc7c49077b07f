// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.graph.condition.Condition;
import dev.holdfast.graph.internal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Definitions that people wrote for Hive: they get Hive's verdict, and come out as they went in. */
class RealGraphsTest {
    /** Beginnings of file names; what is not named is valid. */
    private static final List<String> UNLOADABLE =
            List.of("examples.memory_example", "exports.market_research_agent", "tests.dummy_agent");

    private static final Map<String, List<String>> INVALID = Map.of(
            "codebase_navigator", List.of("Entry node 'intake' not found"),
            "document_intelligence_agent_team",
                    List.of(
                            "Node 'researcher' is unreachable from entry",
                            "Node 'analyst' is unreachable from entry",
                            "Node 'strategist' is unreachable from entry"));

    @Test
    void verdictsAreThoseOfHive() throws IOException {
        for (Path file : Definitions.real()) {
            GraphCheck check = GraphValidator.check(Files.readAllBytes(file));
            boolean loads = UNLOADABLE.stream().noneMatch(file.getFileName().toString()::startsWith);
            List<String> errors = INVALID.entrySet().stream()
                    .filter(entry -> file.getFileName().toString().startsWith(entry.getKey()))
                    .flatMap(entry -> entry.getValue().stream())
                    .toList();

            assertThat(check.loads()).as(file + " loads").isEqualTo(loads);
            assertThat(check.valid()).as(file + " is valid").isEqualTo(loads && errors.isEmpty());
            if (loads) {
                assertThat(check.errors())
                        .as(file.toString())
                        .extracting(Finding::message)
                        .containsExactlyElementsOf(errors);
            } else {
                assertThat(check.errors()).as(file.toString()).isNotEmpty();
            }
        }
    }

    @Test
    void everyFileComesOutAsItWentIn() throws IOException {
        for (Path file : Definitions.real()) {
            Graph graph = GraphValidator.check(Files.readAllBytes(file)).graph();

            assertThat(graph).isNotNull();
            assertThat(Json.string(Json.read(graph.toJson())))
                    .as(file.toString())
                    .isEqualTo(Json.string(Json.read(Files.readString(file))));
        }
    }

    @Test
    void aChangeTouchesNothingElse() throws IOException {
        for (Path file : Definitions.real()) {
            Graph graph = GraphValidator.check(Files.readAllBytes(file)).graph();
            String before = Json.string(Json.read(Files.readString(file)));

            String after = Json.string(Json.read(
                    graph.toBuilder().maxSteps(graph.maxSteps() + 1).build().toJson()));

            String stated = "\"max_steps\":" + graph.maxSteps();
            String changed = "\"max_steps\":" + (graph.maxSteps() + 1);
            if (before.contains(stated)) {
                assertThat(after).as(file.toString()).isEqualTo(before.replace(stated, changed));
            } else {
                assertThat(after).as(file.toString()).contains(changed);
            }
        }
    }

    @Test
    void everyConditionCompiles() throws IOException {
        List<Condition> conditions = new ArrayList<>();
        for (Path file : Definitions.real()) {
            for (EdgeSpec edge :
                    GraphValidator.check(Files.readAllBytes(file)).graph().edges()) {
                if (edge.expression() != null) {
                    conditions.add(edge.expression());
                }
            }
        }

        assertThat(conditions).hasSizeGreaterThan(15).allSatisfy(condition -> assertThat(condition.problem())
                .as(condition.text())
                .isNull());
    }

    @Test
    void readingNamesTheFileAndEachFault() throws IOException {
        for (Path file : Definitions.real()) {
            if (file.getFileName().toString().startsWith("examples.memory_example")) {
                assertThatThrownBy(() -> Graph.read(file))
                        .isInstanceOf(GraphFormatException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("$.graph.nodes[0].description")
                        .hasMessageContaining(
                                "Node 'capture_input' has no \"description\"; add it (line 22, column 7)");
            }
        }
    }
}

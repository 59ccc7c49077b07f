// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.holdfast.graph.internal.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphJsonTest {
    private static final String NODE = "{\"id\":\"a\",\"name\":\"A\",\"description\":\"\"}";

    private static String file(String graphMembers) {
        return "{\"graph\":{\"entry_node\":\"a\",\"nodes\":[" + NODE + "]" + graphMembers + "}}";
    }

    private static String node(String members) {
        return "{\"graph\":{\"entry_node\":\"a\",\"nodes\":[{\"id\":\"a\",\"name\":\"A\",\"description\":\"\","
                + members + "}]}}";
    }

    @Test
    void defaultsAreThoseOfHive() {
        Graph graph = Graph.parse(file(",\"edges\":[{\"id\":\"e\",\"source\":\"a\",\"target\":\"a\"}]"));
        NodeSpec node = graph.nodes().get(0);

        assertThat(graph.id()).isEqualTo("agent-graph");
        assertThat(graph.version()).isEqualTo("1.0.0");
        assertThat(graph.maxSteps()).isEqualTo(100);
        assertThat(graph.maxTokens()).isEqualTo(1024);
        assertThat(graph.goal()).extracting(Goal::id, Goal::name).containsExactly("", "");
        assertThat(node.nodeType()).isEqualTo("llm_tool_use");
        assertThat(node.maxRetries()).isEqualTo(3);
        assertThat(node.maxNodeVisits()).isEqualTo(1);
        assertThat(node.maxValidationRetries()).isEqualTo(2);
        assertThat(graph.edges().get(0).condition()).isEqualTo(EdgeCondition.ON_SUCCESS);
        assertThat(graph.edges().get(0).priority()).isZero();
    }

    @Test
    void statedValuesAreKept() {
        Graph graph = Graph.parse(node("\"max_retries\":5,\"max_validation_retries\":0,\"retry_on\":[\"timeout\"],"
                + "\"output_keys\":[\"category\",\"priority\"],\"nullable_output_keys\":[\"priority\"],"
                + "\"routes\":{\"yes\":\"a\"},\"client_facing\":true,\"timeout\":\"1.5m\",\"model\":\"m\""));
        NodeSpec node = graph.nodes().get(0);

        assertThat(node.maxRetries()).isEqualTo(5);
        assertThat(node.maxValidationRetries()).isZero();
        assertThat(node.retryOn()).containsExactly("timeout");
        assertThat(node.outputKeys()).containsExactly("category", "priority");
        assertThat(node.nullableOutputKeys()).containsExactly("priority");
        assertThat(node.routes()).containsExactly(Map.entry("yes", "a"));
        assertThat(node.clientFacing()).isTrue();
        assertThat(node.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(node.model()).isEqualTo("m");
    }

    @Test
    void keysThatHiveDropsOnLoadAreKeptToo() {
        Graph graph =
                Graph.parse(file(",\"max_tokens\":77,\"loop_config\":{\"max_turns\":5},\"identity_prompt\":\"Be.\","
                        + "\"edges\":[{\"id\":\"e\",\"source\":\"a\",\"target\":\"a\",\"description\":\"again\"}]"));

        assertThat(graph.maxTokens()).isEqualTo(77);
        assertThat(graph.loopConfig()).isEqualTo(Map.of("max_turns", 5L));
        assertThat(graph.identityPrompt()).isEqualTo("Be.");
        assertThat(graph.edges().get(0).description()).isEqualTo("again");
    }

    @Test
    void unknownKeysOrderAndNumbersSurviveAtEveryLevel() {
        String json =
                "{\"zeta\":1.50,\"goal\":{\"x\":[1e400,{\"y\":null}],\"name\":\"N\",\"success_criteria\":[{\"id\":\"c\","
                        + "\"description\":\"d\",\"weight\":0.20,\"extra\":12345678901234567890.10}],\"constraints\":[{\"description\":"
                        + "\"d\",\"id\":\"k\",\"why\":{}}]},\"graph\":{\"nodes\":[{\"vendor\":{\"a\":1},\"id\":\"a\",\"name\":\"A\","
                        + "\"description\":\"\",\"max_retries\":\"4\"}],\"edges\":[{\"target\":\"a\",\"weight\":1.0,\"source\":\"a\","
                        + "\"id\":\"e\",\"condition\":\"on_start\"}],\"async_entry_points\":[{\"id\":\"h\",\"entry_node\":\"a\","
                        + "\"secret\":true}],\"entry_node\":\"a\",\"layout\":[0.1,0.10]}}";

        Graph graph = Graph.parse(json);
        String written = Json.string(Json.read(graph.toJson()));

        assertThat(written).isEqualTo(Json.string(Json.read(json)));
        assertThat(written).contains("1.50", "0.20", "12345678901234567890.10", "\"4\"", "on_start", "0.10");
        assertThat(graph.nodes().get(0).maxRetries()).isEqualTo(4);
        assertThat(graph.nodes().get(0).origin().members()).containsEntry("vendor", Map.of("a", 1L));
        assertThat(Graph.parse(graph.toJson())).isEqualTo(graph);
    }

    @Test
    void aChangedNodeKeepsWhatWasNotUnderstood() {
        Graph graph = Graph.parse(node("\"vendor\":{\"a\":1},\"max_retries\":2"));
        NodeSpec changed = graph.nodes().get(0).toBuilder().systemPrompt("New.").build();

        Graph other = Graph.parse(Graph.builder("other").node(changed).build().toJson());

        assertThat(other.nodes().get(0).systemPrompt()).isEqualTo("New.");
        assertThat(other.nodes().get(0).maxRetries()).isEqualTo(2);
        assertThat(other.nodes().get(0).origin().members()).containsEntry("vendor", Map.of("a", 1L));
    }

    @Test
    void whatIsMadeInJavaIsReadAsTheSame() {
        Graph graph = Graph.builder("made")
                .goal(Goal.builder("g", "Goal", "Reach it.")
                        .criterion(SuccessCriterion.of("c", "Reached."))
                        .constraint(GoalConstraint.soft("k", "Be quick."))
                        .build())
                .node(NodeSpec.llm("a", "Say.").outputs("x").timeout(Duration.ofMillis(1_500)))
                .node(NodeSpec.builder("b", NodeSpec.EVENT_LOOP).inputs("x").maxNodeVisits(0))
                .edge(EdgeSpec.when("a", "b", "x > 1").withPriority(2).withInputMapping(Map.of("x", "y")))
                .asyncEntryPoint(AsyncEntryPoint.of("hook", "a"))
                .terminal("b")
                .loopConfig(Map.of("turns", 3L))
                .build();

        Graph read = Graph.parse(graph.toJson());

        assertThat(Definitions.check(graph.toJson()).warnings()).isEmpty();
        assertThat(read.toJson()).isEqualTo(graph.toJson());
        assertThat(read.nodes().get(0).timeout()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(read.edges().get(0).expression())
                .isEqualTo(graph.edges().get(0).expression());
        assertThat(read.goal().successCriteria()).hasSize(1);
    }

    @Test
    void aGraphByItselfIsReadAndWrittenByItself() {
        String bare = "{\"id\":\"g\",\"entry_node\":\"a\",\"nodes\":[" + NODE + "],\"edges\":[]}";

        GraphCheck check = Definitions.check(bare);

        assertThat(check.valid()).isTrue();
        assertThat(check.warnings()).extracting(Finding::code).containsExactly("bare_graph", "tool_use_without_tools");
        assertThat(check.warnings().get(1).path()).isEqualTo("$.nodes[0].tools");
        assertThat(Json.string(Json.read(check.graph().toJson()))).isEqualTo(bare);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[]                                             ; wrong_type       ; must be an object, not a list",
                "{\"graph\":null}                               ; wrong_type       ; \"graph\" must be an object, not null",
                "{\"graph\":{\"nodes\":null}}                   ; wrong_type       ; must be a list of objects, not null",
                "{\"graph\":{\"nodes\":[1]}}                    ; wrong_type       ; A node must be an object, not a number",
                "{\"graph\":{\"nodes\":[{}]}}                   ; missing_key      ; A node has no \"id\"; add it",
                "{\"graph\":{\"edges\":[{\"id\":\"e\"}]}}       ; missing_key      ; Edge 'e' has no \"source\"",
                "{\"graph\":{\"edges\":[{\"edge_id\":\"e\",\"source\":\"a\",\"target\":\"b\"}]}} ; missing_key ; rename \"edge_id\"",
                "{\"graph\":{\"max_steps\":\"many\"}}           ; wrong_type       ; must be a whole number, not a string",
                "{\"graph\":{\"max_steps\":1.5}}                ; wrong_type       ; must be a whole number",
                "{\"graph\":{\"terminal_nodes\":[1]}}           ; wrong_type       ; must be a list of strings",
                "{\"graph\":{\"entry_points\":{\"a\":1}}}       ; wrong_type       ; must be an object whose values are strings",
                "{\"graph\":{\"id\":null}}                      ; wrong_type       ; must be a string, not null",
                "{\"graph\":{\"edges\":[{\"id\":\"e\",\"source\":\"a\",\"target\":\"b\",\"condition\":{}}]}} ; wrong_type ; \"condition\"",
                "{\"goal\":{\"success_criteria\":[\"win\"]}}    ; wrong_type       ; A success criterion must be an object, not a string",
                "{\"goal\":{\"success_criteria\":[{\"id\":\"c\",\"description\":\"\",\"weight\":2}]}} ; out_of_range ; from 0 to 1",
                "{\"goal\":{\"constraints\":[{\"id\":\"c\"}]}}  ; missing_key      ; A constraint has no \"description\"",
                "{\"graph\":{\"nodes\":[{\"id\":\"a\",\"name\":\"\",\"description\":\"\",\"input_schema\":{\"x\":\"string\"}}]}} ; wrong_type ; input_schema",
                "{\"graph\":{\"nodes\":[{\"id\":\"a\",\"name\":\"\",\"description\":\"\",\"output_model\":\"M\"}]}} ; wrong_type ; output_model",
                "{\"graph\":{\"async_entry_points\":[{\"id\":\"h\"}]}} ; missing_key ; Async entry point 'h' has no \"entry_node\"",
                "{\"graph\": {]}                                ; malformed_json   ; line 1, column",
                "``                                             ; malformed_json   ; line 1, column",
                "{\"graph\":                                    ; malformed_json   ; line 1, column",
                "{\"graph\": {}                                 ; malformed_json   ; expected close marker for Object (line 1",
                "{\"a\":1} {}                                   ; malformed_json   ; ",
            })
    void whatHiveCannotLoadIsNamed(String json, String code, String message) {
        GraphCheck check = Definitions.check(json);

        assertThat(check.loads()).isFalse();
        assertThat(check.valid()).isFalse();
        assertThat(check.errors()).first().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.message())
                    .contains(message == null ? "" : message)
                    .contains("line 1, column");
        });
        assertThatThrownBy(() -> Graph.parse(json)).isInstanceOf(GraphFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"max_retries\":\" 7 \"", "\"max_retries\":7.0", "\"max_retries\":true", "\"client_facing\":\"Yes\"",
                "\"client_facing\":1", "\"system_prompt\":null", "\"output_model\":null", "\"success_criteria\":[1]",
                "\"anything\":{}"
            })
    void whatHiveConvertsOrOverlooksLoads(String member) {
        assertThat(Definitions.check(node(member)).errors()).isEmpty();
    }

    @Test
    void aByteOrderMarkIsAnErrorAndTheRestIsReadAllTheSame() {
        GraphCheck check = Definitions.check("\ufeff" + file(""));

        assertThat(check.loads()).isFalse();
        assertThat(check.errors()).extracting(Finding::code).containsExactly("byte_order_mark");
        assertThat(check.graph()).isNotNull();
        assertThat(check.graph().nodes()).hasSize(1);
    }

    @Test
    void bytesThatAreNoTextAreAnError() {
        assertThat(GraphValidator.check(new byte[] {'{', (byte) 0xff, '}'}).errors())
                .extracting(Finding::code)
                .containsExactly("not_utf8");
    }

    @Test
    void toleratedMistakesAreWarnings() {
        GraphCheck check = Definitions.check(
                "{\"graph\":{\"entry_node\":\"a\",\"entry_node\":\"a\",\"nodes\":[" + NODE
                        + "],\"edges\":[{\"id\":\"e\",\"source\":\"a\",\"target\":\"a\",\"condition\":\"on_start\"}],\"max_tokens\":\"x\"}}");

        assertThat(check.valid()).isTrue();
        assertThat(check.warnings())
                .extracting(Finding::code, Finding::path)
                .contains(
                        tuple("unknown_condition", "$.graph.edges[0].condition"),
                        tuple("wrong_type", "$.graph.max_tokens"),
                        tuple("duplicate_key", "$.graph.entry_node"));
    }

    @Test
    void definitionsThatAreCutOrScrambledAreErrorsAndNothingElse() {
        String whole = Definitions.line("a", "b", "c")
                .goal(Goal.of("g", "G", "d"))
                .build()
                .toJson();
        SplittableRandom random = new SplittableRandom(99);
        String[] values = {"null", "1", "\"x\"", "[]", "{}", "true", "-1e99", "[null]", "{\"a\":{}}"};

        for (int i = 0; i < whole.length(); i += 7) {
            Definitions.check(whole.substring(0, i));
        }
        List<String> members = List.of(whole.split("(?<=: )"));
        for (int i = 0; i < 3_000; i++) {
            StringBuilder scrambled = new StringBuilder();
            for (String member : members) {
                int end = member.indexOf(",\n");
                scrambled.append(
                        random.nextInt(12) == 0 && end > 0
                                ? values[random.nextInt(values.length)] + member.substring(end)
                                : member);
            }
            GraphCheck check = Definitions.check(scrambled.toString());
            assertThat(check.valid() && !check.errors().isEmpty()).isFalse();
            if (check.graph() != null) {
                check.graph().toJson();
            }
        }
    }
}

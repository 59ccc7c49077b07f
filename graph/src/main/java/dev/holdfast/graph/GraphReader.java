// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.internal.Json;
import dev.holdfast.graph.internal.Places;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a definition. Errors are what Hive's loader stumbles over, warnings what it overlooks; what can be understood all
 * the same is.
 */
final class GraphReader {
    static final Set<String> GRAPH_KEYS = Set.of(
            "id",
            "goal_id",
            "version",
            "entry_node",
            "entry_points",
            "async_entry_points",
            "terminal_nodes",
            "pause_nodes",
            "nodes",
            "edges",
            "memory_keys",
            "default_model",
            "max_tokens",
            "cleanup_llm_model",
            "max_steps",
            "max_retries_per_node",
            "loop_config",
            "description",
            "created_by",
            "created_at",
            "conversation_mode",
            "identity_prompt");
    private static final Set<String> FILE_KEYS = Set.of("agent", "graph", "goal", "required_tools", "metadata");

    private final Findings findings;

    GraphReader(Findings findings) {
        this.findings = findings;
    }

    /** The graph, or null where the bytes hold none. */
    @Nullable
    Graph read(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return read(text);
        } catch (CharacterCodingException e) {
            findings.error("not_utf8", "The file is not UTF-8", "$");
            return null;
        }
    }

    @Nullable
    Graph read(String given) {
        String text = given;
        if (text.startsWith("\ufeff")) {
            findings.error(
                    "byte_order_mark", "The file begins with a byte order mark; save it as UTF-8 without one", "$");
            text = text.substring(1);
        }
        JsonNode whole = Json.readUnambiguous(text);
        boolean ambiguous = whole == null;
        if (whole == null) {
            try {
                whole = Json.read(text);
            } catch (JacksonException e) {
                findings.error("malformed_json", "Not JSON: " + Json.fault(e), "$");
                return null;
            }
        }
        if (whole.isMissingNode()) {
            findings.error("malformed_json", "Not JSON: there is nothing (line 1, column 1)", "$");
            return null;
        }
        Graph graph = null;
        if (whole instanceof ObjectNode file) {
            graph = read(file);
        } else {
            findings.error("wrong_type", "A definition must be an object, not " + Fields.typeOf(whole), "$");
        }
        if (ambiguous || findings.hasErrors()) {
            place(new Places(text));
        }
        return graph;
    }

    private void place(Places places) {
        findings.placeErrors(places);
        for (String twice : places.duplicates()) {
            findings.warning("duplicate_key", "The key is there twice; the last one counts", twice);
        }
    }

    private Graph read(ObjectNode object) {
        Fields file = new Fields(object, "$", findings, true);
        boolean misplaced = !object.has("graph") && (object.has("nodes") || object.has("entry_node"));
        if (misplaced && !object.has("goal") && !object.has("agent")) {
            findings.warning(
                    "bare_graph", "This is a graph by itself; Hive wants {\"graph\": …, \"goal\": …} around it", "$");
            return graph(file, Goal.NONE, Origin.NONE);
        }
        file.reportUnknown(FILE_KEYS);
        Graph graph = graph(file.inner("graph"), GoalReader.goal(file.inner("goal")), Origin.of(object));
        if (misplaced) {
            findings.warning(
                    "misplaced_graph",
                    "\"nodes\" and \"edges\" stand beside \"goal\"; they belong into \"graph\"",
                    "$");
        }
        return graph;
    }

    private Graph graph(Fields fields, Goal goal, Origin file) {
        fields.reportUnknown(GRAPH_KEYS);
        Fields loose = fields.lenient();
        GraphBuilder graph = Graph.builder(fields.text("id", "agent-graph"))
                .goalId(fields.text("goal_id", ""))
                .version(fields.text("version", "1.0.0"))
                .entry(fields.text("entry_node", ""))
                .terminal(array(fields.texts("terminal_nodes")))
                .pauseAfter(array(fields.texts("pause_nodes")))
                .memoryKeys(array(loose.texts("memory_keys")))
                .defaultModel(loose.text("default_model", ""))
                .maxTokens(loose.whole("max_tokens", 1024))
                .cleanupLlmModel(loose.maybeText("cleanup_llm_model"))
                .maxSteps(fields.whole("max_steps", 100))
                .maxRetriesPerNode(fields.whole("max_retries_per_node", 3))
                .loopConfig(loose.values("loop_config"))
                .description(fields.text("description", ""))
                .createdBy(loose.text("created_by", ""))
                .conversationMode(loose.text("conversation_mode", "continuous"))
                .identityPrompt(loose.maybeText("identity_prompt"))
                .goal(goal)
                .origin(Origin.of(fields.object()), file);
        fields.textMap("entry_points").forEach(graph::entryPoint);
        fields.objects("async_entry_points", "An async entry point")
                .forEach(each -> graph.asyncEntryPoint(PartReader.entryPoint(each)));
        fields.objects("nodes", "A node").forEach(each -> graph.node(PartReader.node(each)));
        fields.objects("edges", "An edge").forEach(each -> graph.edge(PartReader.edge(each, findings)));
        return graph.build();
    }

    private static String[] array(List<String> texts) {
        return texts.toArray(String[]::new);
    }

    // What an object says by itself, for comparing; nothing is reported.

    static Graph graphOf(ObjectNode object) {
        return new GraphReader(new Findings()).graph(silent(object), Goal.NONE, Origin.NONE);
    }

    static NodeSpec nodeOf(ObjectNode object) {
        return PartReader.node(silent(object));
    }

    static EdgeSpec edgeOf(ObjectNode object) {
        return PartReader.edge(silent(object), new Findings());
    }

    static AsyncEntryPoint entryPointOf(ObjectNode object) {
        return PartReader.entryPoint(silent(object));
    }

    static Goal goalOf(ObjectNode object) {
        return GoalReader.goal(silent(object));
    }

    static SuccessCriterion criterionOf(ObjectNode object) {
        return GoalReader.criterion(silent(object));
    }

    static GoalConstraint constraintOf(ObjectNode object) {
        return GoalReader.constraint(silent(object));
    }

    private static Fields silent(ObjectNode object) {
        return new Fields(object, "$", new Findings(), false);
    }
}

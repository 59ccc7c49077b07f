// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.script;

import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.internal.Json;
import dev.holdfast.graph.run.GraphExecutorBuilder;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Answers in place of models, functions and people, so that a graph runs the same way every time and costs nothing:
 *
 * <pre>{@code
 * {"nodes": {"fetch": [{"error": {"category": "timeout"}}, {"output": {"page": "…"}, "delay_ms": 50}],
 *            "write": [{"text": "{\"draft\": \"…\"}"}]},
 *  "edges": {"write_to_check": [false, true]}}
 * }</pre>
 *
 * <p>The n-th entry of a node answers its n-th attempt, over all its visits; of an event loop its n-th model turn. The last
 * entry repeats. {@code output} is what the node puts out, which for a node that asks a model is that model's answer; {@code
 * text} is the raw answer; {@code error} fails the attempt and no call is made; {@code next} names the node to go to; {@code
 * delay_ms} combines with each. A node that is absent answers with values made from its output keys. {@code edges} answer
 * the question of an edge that a model decides; an absent one is followed. Immutable.
 */
public final class GraphScript {
    private final Map<String, List<Entry>> nodes;
    private final Map<String, List<Boolean>> edges;

    private GraphScript(Map<String, List<Entry>> nodes, Map<String, List<Boolean>> edges) {
        this.nodes = nodes;
        this.edges = edges;
    }

    /** Nothing but made values. */
    public static GraphScript empty() {
        return new GraphScript(Map.of(), Map.of());
    }

    /** @throws IllegalArgumentException if it is no script; says what is wrong and where */
    public static GraphScript parse(String json) {
        JsonNode script;
        try {
            script = Json.read(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the script is not JSON: " + Json.fault(e), e);
        }
        if (!script.isObject()) {
            throw new IllegalArgumentException("the script must be an object {\"nodes\": {…}}");
        }
        Map<String, List<Entry>> nodes = new HashMap<>();
        for (Map.Entry<String, JsonNode> node : object(script, "nodes")) {
            List<Entry> entries = new ArrayList<>();
            for (JsonNode entry : list(node.getValue(), "nodes." + node.getKey())) {
                entries.add(Entry.of(entry, "nodes." + node.getKey() + "[" + entries.size() + "]"));
            }
            nodes.put(node.getKey(), List.copyOf(entries));
        }
        Map<String, List<Boolean>> edges = new HashMap<>();
        for (Map.Entry<String, JsonNode> edge : object(script, "edges")) {
            List<Boolean> answers = new ArrayList<>();
            for (JsonNode answer : list(edge.getValue(), "edges." + edge.getKey())) {
                if (!answer.isBoolean()) {
                    throw new IllegalArgumentException(
                            "the script's edges." + edge.getKey() + " must hold true or false");
                }
                answers.add(answer.booleanValue());
            }
            edges.put(edge.getKey(), List.copyOf(answers));
        }
        return new GraphScript(nodes, edges);
    }

    private static Iterable<Map.Entry<String, JsonNode>> object(JsonNode script, String key) {
        JsonNode member = script.path(key);
        if (!member.isMissingNode() && !member.isObject()) {
            throw new IllegalArgumentException("the script's " + key + " must be an object");
        }
        return member.properties();
    }

    private static JsonNode list(JsonNode value, String where) {
        if (!value.isArray() || value.isEmpty()) {
            throw new IllegalArgumentException("the script's " + where + " must be a list of at least one entry");
        }
        return value;
    }

    /** The nodes and edges that the script speaks of and the graph does not have. */
    public List<String> unknown(Graph graph) {
        List<String> unknown = new ArrayList<>();
        nodes.keySet().stream().filter(id -> graph.node(id) == null).sorted().forEach(id -> unknown.add("node " + id));
        edges.keySet().stream()
                .filter(id -> graph.edges().stream().noneMatch(edge -> edge.id().equals(id)))
                .sorted()
                .forEach(id -> unknown.add("edge " + id));
        return unknown;
    }

    /**
     * Lets the script do the work of all nodes of a graph, from its first entries on.
     *
     * @param ticker with the timer: what delays are measured by; give the builder the same
     */
    public void applyTo(GraphExecutorBuilder builder, Graph graph, Ticker ticker, Timer timer) {
        for (NodeSpec node : graph.nodes()) {
            List<Entry> entries = nodes.getOrDefault(node.id(), List.of());
            if (entries.isEmpty() && !node.nodeType().equals(NodeSpec.ROUTER)) {
                entries = List.of(Entry.made(node));
            }
            builder.node(node.id(), new ScriptedNode(node, entries, ticker, timer));
        }
        Map<String, int[]> asked = new HashMap<>();
        builder.decider((edge, output, memory) -> {
            List<Boolean> answers = edges.getOrDefault(edge.id(), List.of(true));
            int number;
            synchronized (asked) {
                number = asked.computeIfAbsent(edge.id(), ignored -> new int[1])[0]++;
            }
            return CompletableFuture.completedFuture(answers.get(Math.min(number, answers.size() - 1)));
        });
    }
}

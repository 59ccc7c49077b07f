// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.internal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The definition of an agent graph. Immutable, and safe to share among any number of runs. It may be invalid: reading
 * and building judge nothing, {@link GraphValidator} does.
 *
 * @param goalId id of the goal that the graph is for
 * @param entryNode id of the node where a run starts
 * @param entryPoints further ways in, by name; {@code <pause node>_resume} is where a paused run goes on
 * @param terminalNodes ids of nodes after which a run is done
 * @param pauseNodes ids of nodes after which a run pauses
 * @param defaultModel the model of nodes that name none; empty leaves it to the run
 * @param maxTokens of each model call of the graph
 * @param cleanupLlmModel kept for other systems; nothing here calls it
 * @param maxSteps visits of nodes per run, retries not counted
 * @param maxRetriesPerNode kept for other systems; each node has its own
 * @param loopConfig settings of event loops, as plain values
 * @param conversationMode {@code continuous} or {@code isolated}
 * @param identityPrompt put before the prompt of every node
 * @param goal what the graph is for; {@link Goal#NONE} where none is stated
 * @param origin the JSON object of the graph itself
 * @param file the JSON object of the agent file around it; absent when the graph was read bare
 */
public record Graph(
        String id,
        String goalId,
        String version,
        String entryNode,
        Map<String, String> entryPoints,
        List<AsyncEntryPoint> asyncEntryPoints,
        List<String> terminalNodes,
        List<String> pauseNodes,
        List<NodeSpec> nodes,
        List<EdgeSpec> edges,
        List<String> memoryKeys,
        String defaultModel,
        int maxTokens,
        @Nullable String cleanupLlmModel,
        int maxSteps,
        int maxRetriesPerNode,
        Map<String, @Nullable Object> loopConfig,
        String description,
        String createdBy,
        String conversationMode,
        @Nullable String identityPrompt,
        Goal goal,
        Origin origin,
        Origin file) {

    public Graph {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(goalId, "goalId");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(entryNode, "entryNode");
        entryPoints = Copies.map(entryPoints);
        asyncEntryPoints = List.copyOf(asyncEntryPoints);
        terminalNodes = List.copyOf(terminalNodes);
        pauseNodes = List.copyOf(pauseNodes);
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        memoryKeys = List.copyOf(memoryKeys);
        Objects.requireNonNull(defaultModel, "defaultModel");
        loopConfig = Copies.values(loopConfig);
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(conversationMode, "conversationMode");
        Objects.requireNonNull(goal, "goal");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(file, "file");
    }

    public static GraphBuilder builder(String id) {
        return new GraphBuilder(id);
    }

    /** A builder that starts from this graph. */
    public GraphBuilder toBuilder() {
        return new GraphBuilder(this);
    }

    /** The node with this id, the first where the id is there twice; null where there is none. */
    public @Nullable NodeSpec node(String nodeId) {
        for (NodeSpec node : nodes) {
            if (node.id().equals(nodeId)) {
                return node;
            }
        }
        return null;
    }

    /** The edges that leave a node: highest priority first, equal ones in the order of declaration. */
    public List<EdgeSpec> outgoing(String nodeId) {
        return edges.stream()
                .filter(edge -> edge.source().equals(nodeId))
                .sorted(Comparator.comparingInt(EdgeSpec::priority).reversed())
                .toList();
    }

    /** The edges that lead to a node, in the order of declaration. */
    public List<EdgeSpec> incoming(String nodeId) {
        return edges.stream().filter(edge -> edge.target().equals(nodeId)).toList();
    }

    /**
     * Reads a definition: an agent file, or a graph by itself. What Hive overlooks is overlooked; {@link
     * GraphValidator#check(byte[])} tells it.
     *
     * @throws GraphFormatException if the text is none, naming each fault with its place
     */
    public static Graph parse(String json) {
        Findings findings = new Findings();
        return loaded("definition", new GraphReader(findings).read(json), findings);
    }

    /**
     * Reads a definition from a file, as {@link #parse} does.
     *
     * @throws GraphFormatException if the file is none; the message begins with its name
     * @throws IOException if the file cannot be read
     */
    public static Graph read(Path file) throws IOException {
        Findings findings = new Findings();
        return loaded(file.toString(), new GraphReader(findings).read(Files.readAllBytes(file)), findings);
    }

    private static Graph loaded(String source, @Nullable Graph graph, Findings findings) {
        if (graph == null || findings.hasErrors()) {
            throw new GraphFormatException(source, findings.errors());
        }
        return graph;
    }

    /**
     * The definition as JSON, in the form in which it was read; one made in Java as an agent file of graph and goal. What
     * was read and not changed is the same JSON again, with its unknown keys, its order of keys and its numbers.
     */
    public String toJson() {
        return Json.pretty(GraphWriter.write(this));
    }

    /** Where the graph itself stands in its JSON. */
    String path() {
        return origin.isPresent() && !file.isPresent() ? "$" : "$.graph";
    }
}

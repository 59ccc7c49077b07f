// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Graph}. For one thread. What it builds is not validated; see {@link GraphValidator}. */
public final class GraphBuilder {
    private final String id;
    private String goalId = "";
    private String version = "1.0.0";
    private String entryNode = "";
    private final Map<String, String> entryPoints = new LinkedHashMap<>();
    private final List<AsyncEntryPoint> asyncEntryPoints = new ArrayList<>();
    private final List<String> terminalNodes = new ArrayList<>();
    private final List<String> pauseNodes = new ArrayList<>();
    private final List<NodeSpec> nodes = new ArrayList<>();
    private final List<EdgeSpec> edges = new ArrayList<>();
    private final List<String> memoryKeys = new ArrayList<>();
    private String defaultModel = "";
    private int maxTokens = 1024;
    private @Nullable String cleanupLlmModel;
    private int maxSteps = 100;
    private int maxRetriesPerNode = 3;
    private Map<String, ? extends @Nullable Object> loopConfig = Map.of();
    private String description = "";
    private String createdBy = "";
    private String conversationMode = "continuous";
    private @Nullable String identityPrompt;
    private Goal goal = Goal.NONE;
    private Origin origin = Origin.NONE;
    private Origin file = Origin.NONE;

    GraphBuilder(String id) {
        this.id = Objects.requireNonNull(id, "id");
    }

    GraphBuilder(Graph from) {
        this(from.id());
        goalId = from.goalId();
        version = from.version();
        entryNode = from.entryNode();
        entryPoints.putAll(from.entryPoints());
        asyncEntryPoints.addAll(from.asyncEntryPoints());
        terminalNodes.addAll(from.terminalNodes());
        pauseNodes.addAll(from.pauseNodes());
        nodes.addAll(from.nodes());
        edges.addAll(from.edges());
        memoryKeys.addAll(from.memoryKeys());
        defaultModel = from.defaultModel();
        maxTokens = from.maxTokens();
        cleanupLlmModel = from.cleanupLlmModel();
        maxSteps = from.maxSteps();
        maxRetriesPerNode = from.maxRetriesPerNode();
        loopConfig = from.loopConfig();
        description = from.description();
        createdBy = from.createdBy();
        conversationMode = from.conversationMode();
        identityPrompt = from.identityPrompt();
        goal = from.goal();
        origin = from.origin();
        file = from.file();
    }

    public GraphBuilder goalId(String value) {
        goalId = Objects.requireNonNull(value, "goalId");
        return this;
    }

    /** Default: {@code 1.0.0}. */
    public GraphBuilder version(String value) {
        version = Objects.requireNonNull(value, "version");
        return this;
    }

    /** The node where a run starts; default: the first node added. */
    public GraphBuilder entry(String value) {
        entryNode = Objects.requireNonNull(value, "entryNode");
        return this;
    }

    /** A named way in; {@code <pause node>_resume} is where a paused run goes on. */
    public GraphBuilder entryPoint(String name, String node) {
        entryPoints.put(name, node);
        return this;
    }

    public GraphBuilder asyncEntryPoint(AsyncEntryPoint value) {
        asyncEntryPoints.add(Objects.requireNonNull(value, "asyncEntryPoint"));
        return this;
    }

    /** Nodes after which a run is done. */
    public GraphBuilder terminal(String... value) {
        terminalNodes.addAll(List.of(value));
        return this;
    }

    /** Nodes after which a run pauses until it is resumed. */
    public GraphBuilder pauseAfter(String... value) {
        pauseNodes.addAll(List.of(value));
        return this;
    }

    public GraphBuilder node(NodeSpec value) {
        nodes.add(Objects.requireNonNull(value, "node"));
        return this;
    }

    public GraphBuilder node(NodeSpecBuilder value) {
        return node(value.build());
    }

    public GraphBuilder edge(EdgeSpec value) {
        edges.add(Objects.requireNonNull(value, "edge"));
        return this;
    }

    public GraphBuilder memoryKeys(String... value) {
        memoryKeys.addAll(List.of(value));
        return this;
    }

    /** The model of nodes that name none; default: empty, the run's. */
    public GraphBuilder defaultModel(String value) {
        defaultModel = Objects.requireNonNull(value, "defaultModel");
        return this;
    }

    /** Default 1024. */
    public GraphBuilder maxTokens(int value) {
        maxTokens = value;
        return this;
    }

    public GraphBuilder cleanupLlmModel(@Nullable String value) {
        cleanupLlmModel = value;
        return this;
    }

    /** Default 100. */
    public GraphBuilder maxSteps(int value) {
        maxSteps = value;
        return this;
    }

    /** Default 3. */
    public GraphBuilder maxRetriesPerNode(int value) {
        maxRetriesPerNode = value;
        return this;
    }

    public GraphBuilder loopConfig(Map<String, ? extends @Nullable Object> value) {
        loopConfig = Objects.requireNonNull(value, "loopConfig");
        return this;
    }

    /** Default: empty. */
    public GraphBuilder description(String value) {
        description = Objects.requireNonNull(value, "description");
        return this;
    }

    /** Default: empty. */
    public GraphBuilder createdBy(String value) {
        createdBy = Objects.requireNonNull(value, "createdBy");
        return this;
    }

    /** {@code continuous} (default) or {@code isolated}. */
    public GraphBuilder conversationMode(String value) {
        conversationMode = Objects.requireNonNull(value, "conversationMode");
        return this;
    }

    public GraphBuilder identityPrompt(@Nullable String value) {
        identityPrompt = value;
        return this;
    }

    /** Default: none. */
    public GraphBuilder goal(Goal value) {
        goal = Objects.requireNonNull(value, "goal");
        return this;
    }

    GraphBuilder origin(Origin graph, Origin whole) {
        origin = graph;
        file = whole;
        return this;
    }

    public Graph build() {
        String start = entryNode.isEmpty() && !origin.isPresent() && !nodes.isEmpty()
                ? nodes.get(0).id()
                : entryNode;
        return new Graph(
                id,
                goalId,
                version,
                start,
                entryPoints,
                asyncEntryPoints,
                terminalNodes,
                pauseNodes,
                nodes,
                edges,
                memoryKeys,
                defaultModel,
                maxTokens,
                cleanupLlmModel,
                maxSteps,
                maxRetriesPerNode,
                Copies.values(loopConfig),
                description,
                createdBy,
                conversationMode,
                identityPrompt,
                goal,
                origin,
                file);
    }
}

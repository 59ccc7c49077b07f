// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds a {@link NodeSpec}. For one thread. */
public final class NodeSpecBuilder {
    private final String id;
    private String name;
    private String description = "";
    private String nodeType;
    private List<String> inputKeys = List.of();
    private List<String> outputKeys = List.of();
    private List<String> nullableOutputKeys = List.of();
    private Map<String, ? extends @Nullable Object> inputSchema = Map.of();
    private Map<String, ? extends @Nullable Object> outputSchema = Map.of();
    private @Nullable String systemPrompt;
    private List<String> tools = List.of();
    private @Nullable String model;
    private @Nullable String function;
    private Map<String, String> routes = Map.of();
    private int maxRetries = 3;
    private List<String> retryOn = List.of();
    private int maxNodeVisits = 1;
    private int maxValidationRetries = 2;
    private boolean clientFacing = false;
    private @Nullable String successCriteria;
    private @Nullable Duration timeout;
    private @Nullable String join;
    private Origin origin = Origin.NONE;

    NodeSpecBuilder(String id, String nodeType) {
        this.id = Objects.requireNonNull(id, "id");
        this.nodeType = Objects.requireNonNull(nodeType, "nodeType");
        name = id;
    }

    NodeSpecBuilder(NodeSpec from) {
        this(from.id(), from.nodeType());
        name = from.name();
        description = from.description();
        inputKeys = from.inputKeys();
        outputKeys = from.outputKeys();
        nullableOutputKeys = from.nullableOutputKeys();
        inputSchema = from.inputSchema();
        outputSchema = from.outputSchema();
        systemPrompt = from.systemPrompt();
        tools = from.tools();
        model = from.model();
        function = from.function();
        routes = from.routes();
        maxRetries = from.maxRetries();
        retryOn = from.retryOn();
        maxNodeVisits = from.maxNodeVisits();
        maxValidationRetries = from.maxValidationRetries();
        clientFacing = from.clientFacing();
        successCriteria = from.successCriteria();
        timeout = from.timeout();
        join = from.join();
        origin = from.origin();
    }

    /** Default: the id. */
    public NodeSpecBuilder name(String value) {
        name = Objects.requireNonNull(value, "name");
        return this;
    }

    /** Default: empty. */
    public NodeSpecBuilder description(String value) {
        description = Objects.requireNonNull(value, "description");
        return this;
    }

    public NodeSpecBuilder inputs(String... value) {
        inputKeys = List.of(value);
        return this;
    }

    public NodeSpecBuilder outputs(String... value) {
        outputKeys = List.of(value);
        return this;
    }

    public NodeSpecBuilder nullableOutputs(String... value) {
        nullableOutputKeys = List.of(value);
        return this;
    }

    public NodeSpecBuilder inputSchema(Map<String, ? extends @Nullable Object> value) {
        inputSchema = Objects.requireNonNull(value, "inputSchema");
        return this;
    }

    public NodeSpecBuilder outputSchema(Map<String, ? extends @Nullable Object> value) {
        outputSchema = Objects.requireNonNull(value, "outputSchema");
        return this;
    }

    public NodeSpecBuilder systemPrompt(@Nullable String value) {
        systemPrompt = value;
        return this;
    }

    public NodeSpecBuilder tools(String... value) {
        tools = List.of(value);
        return this;
    }

    public NodeSpecBuilder model(@Nullable String value) {
        model = value;
        return this;
    }

    public NodeSpecBuilder function(@Nullable String value) {
        function = value;
        return this;
    }

    public NodeSpecBuilder routes(Map<String, String> value) {
        routes = Objects.requireNonNull(value, "routes");
        return this;
    }

    /** Attempts in all per visit; default 3. */
    public NodeSpecBuilder maxRetries(int value) {
        maxRetries = value;
        return this;
    }

    public NodeSpecBuilder retryOn(String... value) {
        retryOn = List.of(value);
        return this;
    }

    /** Default 1; 0 is unlimited. */
    public NodeSpecBuilder maxNodeVisits(int value) {
        maxNodeVisits = value;
        return this;
    }

    /** Default 2. */
    public NodeSpecBuilder maxValidationRetries(int value) {
        maxValidationRetries = value;
        return this;
    }

    public NodeSpecBuilder clientFacing(boolean value) {
        clientFacing = value;
        return this;
    }

    public NodeSpecBuilder successCriteria(@Nullable String value) {
        successCriteria = value;
        return this;
    }

    /** Of one attempt; default: the run's. */
    public NodeSpecBuilder timeout(@Nullable Duration value) {
        timeout = value;
        return this;
    }

    /** Where the branches that start here meet again; default: what the graph's shape says. */
    public NodeSpecBuilder join(@Nullable String value) {
        join = value;
        return this;
    }

    NodeSpecBuilder origin(Origin value) {
        origin = value;
        return this;
    }

    public NodeSpec build() {
        return new NodeSpec(
                id,
                name,
                description,
                nodeType,
                inputKeys,
                outputKeys,
                nullableOutputKeys,
                Copies.values(inputSchema),
                Copies.values(outputSchema),
                systemPrompt,
                tools,
                model,
                function,
                routes,
                maxRetries,
                retryOn,
                maxNodeVisits,
                maxValidationRetries,
                clientFacing,
                successCriteria,
                timeout,
                join,
                origin);
    }
}

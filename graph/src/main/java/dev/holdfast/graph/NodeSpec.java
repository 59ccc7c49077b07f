// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One node of a graph. Immutable.
 *
 * @param nodeType one of the words below, or any word for which a run registers a node
 * @param inputKeys keys of the memory that the node reads
 * @param outputKeys keys that the node writes; each must be there when it succeeds
 * @param nullableOutputKeys those of the output keys that may be missing, null or blank
 * @param inputSchema per key an object of {@code type}, {@code required}, {@code description}
 * @param outputSchema JSON Schema of the output; empty where none is stated
 * @param systemPrompt template of the prompt of a node that calls a model
 * @param tools names of the tools that the model may use
 * @param model the model to call; null leaves it to the run
 * @param function name of the function to run
 * @param routes of a router: condition to node id
 * @param maxRetries attempts in all per visit; 0 and 1 both mean one attempt
 * @param retryOn categories that are worth another attempt; empty leaves it to the category itself
 * @param maxNodeVisits visits per run; 0 is unlimited
 * @param maxValidationRetries further model calls after an answer that does not fit the schema
 * @param clientFacing whether the node talks to a person
 * @param successCriteria when the node's work counts as done, in words for a judging model
 * @param timeout of one attempt; null leaves it to the run
 * @param join id of the node where branches that start here meet again; null lets the graph's shape say it
 */
public record NodeSpec(
        String id,
        String name,
        String description,
        String nodeType,
        List<String> inputKeys,
        List<String> outputKeys,
        List<String> nullableOutputKeys,
        Map<String, @Nullable Object> inputSchema,
        Map<String, @Nullable Object> outputSchema,
        @Nullable String systemPrompt,
        List<String> tools,
        @Nullable String model,
        @Nullable String function,
        Map<String, String> routes,
        int maxRetries,
        List<String> retryOn,
        int maxNodeVisits,
        int maxValidationRetries,
        boolean clientFacing,
        @Nullable String successCriteria,
        @Nullable Duration timeout,
        @Nullable String join,
        Origin origin) {

    /** One model call that gives the output keys. */
    public static final String LLM_GENERATE = "llm_generate";
    /** Model calls with tools in between; also the default of a definition that states no type. */
    public static final String LLM_TOOL_USE = "llm_tool_use";
    /** Model turns with tools until the output keys are set. */
    public static final String EVENT_LOOP = "event_loop";
    /** Chooses among its routes. */
    public static final String ROUTER = "router";
    /** A registered function. */
    public static final String FUNCTION = "function";
    /** A question to a person. */
    public static final String HUMAN_INPUT = "human_input";

    /** The types that every run knows; others must be registered. */
    public static final List<String> TYPES =
            List.of(LLM_TOOL_USE, LLM_GENERATE, ROUTER, FUNCTION, HUMAN_INPUT, EVENT_LOOP);

    public NodeSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(nodeType, "nodeType");
        inputKeys = List.copyOf(inputKeys);
        outputKeys = List.copyOf(outputKeys);
        nullableOutputKeys = List.copyOf(nullableOutputKeys);
        inputSchema = Copies.values(inputSchema);
        outputSchema = Copies.values(outputSchema);
        tools = List.copyOf(tools);
        routes = Copies.map(routes);
        retryOn = List.copyOf(retryOn);
        Objects.requireNonNull(origin, "origin");
    }

    /** A builder whose name is the id and whose description is empty. */
    public static NodeSpecBuilder builder(String id, String nodeType) {
        return new NodeSpecBuilder(id, nodeType);
    }

    /** A builder of a node that makes one model call with this prompt. */
    public static NodeSpecBuilder llm(String id, String systemPrompt) {
        return builder(id, LLM_GENERATE).systemPrompt(systemPrompt);
    }

    /** A builder of a node that runs the function registered under the node's id. */
    public static NodeSpecBuilder function(String id) {
        return builder(id, FUNCTION).function(id);
    }

    /** A builder that starts from this node. */
    public NodeSpecBuilder toBuilder() {
        return new NodeSpecBuilder(this);
    }
}

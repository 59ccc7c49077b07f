// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.internal.schema.Asking;
import dev.holdfast.llm.internal.schema.StructuredCall;
import dev.holdfast.llm.internal.schema.TypedSchema;
import dev.holdfast.llm.structured.StructuredAnswer;
import dev.holdfast.llm.structured.StructuredConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Models that may use tools: they are asked, the tools that they ask for are run, the results go back, until an answer asks for
 * none. Each turn is one guarded call with its own retries and failover; a retry never runs a tool again, and each tool call
 * is carried out once. All of it shares one id and one deadline. Immutable and thread-safe. Got by {@link Llm#withTools}.
 *
 * <p>The tools of one turn run at the same time; their results go back in the order of the calls. A tool that fails, does not
 * exist, gets bad arguments or takes too long is a result marked as an error, to which the model can react. A tool choice that
 * insists on a tool holds for the first turn only.
 *
 * <p>Futures fail with a {@link ToolLoopException}; cancelling them cancels the running model call and the running tools.
 */
public final class ToolLoop {
    private static final int DEFAULT_MAX_TURNS = 10;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    private final Llm llm;
    private final Map<String, Tool> tools;
    private final int maxTurns;
    private final Duration toolTimeout;

    private ToolLoop(Llm llm, Map<String, Tool> tools, int maxTurns, Duration toolTimeout) {
        this.llm = llm;
        this.tools = tools;
        this.maxTurns = maxTurns;
        this.toolTimeout = toolTimeout;
    }

    /** @throws IllegalArgumentException if there is no tool, or two have one name */
    public static ToolLoop of(Llm llm, List<Tool> tools) {
        Objects.requireNonNull(llm, "llm");
        Map<String, Tool> byName = new LinkedHashMap<>();
        for (Tool tool : tools) {
            if (byName.put(tool.name(), tool) != null) {
                throw new IllegalArgumentException("two tools are named " + tool.name());
            }
        }
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("a loop with tools needs at least one");
        }
        return new ToolLoop(llm, byName, DEFAULT_MAX_TURNS, DEFAULT_TIMEOUT);
    }

    /**
     * The same with another number of turns, which is the number of model calls; default 10.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public ToolLoop withMaxTurns(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("maxTurns must be at least 1: " + value);
        }
        return new ToolLoop(llm, tools, value, toolTimeout);
    }

    /**
     * The same with another time for each run of a tool that has none of its own; default 60 s.
     *
     * @throws IllegalArgumentException if not positive
     */
    public ToolLoop withToolTimeout(Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("toolTimeout must be positive: " + value);
        }
        return new ToolLoop(llm, tools, maxTurns, value);
    }

    /** The same for code that blocks. */
    public BlockingToolLoop blocking() {
        return new BlockingToolLoop(this);
    }

    /**
     * Asks, with these tools beside the request's own conversation.
     *
     * @throws IllegalArgumentException if the request offers a tool that is none of these
     */
    public CompletableFuture<ToolAnswer> complete(LlmRequest request) {
        return start(llm.within(llm.context(request)), request);
    }

    /** Short for a request of one user message. */
    public CompletableFuture<ToolAnswer> complete(String prompt) {
        return complete(LlmRequest.of(prompt));
    }

    /**
     * Asks for an object in the end, as {@link dev.holdfast.llm.structured.StructuredLlm} does. An invalid object is asked for
     * again in the same conversation, so tools that have run do not run again.
     */
    public <T> CompletableFuture<StructuredAnswer<T>> complete(LlmRequest request, Class<T> type) {
        return complete(request, type, StructuredConfig.DEFAULTS);
    }

    /** As {@link #complete(LlmRequest, Class)}, in your own way; each answer that it counts is a loop's. */
    public <T> CompletableFuture<StructuredAnswer<T>> complete(
            LlmRequest request, Class<T> type, StructuredConfig config) {
        Llm within = llm.within(llm.context(request));
        Asking asking = asked -> Futures.map(start(within, asked), ToolLoop::asked);
        return StructuredCall.start(request, TypedSchema.of(type), config, asking);
    }

    private static Asking.Asked asked(ToolAnswer answer) {
        LlmRequest all = answer.conversation();
        boolean toolsUsed = answer.turns().size() > 1;
        LlmRequest before = all.toBuilder()
                .messages(all.messages().subList(0, all.messages().size() - 1))
                .toolChoice(toolsUsed ? afterFirstTurn(all.toolChoice()) : all.toolChoice())
                .build();
        return new Asking.Asked(before, answer.response(), answer.usage());
    }

    /** Whoever insists on a tool wants it once; insisting on would never end. */
    static @Nullable ToolChoice afterFirstTurn(@Nullable ToolChoice choice) {
        return ToolChoice.NONE.equals(choice) ? choice : null;
    }

    /**
     * Asks for the answer as a stream: the events of all turns in one, with one end. Tools run between the turns; usage counts
     * all turns so far. Cold: each subscription is one loop, and cancelling it cancels what runs. Until the first content of
     * each turn that turn is retried freely, after it nothing is repeated.
     *
     * @throws IllegalArgumentException if the request offers a tool that is none of these
     */
    public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
        LlmRequest whole = withDefinitions(request);
        return subscriber -> {
            Llm within = llm.within(llm.context(request));
            new ToolLoopStream(within::stream, subscriber).run(subscriber, asking -> start(within, asking, whole));
        };
    }

    /** Short for a request of one user message. */
    public Flow.Publisher<StreamEvent> stream(String prompt) {
        return stream(LlmRequest.of(prompt));
    }

    private CompletableFuture<ToolAnswer> start(Llm within, LlmRequest request) {
        return start(within, within::complete, withDefinitions(request));
    }

    private CompletableFuture<ToolAnswer> start(
            Llm within, Function<LlmRequest, CompletableFuture<LlmResponse>> asking, LlmRequest request) {
        return new ToolLoopCall(within, asking, tools, maxTurns, toolTimeout).start(request);
    }

    private LlmRequest withDefinitions(LlmRequest request) {
        for (ToolDefinition offered : request.tools()) {
            if (!tools.containsKey(offered.name())) {
                throw new IllegalArgumentException(
                        "the request offers the tool '" + offered.name() + "', which this loop cannot run");
            }
        }
        List<ToolDefinition> definitions = new ArrayList<>();
        tools.values().forEach(tool -> definitions.add(tool.definition()));
        return request.toBuilder().tools(definitions).build();
    }
}

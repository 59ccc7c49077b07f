// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is asked of a model in one call. Immutable: it copies what it is given, and what is given is never
 * changed. What is null or empty is left to the provider. {@code toString} never shows the prompt.
 */
public final class LlmRequest {
    private final @Nullable String system;
    private final List<Message> messages;
    private final List<ToolDefinition> tools;
    private final @Nullable ToolChoice toolChoice;
    private final @Nullable Boolean parallelToolCalls;
    private final @Nullable Integer maxTokens;
    private final @Nullable Double temperature;
    private final @Nullable Double topP;
    private final @Nullable Integer topK;
    private final @Nullable Double frequencyPenalty;
    private final @Nullable Double presencePenalty;
    private final List<String> stop;
    private final @Nullable Long seed;
    private final @Nullable Integer choices;
    private final @Nullable Boolean logprobs;
    private final @Nullable Integer topLogprobs;
    private final @Nullable String userId;
    private final ResponseFormat responseFormat;
    private final Map<String, String> metadata;
    private final boolean sideEffects;
    private final RequestTimeouts timeouts;
    private final StreamRecovery streamRecovery;
    private final String extraJson;
    private final Extra extra;

    LlmRequest(LlmRequestBuilder from) {
        system = from.system;
        messages = List.copyOf(from.messages);
        tools = List.copyOf(from.tools);
        toolChoice = from.toolChoice;
        parallelToolCalls = from.parallelToolCalls;
        maxTokens = from.maxTokens;
        temperature = from.temperature;
        topP = from.topP;
        topK = from.topK;
        frequencyPenalty = from.frequencyPenalty;
        presencePenalty = from.presencePenalty;
        stop = List.copyOf(from.stop);
        seed = from.seed;
        choices = from.choices;
        logprobs = from.logprobs;
        topLogprobs = from.topLogprobs;
        userId = from.userId;
        responseFormat = from.responseFormat;
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(from.metadata));
        sideEffects = from.sideEffects;
        timeouts = from.timeouts;
        streamRecovery = from.streamRecovery;
        extraJson = from.extraJson;
        extra = from.extra;
    }

    /** One user message and nothing else. */
    public static LlmRequest of(String prompt) {
        return builder().user(prompt).build();
    }

    public static LlmRequestBuilder builder() {
        return new LlmRequestBuilder();
    }

    /** A builder that starts from this request. */
    public LlmRequestBuilder toBuilder() {
        LlmRequestBuilder builder = new LlmRequestBuilder();
        builder.system = system;
        builder.messages.addAll(messages);
        builder.tools.addAll(tools);
        builder.toolChoice = toolChoice;
        builder.parallelToolCalls = parallelToolCalls;
        builder.maxTokens = maxTokens;
        builder.temperature = temperature;
        builder.topP = topP;
        builder.topK = topK;
        builder.frequencyPenalty = frequencyPenalty;
        builder.presencePenalty = presencePenalty;
        builder.stop = stop;
        builder.seed = seed;
        builder.choices = choices;
        builder.logprobs = logprobs;
        builder.topLogprobs = topLogprobs;
        builder.userId = userId;
        builder.responseFormat = responseFormat;
        builder.metadata.putAll(metadata);
        builder.sideEffects = sideEffects;
        builder.timeouts = timeouts;
        builder.streamRecovery = streamRecovery;
        builder.extraJson = extraJson;
        builder.extra = extra;
        return builder;
    }

    public LlmRequest withMessages(List<Message> newMessages) {
        return toBuilder().messages(newMessages).build();
    }

    public LlmRequest withMessage(Message added) {
        return toBuilder().message(added).build();
    }

    public LlmRequest withMaxTokens(@Nullable Integer newMaxTokens) {
        return toBuilder().maxTokens(newMaxTokens).build();
    }

    public LlmRequest withResponseFormat(ResponseFormat newFormat) {
        return toBuilder().responseFormat(newFormat).build();
    }

    public LlmRequest withTimeouts(RequestTimeouts newTimeouts) {
        return toBuilder().timeouts(newTimeouts).build();
    }

    /** The system prompt; null when there is none. */
    public @Nullable String system() {
        return system;
    }

    public List<Message> messages() {
        return messages;
    }

    public List<ToolDefinition> tools() {
        return tools;
    }

    public @Nullable ToolChoice toolChoice() {
        return toolChoice;
    }

    /** Whether the model may ask for several tools at once. */
    public @Nullable Boolean parallelToolCalls() {
        return parallelToolCalls;
    }

    /** The most tokens that the answer may have, reasoning included. */
    public @Nullable Integer maxTokens() {
        return maxTokens;
    }

    public @Nullable Double temperature() {
        return temperature;
    }

    public @Nullable Double topP() {
        return topP;
    }

    /** From how many of the likeliest tokens the next one is drawn; not known to OpenAI. */
    public @Nullable Integer topK() {
        return topK;
    }

    /** From -2 to 2, against repeating what was said often; not known to Anthropic. */
    public @Nullable Double frequencyPenalty() {
        return frequencyPenalty;
    }

    /** From -2 to 2, against repeating what was said at all; not known to Anthropic. */
    public @Nullable Double presencePenalty() {
        return presencePenalty;
    }

    /** Sequences that end the answer. */
    public List<String> stop() {
        return stop;
    }

    public @Nullable Long seed() {
        return seed;
    }

    /**
     * How many answers to give, OpenAI's {@code n}. {@link LlmResponse#content()} is the first; the others are kept in
     * {@link LlmResponse#extra()}. Not known to Anthropic.
     */
    public @Nullable Integer choices() {
        return choices;
    }

    /** Whether the answer shall state how likely its tokens were, in {@link LlmResponse#extra()}; not known to Anthropic. */
    public @Nullable Boolean logprobs() {
        return logprobs;
    }

    /** How many further candidates to state for each token; not known to Anthropic. */
    public @Nullable Integer topLogprobs() {
        return topLogprobs;
    }

    /** Who asks, as an opaque id for the provider's abuse detection: OpenAI's {@code user}, Anthropic's {@code user_id}. */
    public @Nullable String userId() {
        return userId;
    }

    /** {@link ResponseFormat#TEXT} unless set. */
    public ResponseFormat responseFormat() {
        return responseFormat;
    }

    /** Labels for the provider's own records, in the order given. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Whether carrying the call out twice does harm: then a loss after sending is not repeated. False unless set. */
    public boolean sideEffects() {
        return sideEffects;
    }

    public RequestTimeouts timeouts() {
        return timeouts;
    }

    /** {@link StreamRecovery#NONE} unless set. */
    public StreamRecovery streamRecovery() {
        return streamRecovery;
    }

    /** Further fields of the provider's request as a JSON object, put on top of the encoded body; {@code {}} unless set. */
    public String extraJson() {
        return extraJson;
    }

    /** Further fields that only one dialect knows, as a client of that dialect sent them. */
    public Extra extra() {
        return extra;
    }

    private List<@Nullable Object> components() {
        return Arrays.asList(
                system,
                messages,
                tools,
                toolChoice,
                parallelToolCalls,
                maxTokens,
                temperature,
                topP,
                topK,
                frequencyPenalty,
                presencePenalty,
                stop,
                seed,
                choices,
                logprobs,
                topLogprobs,
                userId,
                responseFormat,
                metadata,
                sideEffects,
                timeouts,
                streamRecovery,
                extraJson,
                extra);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LlmRequest request && components().equals(request.components());
    }

    @Override
    public int hashCode() {
        return components().hashCode();
    }

    @Override
    public String toString() {
        return "LlmRequest[" + messages.size() + " messages, " + tools.size() + " tools, maxTokens=" + maxTokens + "]";
    }
}

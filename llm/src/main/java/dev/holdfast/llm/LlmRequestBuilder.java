// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a request; not thread-safe, may be used again after {@link #build()}.
 * What is not set is left to the provider; see {@link LlmRequest} for what each part means.
 */
public final class LlmRequestBuilder {
    @Nullable
    String system;

    final List<Message> messages = new ArrayList<>();
    final List<ToolDefinition> tools = new ArrayList<>();

    @Nullable
    ToolChoice toolChoice;

    @Nullable
    Boolean parallelToolCalls;

    @Nullable
    Integer maxTokens;

    @Nullable
    Double temperature;

    @Nullable
    Double topP;

    @Nullable
    Integer topK;

    @Nullable
    Double frequencyPenalty;

    @Nullable
    Double presencePenalty;

    List<String> stop = List.of();

    @Nullable
    Long seed;

    @Nullable
    Integer choices;

    @Nullable
    Boolean logprobs;

    @Nullable
    Integer topLogprobs;

    @Nullable
    String userId;

    ResponseFormat responseFormat = ResponseFormat.TEXT;
    final Map<String, String> metadata = new LinkedHashMap<>();
    boolean sideEffects;
    RequestTimeouts timeouts = RequestTimeouts.CONFIGURED;
    StreamRecovery streamRecovery = StreamRecovery.NONE;
    String extraJson = "{}";
    Extra extra = Extra.NONE;

    LlmRequestBuilder() {}

    public LlmRequestBuilder system(@Nullable String value) {
        system = value;
        return this;
    }

    public LlmRequestBuilder user(String text) {
        return message(Message.user(text));
    }

    public LlmRequestBuilder message(Message message) {
        messages.add(Objects.requireNonNull(message, "message"));
        return this;
    }

    /** Replaces all messages. */
    public LlmRequestBuilder messages(List<Message> values) {
        List<Message> copy = List.copyOf(values);
        messages.clear();
        messages.addAll(copy);
        return this;
    }

    public LlmRequestBuilder tool(ToolDefinition tool) {
        tools.add(Objects.requireNonNull(tool, "tool"));
        return this;
    }

    /** Replaces all tools. */
    public LlmRequestBuilder tools(List<ToolDefinition> values) {
        List<ToolDefinition> copy = List.copyOf(values);
        tools.clear();
        tools.addAll(copy);
        return this;
    }

    public LlmRequestBuilder toolChoice(@Nullable ToolChoice value) {
        toolChoice = value;
        return this;
    }

    public LlmRequestBuilder parallelToolCalls(@Nullable Boolean value) {
        parallelToolCalls = value;
        return this;
    }

    /** @throws IllegalArgumentException if not positive */
    public LlmRequestBuilder maxTokens(@Nullable Integer value) {
        if (value != null && value <= 0) {
            throw new IllegalArgumentException("maxTokens must be positive: " + value);
        }
        maxTokens = value;
        return this;
    }

    public LlmRequestBuilder temperature(@Nullable Double value) {
        temperature = value;
        return this;
    }

    public LlmRequestBuilder topP(@Nullable Double value) {
        topP = value;
        return this;
    }

    public LlmRequestBuilder topK(@Nullable Integer value) {
        topK = value;
        return this;
    }

    public LlmRequestBuilder frequencyPenalty(@Nullable Double value) {
        frequencyPenalty = value;
        return this;
    }

    public LlmRequestBuilder presencePenalty(@Nullable Double value) {
        presencePenalty = value;
        return this;
    }

    public LlmRequestBuilder stop(String... sequences) {
        stop = List.of(sequences);
        return this;
    }

    public LlmRequestBuilder seed(@Nullable Long value) {
        seed = value;
        return this;
    }

    /** @throws IllegalArgumentException if not positive */
    public LlmRequestBuilder choices(@Nullable Integer value) {
        if (value != null && value <= 0) {
            throw new IllegalArgumentException("choices must be positive: " + value);
        }
        choices = value;
        return this;
    }

    public LlmRequestBuilder logprobs(@Nullable Boolean value) {
        logprobs = value;
        return this;
    }

    public LlmRequestBuilder topLogprobs(@Nullable Integer value) {
        topLogprobs = value;
        return this;
    }

    /** Who asks, see {@link LlmRequest#userId()}. */
    public LlmRequestBuilder userId(@Nullable String value) {
        userId = value;
        return this;
    }

    public LlmRequestBuilder responseFormat(ResponseFormat value) {
        responseFormat = Objects.requireNonNull(value, "responseFormat");
        return this;
    }

    public LlmRequestBuilder metadata(String name, String value) {
        metadata.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    public LlmRequestBuilder sideEffects(boolean value) {
        sideEffects = value;
        return this;
    }

    public LlmRequestBuilder timeouts(RequestTimeouts value) {
        timeouts = Objects.requireNonNull(value, "timeouts");
        return this;
    }

    /** What becomes of a stream that is interrupted after its first content. */
    public LlmRequestBuilder streamRecovery(StreamRecovery value) {
        streamRecovery = Objects.requireNonNull(value, "streamRecovery");
        return this;
    }

    /** @throws IllegalArgumentException if it is not a JSON object */
    public LlmRequestBuilder extraJson(String json) {
        Json.requireObject(json, "extraJson");
        extraJson = json;
        return this;
    }

    /** Fields that only one dialect knows; on top of what is encoded, below {@link #extraJson}. */
    public LlmRequestBuilder extra(Extra value) {
        extra = Objects.requireNonNull(value, "extra");
        return this;
    }

    /** @throws IllegalArgumentException if there is no message */
    public LlmRequest build() {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a request needs at least one message");
        }
        return new LlmRequest(this);
    }
}

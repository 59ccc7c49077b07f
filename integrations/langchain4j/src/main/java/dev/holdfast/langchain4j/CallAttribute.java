// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.CallContext;
import dev.holdfast.CallOptions;
import dev.holdfast.CallReport;
import dev.holdfast.limit.Priority;
import dev.langchain4j.model.chat.ChatRequestOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one call of a resilient model wants, as a listener attribute of LangChain4j's {@code ChatRequestOptions}. They never
 * reach a provider's request body, and listeners see them.
 *
 * <pre>{@code
 * ChatRequestOptions options = ChatRequestOptions.builder()
 *         .addListenerAttribute(CallAttribute.DEADLINE, Duration.ofSeconds(20))
 *         .build();
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <T> the type that the value must have
 */
public final class CallAttribute<T> {
    /** From the start of the call to its end, attempts and waits included; positive. */
    public static final CallAttribute<Duration> DEADLINE = new CallAttribute<>("deadline", Duration.class);

    /** Who goes first where calls wait for a slot. */
    public static final CallAttribute<Priority> PRIORITY = new CallAttribute<>("priority", Priority.class);

    /** How many attempts the call may make; at least 1. */
    public static final CallAttribute<Integer> MAX_ATTEMPTS = new CallAttribute<>("maxAttempts", Integer.class);

    /** Whether an attempt that was lost after it was sent must not be repeated. */
    public static final CallAttribute<Boolean> SIDE_EFFECTS = new CallAttribute<>("sideEffects", Boolean.class);

    /** The call that this one is made within: it shares that one's id and deadline. Delegates are given that of their call. */
    public static final CallAttribute<CallContext> CONTEXT = new CallAttribute<>("context", CallContext.class);

    /** Sent as {@code Idempotency-Key} with every attempt, where the model stands on Holdfast's HTTP client. */
    public static final CallAttribute<String> IDEMPOTENCY_KEY = new CallAttribute<>("idempotencyKey", String.class);

    /** Set by the resilient model for the listeners' {@code onResponse} and {@code onError}: who was asked, and who served. */
    public static final CallAttribute<CallReport> REPORT = new CallAttribute<>("report", CallReport.class);

    private final String name;
    private final Class<T> type;

    private CallAttribute(String name, Class<T> type) {
        this.name = name;
        this.type = type;
    }

    /**
     * The value among listener attributes; null when there is none.
     *
     * @throws IllegalArgumentException if it has the wrong type
     */
    public @Nullable T in(Map<Object, Object> attributes) {
        Object value = attributes.get(this);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("attribute " + name + " must be a " + type.getSimpleName() + ", not a "
                    + value.getClass().getName());
        }
        return type.cast(value);
    }

    static CallOptions options(Map<Object, Object> attributes) {
        return CallOptions.none()
                .withDeadline(DEADLINE.in(attributes))
                .withContext(CONTEXT.in(attributes))
                .withMaxAttempts(MAX_ATTEMPTS.in(attributes))
                .withSideEffects(Boolean.TRUE.equals(SIDE_EFFECTS.in(attributes)))
                .withPriority(Objects.requireNonNullElse(PRIORITY.in(attributes), Priority.NORMAL));
    }

    /** The options for a delegate: a resilient model further in shares the deadline, and listeners see the call's id. */
    static ChatRequestOptions within(ChatRequestOptions options, CallContext context) {
        Map<Object, Object> attributes = new LinkedHashMap<>(options.listenerAttributes());
        attributes.put(CONTEXT, context);
        return ChatRequestOptions.builder().listenerAttributes(attributes).build();
    }

    @Override
    public String toString() {
        return "holdfast." + name;
    }
}

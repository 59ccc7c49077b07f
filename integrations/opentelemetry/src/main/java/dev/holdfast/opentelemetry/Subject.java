// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import dev.holdfast.CallOptions;
import dev.holdfast.event.CallEvent;
import dev.holdfast.llm.LlmOperation;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.target.Target;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a call is about, in the words of the conventions; a call to something else than a model has neutral ones.
 *
 * @param operation null for a call that is not to a model
 * @param first where it goes first
 */
record Subject(@Nullable LlmOperation operation, Target first) {
    static Subject of(CallEvent.CallStarted started, CallOptions options) {
        return new Subject(
                options.subject() instanceof LlmOperation known ? known : null,
                started.targets().get(0));
    }

    boolean isStream() {
        return operation instanceof LlmOperation.Chat chat && chat.stream();
    }

    String callName() {
        return operation == null ? "call " + first.name() : modelName(operation, first);
    }

    String attemptName(Target target) {
        return operation == null ? "attempt " + target.name() : modelName(operation, target);
    }

    private static String modelName(LlmOperation operation, Target target) {
        return target.model().isEmpty() ? operation.word() : operation.word() + " " + target.model();
    }

    /** What talks to a model is a client; what else a guarded call may be is not known. */
    SpanKind callKind() {
        return operation == null ? SpanKind.INTERNAL : SpanKind.CLIENT;
    }

    /** As an operation is labelled in metrics, and a span begins. */
    Attributes labels(Target target) {
        if (operation == null) {
            return Attributes.empty();
        }
        AttributesBuilder labels = Attributes.builder()
                .put(Names.OPERATION, operation.word())
                .put(Names.PROVIDER, Presets.conventionalName(target.provider()));
        if (!target.model().isEmpty()) {
            labels.put(Names.REQUEST_MODEL, target.model());
        }
        return labels.build();
    }

    /** What the request asks for besides its words. */
    Attributes request() {
        AttributesBuilder asked = Attributes.builder();
        if (operation instanceof LlmOperation.Chat chat) {
            LlmRequest request = chat.request();
            put(asked, Names.REQUEST_STREAM, chat.stream() ? true : null);
            put(asked, Names.MAX_TOKENS, wide(request.maxTokens()));
            put(asked, Names.TEMPERATURE, request.temperature());
            put(asked, Names.TOP_P, request.topP());
            Integer topK = request.topK();
            put(asked, Names.TOP_K, topK == null ? null : topK.doubleValue());
            put(asked, Names.SEED, request.seed());
            Integer choices = request.choices();
            put(asked, Names.CHOICES, choices == null || choices == 1 ? null : wide(choices));
            put(asked, Names.FREQUENCY_PENALTY, request.frequencyPenalty());
            put(asked, Names.PRESENCE_PENALTY, request.presencePenalty());
        }
        return asked.build();
    }

    private static @Nullable Long wide(@Nullable Integer value) {
        return value == null ? null : value.longValue();
    }

    private static <T> void put(AttributesBuilder to, AttributeKey<T> key, @Nullable T value) {
        if (value != null) {
            to.put(key, value);
        }
    }

    /** Where a target is, as far as its endpoint says. */
    static Attributes server(Target target) {
        if (target.endpoint().isEmpty()) {
            return Attributes.empty();
        }
        try {
            URI endpoint = URI.create(target.endpoint());
            String host = endpoint.getHost();
            if (host == null) {
                return Attributes.empty();
            }
            int port = endpoint.getPort() >= 0 ? endpoint.getPort() : "http".equals(endpoint.getScheme()) ? 80 : 443;
            return Attributes.of(Names.SERVER_ADDRESS, host, Names.SERVER_PORT, (long) port);
        } catch (IllegalArgumentException e) {
            return Attributes.empty(); // a name of the user's own, not an address
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.AttemptReport;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.ProviderException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes JSON for those who look at the gateway. What is written about a call is the same in the log and on the page. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** What the action writes, in UTF-8. */
    public static byte[] bytes(Consumer<JsonGenerator> action) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        write(bytes, action);
        return bytes.toByteArray();
    }

    /** Adds what the action writes. */
    static void write(ByteArrayOutputStream bytes, Consumer<JsonGenerator> action) {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            action.accept(json);
        }
    }

    /** One call as an object. */
    public static void call(JsonGenerator json, CallRecord call) {
        json.writeStartObject();
        json.writeStringProperty(
                "time", Instant.ofEpochMilli(call.startedAtMillis()).toString());
        json.writeStringProperty("call_id", call.callId());
        json.writeStringProperty("client", call.client());
        json.writeStringProperty("model", call.model());
        json.writeStringProperty("operation", call.operation());
        json.writeBooleanProperty("stream", call.stream());
        json.writeNumberProperty("status", call.status());
        json.writeStringProperty("outcome", call.outcome());
        json.writeStringProperty("code", call.code());
        json.writeStringProperty("target", call.target());
        json.writeArrayPropertyStart("attempts");
        call.attempts().forEach(attempt -> attempt(json, attempt));
        json.writeEndArray();
        json.writeNumberProperty("waited_ms", call.waited().toMillis());
        json.writeNumberProperty("elapsed_ms", call.elapsed().toMillis());
        millis(json, "first_content_ms", call.firstContent());
        json.writeNumberProperty("input_tokens", call.inputTokens());
        json.writeNumberProperty("output_tokens", call.outputTokens());
        json.writeEndObject();
    }

    private static void attempt(JsonGenerator json, AttemptReport attempt) {
        Failure failure = attempt.failure();
        json.writeStartObject();
        json.writeStringProperty("target", attempt.target().name());
        json.writeStringProperty("outcome", attempt.outcome().word());
        json.writeStringProperty(
                "category", failure == null ? null : failure.category().word());
        if (failure != null && failure.cause() instanceof ProviderException answer && answer.status() > 0) {
            json.writeNumberProperty("status", answer.status());
        }
        json.writeNumberProperty("elapsed_ms", attempt.elapsed().toMillis());
        json.writeNumberProperty("waited_ms", attempt.waited().toMillis());
        if (attempt.hedge()) {
            json.writeBooleanProperty("hedge", true);
        }
        json.writeEndObject();
    }

    /** In milliseconds and tenths of them; null where there is none. */
    public static void fineMillis(JsonGenerator json, String name, @Nullable Duration duration) {
        if (duration == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, Math.round(duration.toNanos() / 1e5) / 10.0);
        }
    }

    /** In whole milliseconds; null where there is none. */
    public static void millis(JsonGenerator json, String name, @Nullable Duration duration) {
        if (duration == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, duration.toMillis());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.stream.ServerSentEvent;
import dev.holdfast.llm.stream.SseParser;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A stream of events that name their type, as OpenAI's responses are: it commits with the first event that is more than an
 * opening. What is no event stream is no answer.
 */
final class TypedEvents implements Reading {
    private static final Set<String> OPENING = Set.of(
            "ping",
            "response.created",
            "response.queued",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added");
    private static final Set<String> CLOSING =
            Set.of("response.completed", "response.incomplete", "response.failed", "[DONE]");

    private final ErrorReader errors;
    private final ResponseHead head;
    private final boolean needsClosing;
    private final SseParser parser;
    private boolean sawEvent;
    private boolean commits;
    private boolean complete;
    private @Nullable Failure failure;

    /** @param needsClosing whether only one of the closing events makes the stream whole */
    TypedEvents(ErrorReader errors, ResponseHead head, boolean needsClosing) {
        this.errors = errors;
        this.head = head;
        this.needsClosing = needsClosing;
        this.parser =
                new SseParser(errors.limits().eventBytes(), errors.limits().eventBytes());
    }

    @Override
    public boolean framed() {
        return true;
    }

    @Override
    public void feed(byte[] bytes) {
        parser.feed(ByteBuffer.wrap(bytes), this::onEvent);
    }

    private void onEvent(ServerSentEvent event) {
        if (failure != null || complete) {
            return;
        }
        sawEvent = true;
        JsonNode data = Json.objectOrNull(event.data());
        String type = typeOf(event, data);
        boolean broken = type.equals("error") || (type.equals("response.failed") && !commits);
        if (broken) {
            JsonNode error = data == null ? null : data.path("response").path("error");
            String payload = error == null || !error.isObject() ? event.data() : "{\"error\":" + error + "}";
            failure = errors.response(head, payload.getBytes(StandardCharsets.UTF_8))
                    .failure();
        } else {
            complete = CLOSING.contains(type);
            commits |= complete || !OPENING.contains(type);
        }
    }

    private static String typeOf(ServerSentEvent event, @Nullable JsonNode data) {
        if (data == null) {
            return event.data().strip();
        }
        return data.has("error") && !data.has("type")
                ? "error"
                : data.path("type").asString(event.type());
    }

    @Override
    public void end() {
        parser.end(this::onEvent);
        if (failure != null || complete) {
            return;
        }
        if (!sawEvent) {
            failure = errors.unreadable(head, new byte[0]).failure();
        } else if (needsClosing) {
            failure = Failure.of(
                    Category.STREAM_INTERRUPTED, "stream.no_terminal", "the stream ended without its closing event");
        } else {
            complete = true;
        }
    }

    @Override
    public void fail(Throwable error) {
        if (!complete) {
            failure = errors.thrown(error, head, commits, true);
        }
    }

    @Override
    public boolean commits() {
        return commits;
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public @Nullable Failure failure() {
        return failure;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Answers;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.stream.ServerSentEvent;
import dev.holdfast.llm.stream.SseParser;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A streamed answer of Gemini's own API. It commits with its first content. No event closes it, and there are models that
 * give a finish reason with every event: it is whole when the body has ended as HTTP says and a finish reason was in it.
 */
final class GeminiStream implements Reading {
    private static final Failure MALFORMED = Failure.of(
            Category.STREAM_INTERRUPTED, "stream.malformed", "the stream holds an event that cannot be read");
    private static final Failure UNFINISHED =
            Failure.of(Category.STREAM_INTERRUPTED, "stream.no_terminal", "the stream ended without a finish reason");

    private final ErrorReader errors;
    private final ResponseHead head;
    private final Consumer<Usage> usage;
    private final SseParser parser;
    private byte[] last = new byte[0];
    private boolean content;
    private boolean commits;
    private @Nullable String finish;
    private boolean complete;
    private @Nullable Failure failure;

    GeminiStream(ErrorReader errors, ResponseHead head, Consumer<Usage> usage) {
        this.errors = errors;
        this.head = head;
        this.usage = usage;
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
        if (failure != null) {
            return;
        }
        last = event.data().getBytes(StandardCharsets.UTF_8);
        ObjectNode object = Json.objectOrNull(event.data());
        if (object == null) {
            failure = commits ? MALFORMED : errors.unreadable(head, last).failure();
        } else if (Answers.isError(object)) {
            failure = errors.response(head, last).failure();
        } else {
            take(GeminiAnswer.of(object));
        }
    }

    private void take(GeminiAnswer answer) {
        content |= answer.content();
        commits |= answer.content() || answer.thought();
        finish = answer.end() == null ? finish : answer.end();
        if (answer.usage() != null) {
            usage.accept(answer.usage());
        }
    }

    @Override
    public void end() {
        parser.end(this::onEvent);
        if (failure != null) {
            return;
        }
        if (last.length > 0 && finish == null) {
            failure = UNFINISHED;
        } else if (GeminiAnswer.isEmpty(content, finish)) {
            failure = errors.response(head, last).failure(); // the rules tell a refusal from nothing at all
        } else {
            complete = true;
        }
    }

    @Override
    public void fail(Throwable error) {
        failure = errors.thrown(error, head, commits, true);
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

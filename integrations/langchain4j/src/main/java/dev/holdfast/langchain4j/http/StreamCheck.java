// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.dialect.StreamDecoder;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stream is what it should be, by the rules of its dialect. It reads along: every event is decoded once more,
 * and an event that is an error, or the lack of a last one, is told before LangChain4j can take it for an end. For an endpoint
 * without a dialect only a body that is no event stream at all is found out. Not thread-safe.
 */
final class StreamCheck {
    private static final int PREVIEW_BYTES = 64 << 10;

    private final ResponseHead head;
    private final Wire wire;
    private final @Nullable StreamDecoder decoder;
    /** The beginning of a body that has not shown an event yet: perhaps it is an error, or a page. */
    private final BoundedBody preview = new BoundedBody(PREVIEW_BYTES);

    private boolean sawEvent;
    private boolean finished;
    private @Nullable Failure failure;

    StreamCheck(ResponseHead head, Wire wire) {
        this.head = head;
        this.wire = wire;
        this.decoder = wire.dialect() == null ? null : wire.dialect().streamDecoder(head, this::onDecoded);
    }

    private void onDecoded(StreamEvent event) {
        if (event instanceof StreamEvent.Error error) {
            failure = error.failure();
        } else if (event instanceof StreamEvent.Finish) {
            finished = true;
        }
    }

    /** Whether the answer is whole: whatever follows does not belong to it. */
    boolean finished() {
        return finished;
    }

    boolean contentSeen() {
        return decoder != null && decoder.contentStarted();
    }

    void onBytes(ByteBuffer bytes) {
        if (!sawEvent) {
            preview.add(bytes.duplicate());
        }
    }

    /** @throws ProviderException if the event ends the answer badly */
    void onEvent(ServerSentEvent event) {
        sawEvent = true;
        if (decoder == null || finished) {
            return;
        }
        String name = event.event() == null ? "" : "event: " + event.event() + '\n';
        String data = "data: " + event.data().replace("\n", "\ndata: ") + "\n\n";
        decoder.feed(ByteBuffer.wrap((name + data).getBytes(StandardCharsets.UTF_8)));
        throwIfFailed();
    }

    /** @throws ProviderException if the stream is over before its answer */
    void onEnd() {
        if (!sawEvent) {
            endWithoutEvents();
        } else if (decoder != null) {
            decoder.end();
        }
        throwIfFailed();
    }

    private void endWithoutEvents() {
        if (decoder == null) {
            if (head.mediaType().equals("text/html")) {
                throw wire.errors().unreadable(head, preview.toBytes());
            }
            return;
        }
        decoder.feed(ByteBuffer.wrap(preview.toBytes()));
        decoder.end();
        if (finished) {
            failure = Failure.of(
                    Category.SERVER_ERROR, "response.not_streamed", "the server answered a stream request at one go");
        }
    }

    private void throwIfFailed() {
        Failure found = failure;
        if (found != null) {
            throw found.cause() instanceof ProviderException known
                    ? known
                    : new ProviderException(found, head.status(), Map.of());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.StreamDecoder;
import dev.holdfast.llm.dialect.StreamEncoder;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a target streams, as its client gets it. Everything is read by the target's decoder, which knows content, ends and
 * errors. Where both speak the same dialect, whole events go on as the bytes that they are; the one that ends the answer is
 * the last, and one that reports an error does not go on at all. Otherwise the decoder's events are written anew. For one
 * stream; not thread-safe.
 */
final class Relay {
    /** What may be held back before the first content: far more than any opening, far less than would hurt. */
    private static final int MOST_HELD_BYTES = 1 << 20;

    private static final Failure NO_CONTENT =
            Failure.of(Category.SERVER_ERROR, "stream.no_content", "the stream goes on and on without any content");

    private final StreamDecoder decoder;
    private final StreamEncoder encoder;
    private final Wire wire;
    private final FrameCutter cutter = new FrameCutter();
    /** The event that has begun and not ended. */
    private final List<ByteBuffer> open = new ArrayList<>(2);

    private boolean translated;
    private boolean content;
    private List<ByteBuffer> ready = new ArrayList<>(4);
    private long heldBytes;
    private Usage usage = Usage.NONE;
    private @Nullable StreamEvent end;

    Relay(Dialect dialect, ResponseHead head, Wire wire, StreamEncoder encoder) {
        this.wire = wire;
        this.encoder = encoder;
        this.translated = !dialect.name().equals(wire.dialect().name());
        this.decoder = dialect.streamDecoder(head, this::onEvent);
    }

    private void onEvent(StreamEvent event) {
        content |= event.isContent();
        if (event instanceof StreamEvent.UsageUpdate update) {
            usage = update.usage();
        } else if (event instanceof StreamEvent.Finish finish) {
            usage = finish.response().usage();
        }
        end = event.isTerminal() ? event : end;
        if (translated && !(event instanceof StreamEvent.Error)) {
            add(encoder.encode(event));
        }
    }

    private void add(byte[] bytes) {
        if (bytes.length > 0) {
            ready.add(ByteBuffer.wrap(bytes));
        }
    }

    /** The next bytes of the body. */
    void feed(ByteBuffer piece) {
        if (translated) {
            decoder.feed(piece);
        } else {
            heldBytes += piece.remaining();
            passOn(piece);
            if (decoder.isWhole()) {
                // No stream after all, but an answer or an error in one piece: it is told as a stream when it is whole.
                translated = true;
                ready.clear();
                open.clear();
            } else if (end == null && heldBytes > MOST_HELD_BYTES && !commits()) {
                end = new StreamEvent.Error(NO_CONTENT, "");
            }
        }
    }

    private void passOn(ByteBuffer piece) {
        int from = piece.position();
        int limit = piece.limit();
        int at = from;
        int whole = from;
        while (end == null && at < limit) {
            int behind = cutter.end(piece, at);
            int stop = behind < 0 ? limit : behind;
            decoder.feed(slice(piece, at, stop));
            at = stop;
            whole = behind < 0 || end instanceof StreamEvent.Error ? whole : behind;
        }
        if (whole > from) {
            ready.addAll(open);
            open.clear();
            ready.add(slice(piece, from, whole));
        }
        if (end == null && whole < limit) {
            open.add(slice(piece, whole, limit));
        }
    }

    private static ByteBuffer slice(ByteBuffer piece, int from, int to) {
        return piece.duplicate().limit(to).position(from);
    }

    /** The body is complete as far as HTTP can tell. */
    void end() {
        if (!translated && !open.isEmpty() && end == null) {
            // Its blank line is missing. What is cut shows in the data itself.
            ByteBuffer blankLine = ByteBuffer.wrap(new byte[] {'\n', '\n'});
            decoder.feed(blankLine.duplicate());
            if (!(end instanceof StreamEvent.Error)) {
                ready.addAll(open);
                ready.add(blankLine);
            }
        }
        if (end == null) {
            decoder.end();
            endedUnsaid();
        }
    }

    /** The transport failed. */
    void fail(Throwable error, boolean sent) {
        if (end == null) {
            decoder.fail(error, sent);
            endedUnsaid();
        }
    }

    private void endedUnsaid() {
        if (!translated && end instanceof StreamEvent.Finish) {
            ready.add(wire.marker());
        }
    }

    /** Whether there is something that makes the attempt commit. */
    boolean commits() {
        return content || end instanceof StreamEvent.Finish || (!translated && decoder.contentStarted());
    }

    boolean contentStarted() {
        return content || decoder.contentStarted();
    }

    /** What ended the answer; null while it goes on. */
    @Nullable
    StreamEvent ended() {
        return end;
    }

    Usage usage() {
        return usage;
    }

    List<TranslationNote> translation() {
        return translated ? encoder.translation() : List.of();
    }

    /** What can go out since the last call. */
    List<ByteBuffer> take() {
        List<ByteBuffer> taken = ready;
        ready = new ArrayList<>(4);
        return taken;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.stream.ServerSentEvent;
import dev.holdfast.llm.stream.SseLimitException;
import dev.holdfast.llm.stream.SseParser;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns the body of one streamed response into {@link dev.holdfast.llm.StreamEvent}s, the last of which is a finish or
 * an error, exactly once. Not thread-safe: one thread at a time feeds, ends or fails it.
 *
 * <p>A body whose first character cannot begin an event stream is not one: servers answer a streaming request with
 * a page, an error object or a whole answer. It is gathered and read as such.
 */
public final class StreamDecoder {
    private static final int PREVIEW_BYTES = 4096;

    private enum Kind {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final StreamAssembly assembly;
    private final EventReader reader;
    private final SseParser parser;
    private final ResponseHead head;
    private final ErrorReader errors;
    private final BoundedBody body;
    private final BiFunction<ResponseHead, BoundedBody, LlmResponse> wholeReader;
    /** The beginning of a body that has not shown an event yet: perhaps it is plain text. */
    private final BoundedBody preview = new BoundedBody(PREVIEW_BYTES);

    private Kind kind = Kind.UNKNOWN;
    private boolean sawEvent;

    /** @param wholeReader reads a response that is not streamed after all; throws {@link ProviderException} */
    public StreamDecoder(
            ResponseHead head,
            StreamAssembly assembly,
            EventReader reader,
            ErrorReader errors,
            BiFunction<ResponseHead, BoundedBody, LlmResponse> wholeReader) {
        this.head = head;
        this.assembly = assembly;
        this.reader = reader;
        this.wholeReader = wholeReader;
        this.errors = errors;
        DecodeLimits limits = errors.limits();
        this.parser = new SseParser(limits.eventBytes(), limits.eventBytes());
        this.body = new BoundedBody(limits.responseBytes());
    }

    /** Takes the next bytes of the body. After the terminal event they are ignored. */
    public void feed(ByteBuffer bytes) {
        if (kind == Kind.UNKNOWN) {
            detect(bytes);
        }
        if (assembly.isTerminated()) {
            bytes.position(bytes.limit());
        } else if (kind == Kind.WHOLE) {
            if (!body.add(bytes)) {
                endWhole();
            }
        } else if (kind == Kind.EVENTS) {
            if (!sawEvent) {
                preview.add(bytes.duplicate());
            }
            try {
                parser.feed(bytes, this::onEvent);
            } catch (SseLimitException e) {
                assembly.tooLarge();
            }
        }
    }

    /** The body is complete as far as HTTP can tell. Without the dialect's terminal marker it is an interruption. */
    public void end() {
        if (assembly.isTerminated()) {
            return;
        }
        if (kind == Kind.WHOLE) {
            endWhole();
            return;
        }
        parser.end(this::onEvent);
        if (assembly.isTerminated()) {
            return;
        }
        if (reader.sawTerminalMarker()) {
            assembly.complete();
        } else if (sawEvent) {
            assembly.interrupted("the stream ended without its terminal marker");
        } else {
            endWithoutEvents();
        }
    }

    /**
     * The transport failed. An answer whose terminal marker has come is complete all the same.
     *
     * @param sent whether the server may have acted on the request
     */
    public void fail(Throwable error, boolean sent) {
        assembly.fail(error, reader.sawTerminalMarker(), sent);
    }

    /** The caller gives up, with a verdict of its own (a timeout, a deadline). Ends as {@link #fail(Throwable, boolean)}. */
    public void fail(Failure failure) {
        assembly.fail(failure, reader.sawTerminalMarker());
    }

    /**
     * Whether content has begun to arrive. True from the first piece of text, reasoning or a tool call on, although a
     * tool call is handed over only when it is whole: this ends the wait for the first content, while the attempt
     * commits with the first event that {@link dev.holdfast.llm.StreamEvent#isContent() is content}.
     */
    public boolean contentStarted() {
        return assembly.contentStarted();
    }

    /** Whether a tool call has begun to arrive. */
    public boolean toolCallStarted() {
        return assembly.toolCallStarted();
    }

    /** Whether the terminal event was handed over; then the exchange serves no purpose any more. */
    public boolean isTerminated() {
        return assembly.isTerminated();
    }

    /** Whether the body is no event stream, but a whole answer or an error, told as events at its end. */
    public boolean isWhole() {
        return kind == Kind.WHOLE;
    }

    /** All text received so far. */
    public String textSoFar() {
        return assembly.textSoFar();
    }

    private void onEvent(ServerSentEvent event) {
        sawEvent = true;
        if (!assembly.isTerminated()) {
            reader.onEvent(event);
        }
    }

    private void detect(ByteBuffer bytes) {
        int position = bytes.position();
        while (position < bytes.limit()) {
            byte next = bytes.get(position);
            boolean skipped = next == ' ' || next == '\t' || next == '\r' || next == '\n' || isByteOrderMark(next);
            if (!skipped) {
                kind = next == '{' || next == '[' || next == '<' ? Kind.WHOLE : Kind.EVENTS;
                return;
            }
            position++;
        }
        bytes.position(position); // blank lines and the mark mean nothing to either reader
    }

    private static boolean isByteOrderMark(byte value) {
        return value == (byte) 0xEF || value == (byte) 0xBB || value == (byte) 0xBF;
    }

    private void endWithoutEvents() {
        byte[] seen = preview.toBytes();
        boolean onlyComments = new String(seen, StandardCharsets.UTF_8)
                .lines()
                .allMatch(line -> line.isBlank() || line.startsWith(":"));
        if (onlyComments) {
            assembly.empty();
        } else {
            assembly.fail(errors.unreadable(head, seen).failure(), false);
        }
    }

    private void endWhole() {
        @Nullable LlmResponse whole = null;
        try {
            whole = wholeReader.apply(head, body);
        } catch (ProviderException e) {
            assembly.fail(e.failure(), false);
        }
        if (whole != null) {
            replay(whole);
        }
    }

    /** Tells a whole answer as if it had been streamed. */
    private void replay(LlmResponse whole) {
        assembly.begin(whole.id(), whole.model());
        int calls = 0;
        for (Content part : whole.content()) {
            if (part instanceof Content.Text piece) {
                assembly.text(piece.text(), Extra.NONE);
                assembly.endText(piece.extra());
            } else if (part instanceof Content.Reasoning thought && thought.redacted() == null) {
                assembly.reasoning(thought.text());
                if (thought.signature() != null) {
                    assembly.reasoningSignature(thought.signature());
                }
                assembly.endReasoning();
            } else if (part instanceof Content.ToolCall call) {
                assembly.toolFragment(calls++, call.id(), call.name(), call.argumentsJson(), call.extra());
            } else {
                assembly.part(part, 0);
            }
        }
        assembly.extraFrom(whole::extra);
        assembly.usage(whole.usage());
        assembly.finishReason(whole.finishReason());
        assembly.complete();
    }
}

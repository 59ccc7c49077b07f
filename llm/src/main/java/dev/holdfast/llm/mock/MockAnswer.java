// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.mock;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MockProvider} does with one call. Immutable.
 *
 * @param chunks the text, piece by piece as a stream tells it; joined in a whole answer
 * @param toolCalls what is asked for after the text
 * @param failure how it ends instead of well; null for a good end
 * @param usage tokens counted
 * @param delay silence before anything comes
 * @param pause silence before each further piece of a stream
 * @param silent whether nothing ever comes
 * @param derived whether text and tool calls are made from the request instead
 * @param finishReason why it ends where it ends well; null for stop, or tool_calls where it asks for tools
 */
public record MockAnswer(
        List<String> chunks,
        List<Content.ToolCall> toolCalls,
        @Nullable Failure failure,
        Usage usage,
        Duration delay,
        Duration pause,
        boolean silent,
        boolean derived,
        @Nullable FinishReason finishReason) {

    private static final Usage SOME = Usage.of(10, 10);

    public MockAnswer {
        chunks = List.copyOf(chunks);
        toolCalls = List.copyOf(toolCalls);
        Objects.requireNonNull(usage, "usage");
        if (delay.isNegative() || pause.isNegative()) {
            throw new IllegalArgumentException("delay and pause must not be negative");
        }
    }

    private static MockAnswer of(
            List<String> chunks, List<Content.ToolCall> toolCalls, @Nullable Failure failure, boolean derived) {
        return new MockAnswer(chunks, toolCalls, failure, SOME, Duration.ZERO, Duration.ZERO, false, derived, null);
    }

    /** Text; several pieces are the chunks of a stream. No piece at all is an empty answer. */
    public static MockAnswer text(String... chunks) {
        return of(List.of(chunks), List.of(), null, false);
    }

    /** Asks for a tool. */
    public static MockAnswer toolCall(String name, String argumentsJson) {
        return of(List.of(), List.of(new Content.ToolCall("call_1", name, argumentsJson)), null, false);
    }

    /** Asks for several tools in one turn; their ids should differ. */
    public static MockAnswer toolCalls(Content.ToolCall... calls) {
        return of(List.of(), List.of(calls), null, false);
    }

    /** Text that the token limit cut: it ends with finish reason {@code length}. */
    public static MockAnswer truncated(String... chunks) {
        return text(chunks).withFinishReason(FinishReason.LENGTH);
    }

    /** Fails before any content. */
    public static MockAnswer error(Category category) {
        return error(Failure.of(category, "mock", "made up " + category));
    }

    /** Fails before any content, and states a wait. */
    public static MockAnswer error(Category category, Duration retryAfter) {
        return error(Failure.of(category, "mock", "made up " + category).withHint(retryAfter));
    }

    /** Fails before any content. */
    public static MockAnswer error(Failure failure) {
        return of(List.of(), List.of(), failure, false);
    }

    /** A stream that breaks off after these pieces; a whole answer that was cut fails the same way. */
    public static MockAnswer cutAfter(String... chunks) {
        return of(
                List.of(chunks),
                List.of(),
                Failure.of(Category.STREAM_INTERRUPTED, "mock", "the stream was cut"),
                false);
    }

    /** Nothing, ever: what a server that hangs gives. */
    public static MockAnswer silence() {
        return new MockAnswer(List.of(), List.of(), null, SOME, Duration.ZERO, Duration.ZERO, true, false, null);
    }

    /**
     * Made from the request, always the same for the same one: asks for the first tool, or the one insisted on, until the
     * last message is a tool's result; gives an object that fits the response format; else repeats the last message.
     */
    public static MockAnswer derivedFromRequest() {
        return of(List.of(), List.of(), null, true);
    }

    /** The same after some silence. */
    public MockAnswer after(Duration newDelay) {
        return new MockAnswer(chunks, toolCalls, failure, usage, newDelay, pause, silent, derived, finishReason);
    }

    /** The same with silence before each piece of a stream but the first. */
    public MockAnswer withPause(Duration newPause) {
        return new MockAnswer(chunks, toolCalls, failure, usage, delay, newPause, silent, derived, finishReason);
    }

    public MockAnswer withUsage(Usage newUsage) {
        return new MockAnswer(chunks, toolCalls, failure, newUsage, delay, pause, silent, derived, finishReason);
    }

    public MockAnswer withFinishReason(FinishReason newReason) {
        return new MockAnswer(chunks, toolCalls, failure, usage, delay, pause, silent, derived, newReason);
    }

    MockAnswer saying(String text) {
        return new MockAnswer(List.of(text), List.of(), failure, usage, delay, pause, silent, false, finishReason);
    }

    MockAnswer asking(Content.ToolCall call) {
        return new MockAnswer(List.of(), List.of(call), failure, usage, delay, pause, silent, false, finishReason);
    }
}

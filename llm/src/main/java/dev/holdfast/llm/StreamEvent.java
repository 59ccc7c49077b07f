// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.CallReport;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Target;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event of a streamed answer. A stream ends with exactly one {@link Finish} or {@link Error}, and nothing follows.
 * Immutable; {@code toString} never shows what was said.
 */
public sealed interface StreamEvent {

    /** Whether this makes a part of the answer visible, so that the attempt commits with it. */
    default boolean isContent() {
        return false;
    }

    /** Whether nothing follows. */
    default boolean isTerminal() {
        return false;
    }

    /**
     * The next piece of text; never empty.
     *
     * @param extra fields beside the text that only one dialect knows, for example OpenAI's {@code logprobs}
     */
    record TextDelta(String text, Extra extra) implements StreamEvent {
        public TextDelta {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(extra, "extra");
        }

        public TextDelta(String text) {
            this(text, Extra.NONE);
        }

        @Override
        public boolean isContent() {
            return true;
        }

        @Override
        public String toString() {
            return "TextDelta[" + text.length() + " chars]";
        }
    }

    /**
     * A run of text is over; {@code text} is all of it.
     *
     * @param extra fields of the run that only one dialect knows, for example Anthropic's {@code citations}
     */
    record TextEnd(String text, Extra extra) implements StreamEvent {
        public TextEnd {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(extra, "extra");
        }

        public TextEnd(String text) {
            this(text, Extra.NONE);
        }

        @Override
        public String toString() {
            return "TextEnd[" + text.length() + " chars]";
        }
    }

    /** The model asks for a tool; given once, when its arguments are whole. */
    record ToolCallComplete(Content.ToolCall call) implements StreamEvent {
        public ToolCallComplete {
            Objects.requireNonNull(call, "call");
        }

        @Override
        public boolean isContent() {
            return true;
        }
    }

    /** The next piece of readable reasoning; never empty. */
    record ReasoningDelta(String text) implements StreamEvent {
        public ReasoningDelta {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public boolean isContent() {
            return true;
        }

        @Override
        public String toString() {
            return "ReasoningDelta[" + text.length() + " chars]";
        }
    }

    /** A run of reasoning is over; {@code reasoning} is all of it, with the provider's proof, or encrypted in place of text. */
    record ReasoningEnd(Content.Reasoning reasoning) implements StreamEvent {
        public ReasoningEnd {
            Objects.requireNonNull(reasoning, "reasoning");
        }
    }

    /** A part that only one dialect knows; given once, when it is whole. */
    record PartComplete(Content.Other part) implements StreamEvent {
        public PartComplete {
            Objects.requireNonNull(part, "part");
        }
    }

    /** Tokens counted so far; a later one replaces an earlier one. */
    record UsageUpdate(Usage usage) implements StreamEvent {
        public UsageUpdate {
            Objects.requireNonNull(usage, "usage");
        }
    }

    /**
     * The answer was interrupted, and what follows continues its text: here is the seam. Not an end, and no second answer:
     * the finish holds the joined text, the usage of both parts and all attempts.
     *
     * @param interruption why it broke off
     * @param at how many characters of text stand before the seam
     * @param target who continues
     */
    record Continued(Failure interruption, int at, Target target) implements StreamEvent {
        public Continued {
            Objects.requireNonNull(interruption, "interruption");
            Objects.requireNonNull(target, "target");
        }
    }

    /** The answer is whole. Its {@link LlmResponse#raw()} is null. */
    record Finish(LlmResponse response) implements StreamEvent {
        public Finish {
            Objects.requireNonNull(response, "response");
        }

        public FinishReason reason() {
            return response.finishReason();
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }

    /**
     * The answer failed.
     *
     * @param failure why
     * @param textSoFar all text that was received before; empty when there was none
     * @param report the attempts of the call; null where no engine guarded it
     */
    record Error(
            Failure failure, String textSoFar, @Nullable CallReport report) implements StreamEvent {
        public Error(Failure failure, String textSoFar) {
            this(failure, textSoFar, null);
        }

        public Error {
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(textSoFar, "textSoFar");
        }

        @Override
        public boolean isTerminal() {
            return true;
        }

        @Override
        public String toString() {
            return "Error[" + failure.category() + ", " + failure.rule() + ", " + textSoFar.length() + " chars so far]";
        }
    }
}

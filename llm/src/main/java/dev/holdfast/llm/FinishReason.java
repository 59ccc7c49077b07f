// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

/** Why a model stopped. The provider's own word stands in {@link LlmResponse#raw()}. */
public enum FinishReason {
    /** The model was done, or met a stop sequence. */
    STOP("stop"),
    /** The token limit, or the end of the context, cut the answer. */
    LENGTH("length"),
    /** The model waits for the results of the tools it called. */
    TOOL_CALLS("tool_calls"),
    /** A content policy ended the answer, or the model declined. */
    CONTENT_FILTER("content_filter"),
    /** Something that this version has no word for. */
    OTHER("other");

    private final String word;

    FinishReason(String word) {
        this.word = word;
    }

    /** Whether the answer was ended from outside, so that its last part may be half of one. */
    public boolean isCut() {
        return this == LENGTH || this == CONTENT_FILTER;
    }

    /** The word used in JSON, for example {@code tool_calls}. */
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

/**
 * Tokens counted by the provider. Immutable; a count that the provider did not state is 0.
 *
 * @param inputTokens all tokens of the prompt, cached ones included, whatever the dialect's own way of counting
 * @param outputTokens all tokens of the answer, reasoning included
 * @param cachedInputTokens the part of the input that was read from a prompt cache
 * @param cacheWriteTokens the part of the input that was written to a prompt cache
 * @param reasoningTokens the part of the output that was reasoning
 */
public record Usage(
        long inputTokens, long outputTokens, long cachedInputTokens, long cacheWriteTokens, long reasoningTokens) {

    /** Nothing counted. */
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

    public Usage {
        if (inputTokens < 0
                || outputTokens < 0
                || cachedInputTokens < 0
                || cacheWriteTokens < 0
                || reasoningTokens < 0) {
            throw new IllegalArgumentException("token counts must not be negative");
        }
    }

    /** Usage without cache or reasoning. */
    public static Usage of(long inputTokens, long outputTokens) {
        return new Usage(inputTokens, outputTokens, 0, 0, 0);
    }

    /** Input and output together. */
    public long totalTokens() {
        return inputTokens + outputTokens;
    }

    /** The sum, count by count. */
    public Usage plus(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                cachedInputTokens + other.cachedInputTokens,
                cacheWriteTokens + other.cacheWriteTokens,
                reasoningTokens + other.reasoningTokens);
    }
}

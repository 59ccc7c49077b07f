// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import dev.holdfast.llm.AnswerFacts;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.util.List;

/** Puts what is known of an answer on a span. */
final class Answers {
    private Answers() {}

    static void describe(Span span, AnswerFacts answer) {
        if (!answer.id().isEmpty()) {
            span.setAttribute(Names.RESPONSE_ID, answer.id());
        }
        if (!answer.model().isEmpty()) {
            span.setAttribute(Names.RESPONSE_MODEL, answer.model());
        }
        FinishReason reason = answer.finishReason();
        if (reason != null) {
            span.setAttribute(Names.FINISH_REASONS, List.of(reason.word()));
        }
        Usage usage = answer.usage();
        tokens(span, usage.inputTokens(), usage.outputTokens());
        tokens(span, Names.CACHE_READ_TOKENS, usage.cachedInputTokens());
        tokens(span, Names.CACHE_WRITE_TOKENS, usage.cacheWriteTokens());
        tokens(span, Names.REASONING_TOKENS, usage.reasoningTokens());
    }

    static void tokens(Span span, long input, long output) {
        tokens(span, Names.INPUT_TOKENS, input);
        tokens(span, Names.OUTPUT_TOKENS, output);
    }

    private static void tokens(Span span, AttributeKey<Long> name, long count) {
        if (count > 0) {
            span.setAttribute(name, count);
        }
    }
}

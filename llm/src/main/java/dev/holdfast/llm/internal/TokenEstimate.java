// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import java.util.List;

/**
 * How many tokens a request will use, for pacers: four characters to a token, as holds for English, and the answer as long as
 * it may become. Too high by design where the answer is short: the real use is settled afterwards.
 */
final class TokenEstimate {
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int TOKENS_PER_IMAGE = 1_000;
    private static final int ANSWER_OF_UNSTATED_LENGTH = 500;

    private TokenEstimate() {}

    static long of(LlmRequest request) {
        long characters = 0;
        long images = 0;
        for (Message message : request.messages()) {
            characters += characters(message.content());
            images += message.content().stream().filter(TokenEstimate::isImage).count();
        }
        Integer most = request.maxTokens();
        return characters / CHARACTERS_PER_TOKEN
                + images * TOKENS_PER_IMAGE
                + (most == null ? ANSWER_OF_UNSTATED_LENGTH : most);
    }

    private static long characters(List<Content> parts) {
        long sum = 0;
        for (Content part : parts) {
            if (part instanceof Content.Text text) {
                sum += text.text().length();
            } else if (part instanceof Content.ToolCall call) {
                sum += call.argumentsJson().length();
            } else if (part instanceof Content.ToolResult result) {
                sum += characters(result.content());
            }
        }
        return sum;
    }

    private static boolean isImage(Content part) {
        return part instanceof Content.ImageUrl || part instanceof Content.ImageData;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import java.util.Set;

/**
 * Requests of Gemini's own API, which tell model and operation by the path and not by the body: {@code
 * /v1beta/models/NAME:generateContent}, on Vertex AI behind more of a path.
 */
final class GeminiRequests {
    private static final String WHOLE = ":generateContent";
    private static final String STREAMED = ":streamGenerateContent";

    /** Questions that can be asked twice: nothing is made by them that stays. */
    private static final Set<String> QUESTIONS =
            Set.of(WHOLE, STREAMED, ":countTokens", ":embedContent", ":batchEmbedContents");

    private GeminiRequests() {}

    static boolean isQuestion(WireRequest request) {
        return request.isPost() && QUESTIONS.contains(operation(request));
    }

    /** Whether a model is asked for an answer, whole or as an event stream. */
    static boolean asksForAnswer(WireRequest request) {
        return request.isPost() && (operation(request).equals(WHOLE) || asksForStream(request));
    }

    /** Whether the answer is to be an event stream; without this wish it is one JSON array, which only its end makes readable. */
    static boolean asksForStream(WireRequest request) {
        return request.isPost()
                && operation(request).equals(STREAMED)
                && request.path().matches(".*[?&]alt=sse(&.*)?");
    }

    /** The name of the model; empty where the request is none to a model. */
    static String model(WireRequest request) {
        String last = last(request);
        int colon = last.lastIndexOf(':');
        return colon < 0 || !isQuestion(request) ? "" : last.substring(0, colon);
    }

    private static String operation(WireRequest request) {
        String last = last(request);
        return last.substring(Math.max(0, last.lastIndexOf(':')));
    }

    private static String last(WireRequest request) {
        String path = request.plainPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}

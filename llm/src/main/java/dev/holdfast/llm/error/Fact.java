// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/** What is known about an error besides its codes, words and status; rules may ask for it. */
enum Fact {
    /** The error came inside a stream that had begun with status 200. */
    IN_STREAM("inside a stream"),
    /** Content had reached us before the error. */
    CONTENT_SEEN("after content"),
    /** An error object or error text was found, wherever it stood. */
    ERROR_FOUND("an error object is present"),
    /** The answer is shaped like a success and holds neither text nor a tool call. */
    EMPTY_ANSWER("a success without content"),
    /** The answer is shaped like a success, has content and lacks the dialect's terminal marker. */
    UNFINISHED_ANSWER("content without a terminal marker"),
    /** The model or a policy refused: a stop reason or block reason says so. */
    REFUSED("a finish or block reason that means refusal"),
    /** The refusal comes from guardrails that the caller configured at the provider. */
    OWN_GUARDRAIL("the caller's own guardrail"),
    /** The provider ended the answer with a finish reason that means failure. */
    FAILED_FINISH("a finish reason that means failure"),
    /** The body is an HTML page. */
    HTML("an HTML page"),
    /** The one request asks for more than the whole limit: waiting cannot help. */
    OVER_WHOLE_LIMIT("Requested is larger than Limit"),
    /** A limit of zero: no access at all. */
    ZERO_LIMIT("a limit of 0"),
    /** The exhausted window is a day or longer. */
    DAILY("the window named is a day or longer"),
    /** The server stated a usable wait. */
    WAIT_STATED("a wait is stated"),
    /** The classified error is an exception, not a response. */
    THROWN("an exception was thrown");

    private final String words;

    Fact(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    int bit() {
        return 1 << ordinal();
    }
}

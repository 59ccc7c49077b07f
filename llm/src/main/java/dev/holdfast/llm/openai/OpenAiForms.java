// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

/** Words for what chat completions can say in two ways, of which the other is what we write by ourselves. */
final class OpenAiForms {
    /** A message's content is a list although a string would do. */
    static final String LIST = "list";
    /** A message without text has no content at all, not a null. */
    static final String NO_CONTENT = "no_content";
    /** A text that is a refusal: a field of its own beside the content. */
    static final String REFUSAL = "refusal";
    /** A text that is a refusal: a part of the content. */
    static final String REFUSAL_PART = "refusal_part";
    /** A system message whose role is called developer. */
    static final String DEVELOPER = "developer";
    /** A single stop sequence that is a string, not a list. */
    static final String STOP_STRING = "stop_string";
    /** A response format that says it is text. */
    static final String TEXT_FORMAT = "text_format";
    /** A schema that does not say whether it is strict. */
    static final String NO_STRICT = "no_strict";
    /** A client of a server that knows {@code top_k}, which OpenAI does not. */
    static final String TOP_K = "top_k";
    /** A tool that states no parameters. */
    static final String NO_PARAMETERS = "no_parameters";

    private OpenAiForms() {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

/** Words for what messages can say in two ways, of which the other is what we write by ourselves. */
final class AnthropicForms {
    /** A message's content is a string, not a list of one text. */
    static final String STRING = "string";
    /** A tool result's content is a list although a string would do. */
    static final String LIST = "list";
    /** A message that stands by itself although its neighbour has the same role. */
    static final String APART = "apart";
    /** A tool that states its type, {@code custom}. */
    static final String CUSTOM = "custom";

    private AnthropicForms() {}
}

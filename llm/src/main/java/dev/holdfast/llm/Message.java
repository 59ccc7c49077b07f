// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import java.util.List;
import java.util.Objects;

/**
 * One turn of a conversation. Immutable.
 *
 * @param role who speaks
 * @param content the parts in order; may be empty only for an assistant that said nothing
 * @param extra further fields that only one dialect knows, for example OpenAI's {@code name}
 */
public record Message(Role role, List<Content> content, Extra extra) {

    /** Who speaks. */
    public enum Role {
        /** Instructions in the middle of a conversation; those at its head are better put in {@link LlmRequest#system()}. */
        SYSTEM,
        USER,
        ASSISTANT,
        /** Results of tools, one {@link Content.ToolResult} per call. */
        TOOL
    }

    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(extra, "extra");
        content = List.copyOf(content);
    }

    public Message(Role role, List<Content> content) {
        this(role, content, Extra.NONE);
    }

    public static Message user(String text) {
        return new Message(Role.USER, List.of(new Content.Text(text)));
    }

    public static Message user(Content... content) {
        return new Message(Role.USER, List.of(content));
    }

    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, List.of(new Content.Text(text)));
    }

    public static Message assistant(Content... content) {
        return new Message(Role.ASSISTANT, List.of(content));
    }

    public static Message system(String text) {
        return new Message(Role.SYSTEM, List.of(new Content.Text(text)));
    }

    public static Message tool(Content.ToolResult... results) {
        return new Message(Role.TOOL, List.of(results));
    }
}

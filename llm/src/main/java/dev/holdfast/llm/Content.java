// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.llm.internal.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One part of a {@link Message}. Immutable; {@code toString} states kinds and sizes, never what was said. */
public sealed interface Content {

    /** Further fields of this part that only one dialect knows; {@link Extra#NONE} when there are none. */
    default Extra extra() {
        return Extra.NONE;
    }

    /**
     * Plain text.
     *
     * @param extra further fields that only one dialect knows, for example Anthropic's {@code cache_control}
     */
    record Text(String text, Extra extra) implements Content {
        public Text {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(extra, "extra");
        }

        public Text(String text) {
            this(text, Extra.NONE);
        }

        @Override
        public String toString() {
            return "Text[" + text.length() + " chars]";
        }
    }

    /**
     * An image that the provider fetches.
     *
     * @param url http or https
     * @param detail OpenAI's resolution word ({@code low}, {@code high}, {@code auto}); null leaves it to the provider
     * @param extra further fields that only one dialect knows
     */
    record ImageUrl(String url, @Nullable String detail, Extra extra) implements Content {
        public ImageUrl {
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(extra, "extra");
        }

        public ImageUrl(String url, @Nullable String detail) {
            this(url, detail, Extra.NONE);
        }

        public ImageUrl(String url) {
            this(url, null);
        }

        @Override
        public String toString() {
            return "ImageUrl[" + url.length() + " chars]";
        }
    }

    /**
     * An image sent along.
     *
     * @param mediaType for example {@code image/png}
     * @param base64 the bytes in standard base64, without a {@code data:} prefix
     * @param detail as in {@link ImageUrl}
     * @param extra further fields that only one dialect knows
     */
    record ImageData(
            String mediaType, String base64, @Nullable String detail, Extra extra) implements Content {
        public ImageData {
            Objects.requireNonNull(mediaType, "mediaType");
            Objects.requireNonNull(base64, "base64");
            Objects.requireNonNull(extra, "extra");
        }

        public ImageData(String mediaType, String base64, @Nullable String detail) {
            this(mediaType, base64, detail, Extra.NONE);
        }

        public ImageData(String mediaType, String base64) {
            this(mediaType, base64, null);
        }

        @Override
        public String toString() {
            return "ImageData[" + mediaType + ", " + base64.length() + " chars]";
        }
    }

    /**
     * The model asks for a tool.
     *
     * @param id the provider's id, which the result must repeat
     * @param name the tool
     * @param argumentsJson the arguments as the model wrote them: usually a JSON object, not checked against anything
     * @param extra further fields that only one dialect knows
     */
    record ToolCall(String id, String name, String argumentsJson, Extra extra) implements Content {
        public ToolCall {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(argumentsJson, "argumentsJson");
            Objects.requireNonNull(extra, "extra");
        }

        public ToolCall(String id, String name, String argumentsJson) {
            this(id, name, argumentsJson, Extra.NONE);
        }

        @Override
        public String toString() {
            return "ToolCall[" + id + ", " + name + ", " + argumentsJson.length() + " chars]";
        }
    }

    /**
     * What a tool gave back.
     *
     * @param toolCallId the id of the call that it answers
     * @param content text and images; may be empty
     * @param error whether the tool failed, so that the model can react
     * @param extra further fields that only one dialect knows
     */
    record ToolResult(String toolCallId, List<Content> content, boolean error, Extra extra) implements Content {
        public ToolResult {
            Objects.requireNonNull(toolCallId, "toolCallId");
            Objects.requireNonNull(extra, "extra");
            content = List.copyOf(content);
        }

        public ToolResult(String toolCallId, List<Content> content, boolean error) {
            this(toolCallId, content, error, Extra.NONE);
        }

        /** A textual result of a tool that worked. */
        public static ToolResult of(String toolCallId, String text) {
            return new ToolResult(toolCallId, List.of(new Text(text)), false);
        }

        /** A textual account of why the tool failed. */
        public static ToolResult error(String toolCallId, String text) {
            return new ToolResult(toolCallId, List.of(new Text(text)), true);
        }
    }

    /**
     * The model's reasoning, kept so that it can be handed back in the next turn where the provider wants that.
     *
     * @param text readable reasoning; empty when the provider hides it
     * @param signature the provider's proof that the text is unchanged; null when it gave none
     * @param redacted encrypted reasoning in place of text; null when it gave none
     * @param extra further fields that only one dialect knows
     */
    record Reasoning(
            String text,
            @Nullable String signature,
            @Nullable String redacted,
            Extra extra) implements Content {
        public Reasoning {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(extra, "extra");
        }

        public Reasoning(String text, @Nullable String signature, @Nullable String redacted) {
            this(text, signature, redacted, Extra.NONE);
        }

        public Reasoning(String text) {
            this(text, null, null);
        }

        @Override
        public String toString() {
            return "Reasoning[" + text.length() + " chars]";
        }
    }

    /**
     * A part that only one dialect knows (a document, audio, a server tool's block), kept word for word. Sent only to
     * targets of the same dialect; for any other the request fails with a typed error instead of losing it.
     *
     * @param dialect the dialect's name, {@code openai} or {@code anthropic}
     * @param json the part as a JSON object
     */
    record Other(String dialect, String json) implements Content {
        public Other {
            Objects.requireNonNull(dialect, "dialect");
            Json.requireObject(json, "json");
        }

        @Override
        public String toString() {
            return "Other[" + dialect + ", " + json.length() + " chars]";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import dev.holdfast.llm.internal.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the JSON value in what a model wrote: the whole text, else what stands in a code fence, else the first balanced
 * object or array that can be read. Raw line breaks within strings and trailing commas are read over; nothing is made up.
 */
public final class JsonText {
    private static final Pattern FENCE = Pattern.compile("```[\\w+-]*[ \\t]*\\r?\\n?(.*?)(?:```|\\z)", Pattern.DOTALL);

    /** How many openings are tried, so that a text of braces alone costs no more than a long one. */
    private static final int MOST_OPENINGS = 64;

    private static final JsonMapper LENIENT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(Json.constraints())
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonText() {}

    /**
     * The value that the text holds; null when there is none.
     *
     * @param kind what is looked for
     */
    public static @Nullable JsonNode find(String text, Kind kind) {
        JsonNode whole = read(text, kind);
        if (whole != null) {
            return whole;
        }
        Matcher fences = FENCE.matcher(text);
        for (int i = 0; i < MOST_OPENINGS && fences.find(); i++) {
            JsonNode fenced = read(fences.group(1), kind);
            if (fenced != null) {
                return fenced;
            }
        }
        return kind == Kind.ANY ? null : balanced(text, kind);
    }

    /** What a schema asks for. */
    public enum Kind {
        OBJECT('{'),
        ARRAY('['),
        /** A value that can only be the whole text. */
        ANY(' ');

        private final char opening;

        Kind(char opening) {
            this.opening = opening;
        }

        boolean is(JsonNode node) {
            return switch (this) {
                case OBJECT -> node.isObject();
                case ARRAY -> node.isArray();
                case ANY -> !node.isMissingNode();
            };
        }
    }

    private static @Nullable JsonNode balanced(String text, Kind kind) {
        int at = text.indexOf(kind.opening);
        for (int i = 0; i < MOST_OPENINGS && at >= 0; i++) {
            int end = end(text, at);
            JsonNode found = end < 0 ? null : read(text.substring(at, end), kind);
            if (found != null) {
                return found;
            }
            at = text.indexOf(kind.opening, at + 1);
        }
        return null;
    }

    /** One past the bracket that closes the one at {@code start}; -1 when none does. Brackets in strings do not count. */
    private static int end(String text, int start) {
        int depth = 0;
        boolean inString = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private static @Nullable JsonNode read(String text, Kind kind) {
        try {
            JsonNode node = LENIENT.readTree(text.strip());
            return kind.is(node) ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}

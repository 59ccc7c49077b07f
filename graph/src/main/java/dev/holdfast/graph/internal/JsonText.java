// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the JSON object in what a model wrote: the whole text, a fenced block, or the first balanced braces. Line breaks and
 * tabs inside strings, which models write and JSON forbids, are mended. Nothing else is, and no model is asked.
 */
public final class JsonText {
    private static final Pattern FENCED = Pattern.compile("```[A-Za-z]*[ \\t]*\\R?(.*?)```", Pattern.DOTALL);
    private static final Pattern WHOLE_FENCE =
            Pattern.compile("^```[A-Za-z]*[ \\t]*\\R?(.*?)(?:\\R?```)?$", Pattern.DOTALL);

    private JsonText() {}

    /** The object; null where there is none. */
    public static @Nullable Map<String, @Nullable Object> object(String text) {
        for (String candidate : candidates(text)) {
            Map<String, @Nullable Object> found = parsed(candidate);
            if (found == null) {
                found = parsed(mended(candidate));
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Without the fence around the whole text, if there is one. */
    public static String unfenced(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("```")) {
            return text;
        }
        Matcher fence = WHOLE_FENCE.matcher(trimmed);
        return fence.matches() ? fence.group(1).strip() : text;
    }

    private static List<String> candidates(String text) {
        List<String> candidates = new ArrayList<>();
        String trimmed = text.strip();
        candidates.add(unfenced(trimmed));
        Matcher fenced = FENCED.matcher(text);
        if (fenced.find()) {
            candidates.add(fenced.group(1).strip());
        }
        int brace = text.indexOf('{');
        while (brace >= 0 && candidates.size() < 16) {
            String balanced = balanced(text, brace);
            if (balanced != null) {
                candidates.add(balanced);
            }
            brace = text.indexOf('{', brace + (balanced == null ? 1 : balanced.length()));
        }
        return candidates;
    }

    /** From this brace to the one that closes it, strings and escapes minded; null where none does. */
    private static @Nullable String balanced(String text, int start) {
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
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return text.substring(start, i + 1);
            }
        }
        return null;
    }

    private static String mended(String json) {
        StringBuilder mended = new StringBuilder(json.length() + 16);
        boolean inString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inString && c == '\\' && i + 1 < json.length()) {
                mended.append(c).append(json.charAt(++i));
            } else if (inString && c == '\n') {
                mended.append("\\n");
            } else if (inString && c == '\r') {
                mended.append("\\r");
            } else if (inString && c == '\t') {
                mended.append("\\t");
            } else {
                inString = (c == '"') != inString;
                mended.append(c);
            }
        }
        return mended.toString();
    }

    private static @Nullable Map<String, @Nullable Object> parsed(String json) {
        try {
            return Json.read(json) instanceof ObjectNode object ? new LinkedHashMap<>(Json.plainObject(object)) : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}

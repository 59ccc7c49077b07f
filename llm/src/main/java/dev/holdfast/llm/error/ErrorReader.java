// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Unwraps an error body into {@link ErrorFields}: objects, arrays, bare strings, JSON inside messages (as clients and
 * gateways nest it), objects printed by other languages, broken and cut JSON, plain text, HTML. Bounded in depth and
 * pieces; never throws.
 */
final class ErrorReader {
    private static final int MAX_DEPTH = 10;
    private static final int MAX_NODES = 2_000;

    /** The general reader, made when the first body comes that is not {@link PlainJson}. */
    static final class Lenient {
        static final JsonMapper JSON = JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
                .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                .build();

        private Lenient() {}
    }

    private final ErrorFields fields;
    private int nodesLeft = MAX_NODES;

    ErrorReader(ErrorFields fields) {
        this.fields = fields;
    }

    /** Reads a body or a text that is an error as a whole. */
    void read(String text) {
        readText(text, 0);
    }

    /** Reads a parsed error. */
    void read(JsonNode error) {
        walk(error, 0);
    }

    /** The text as JSON; null when it is none. */
    static @Nullable JsonNode parse(String text) {
        char first = firstChar(text);
        if (first != '{' && first != '[' && first != '"') {
            return null;
        }
        try {
            return Lenient.JSON.readTree(text);
        } catch (JacksonException | IllegalArgumentException broken) {
            return null;
        }
    }

    /** The first character that is no space; 0 when there is none. */
    static char firstChar(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && c != '\uFEFF') {
                return c;
            }
        }
        return 0;
    }

    private void readText(String text, int depth) {
        if (depth <= MAX_DEPTH && readJson(text, depth)) {
            return;
        }
        if (firstChar(text) == '<') {
            fields.set(Fact.HTML);
        }
        if (fields.seeksStatus()) {
            fields.offerStatus(StatusText.in(text));
        }
        LooseFields.namedErrors(text, fields);
        int brace = text.indexOf('{');
        if (brace >= 0) {
            readEmbedded(text, brace, depth);
        } else {
            fields.addMessage(text);
        }
    }

    /** Text with an object in it: the object is read, and the words around it count too. */
    private void readEmbedded(String text, int brace, int depth) {
        int end = text.lastIndexOf('}');
        if (end < brace || depth > MAX_DEPTH || !readJson(text.substring(brace, end + 1), depth + 1)) {
            LooseFields.scan(text, fields);
            fields.addMessage(text);
            return;
        }
        fields.addMessage(text.substring(0, brace) + " " + text.substring(end + 1));
    }

    /** False when the text is no JSON; then nothing was read. */
    private boolean readJson(String text, int depth) {
        PlainJson plain = PlainJson.of(text);
        if (plain != null) {
            walk(plain, 0, depth);
            return true;
        }
        JsonNode json = parse(text);
        if (json != null) {
            walk(json, depth);
        }
        return json != null;
    }

    private void walk(PlainJson json, int value, int depth) {
        if (depth > MAX_DEPTH || nodesLeft-- <= 0) {
            return;
        }
        PlainJson.Kind kind = json.kind(value);
        if (kind == PlainJson.Kind.OBJECT) {
            for (int i = value + 1; i < json.behind(value); i = json.behind(i)) {
                visit(json, i, depth);
            }
        } else if (kind == PlainJson.Kind.ARRAY) {
            for (int i = value + 1; i < json.behind(value); i = json.behind(i)) {
                walk(json, i, depth + 1);
            }
        } else if (kind == PlainJson.Kind.STRING || kind == PlainJson.Kind.ESCAPED) {
            fields.set(Fact.ERROR_FOUND);
            readText(json.text(value), depth + 1);
        }
    }

    private void visit(PlainJson json, int value, int depth) {
        ErrorKeys.Role role = json.role(value);
        boolean container = json.isContainer(value);
        if (role == ErrorKeys.Role.CODE && !container) {
            if (json.kind(value) != PlainJson.Kind.WORD) {
                readCode(json.text(value), depth);
            }
        } else if (role == ErrorKeys.Role.MESSAGE || container && role != ErrorKeys.Role.FOREIGN) {
            walk(json, value, depth + 1);
        }
    }

    private void walk(JsonNode node, int depth) {
        if (depth > MAX_DEPTH || nodesLeft-- <= 0) {
            return;
        }
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                visit(property.getKey(), property.getValue(), depth);
            }
        } else if (node.isArray()) {
            for (JsonNode element : node) {
                walk(element, depth + 1);
            }
        } else if (node.isString()) {
            fields.set(Fact.ERROR_FOUND);
            readText(node.stringValue(), depth + 1);
        }
    }

    private void visit(String rawKey, JsonNode value, int depth) {
        String key = lower(rawKey);
        ErrorKeys.Role role = ErrorKeys.roleOf(key);
        if (role == ErrorKeys.Role.LIMIT) {
            LimitFields.read(key, value, fields);
        } else if (role == ErrorKeys.Role.CODE && !value.isContainer()) {
            if (!value.isNull() && !value.isBoolean()) {
                readCode(value.asString(), depth);
            }
        } else if (role == ErrorKeys.Role.MESSAGE || value.isContainer() && role != ErrorKeys.Role.FOREIGN) {
            walk(value, depth + 1);
        }
    }

    private void readCode(String code, int depth) {
        fields.set(Fact.ERROR_FOUND);
        int status = StatusText.exact(code);
        if (status != 0) {
            fields.offerStatus(status);
        } else if (code.indexOf(' ') >= 0) {
            readText(code, depth + 1);
        } else {
            addCode(code);
        }
    }

    /** The code, and the parts of one that is qualified ({@code unauthenticated:bad-credentials}, {@code ns#Code}). */
    private void addCode(String code) {
        fields.addCode(code);
        int cut = Math.max(code.indexOf(':'), code.indexOf('#'));
        if (cut > 0) {
            fields.addCode(code.substring(0, cut));
            fields.addCode(code.substring(cut + 1));
        }
    }

    private static String lower(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return key.toLowerCase(Locale.ROOT);
            }
        }
        return key;
    }
}

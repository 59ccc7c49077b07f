// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    /** Values that name the error; a value with spaces is a message under the wrong name. */
    private static final Set<String> CODE_KEYS = Set.of(
            "code",
            "type",
            "status",
            "error_type",
            "errortype",
            "error_code",
            "errorcode",
            "reason",
            "__type",
            "kind",
            "status_code",
            "statuscode",
            "blockreason",
            "errorname",
            "subcode",
            "originalstatuscode",
            "err_code");

    private static final Set<String> MESSAGE_KEYS = Set.of(
            "message",
            "msg",
            "error",
            "detail",
            "details",
            "errors",
            "error_description",
            "error_message",
            "errormessage",
            "error_msg",
            "description",
            "title",
            "raw",
            "status_msg",
            "cause",
            "body",
            "err",
            "originalmessage",
            "reasons",
            "localizedmessage");

    /** What the caller sent or the model wrote: it may be shown in an error and says nothing about it. */
    private static final Set<String> FOREIGN_KEYS = Set.of(
            "choices",
            "candidates",
            "content",
            "delta",
            "output",
            "input",
            "inputs",
            "prompt",
            "messages",
            "tools",
            "instructions",
            "failed_generation",
            "safetyratings",
            "usage",
            "usagemetadata",
            "request",
            "content_filter_results",
            "content_filter_result",
            "links",
            "ctx",
            "loc",
            "stack",
            "traceback");

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
        walk("error", error, 0);
    }

    /** The text as JSON; null when it is none. */
    static @Nullable JsonNode parse(String text) {
        char first = firstChar(text);
        if (first != '{' && first != '[' && first != '"') {
            return null;
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException | IllegalArgumentException broken) {
            return null;
        }
    }

    private static char firstChar(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && c != '\uFEFF') {
                return c;
            }
        }
        return 0;
    }

    private void readText(String text, int depth) {
        JsonNode json = depth > MAX_DEPTH ? null : parse(text);
        if (json != null) {
            walk("error", json, depth);
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
        JsonNode inner = end > brace && depth <= MAX_DEPTH ? parse(text.substring(brace, end + 1)) : null;
        if (inner == null) {
            LooseFields.scan(text, fields);
            fields.addMessage(text);
            return;
        }
        walk("error", inner, depth + 1);
        fields.addMessage(text.substring(0, brace) + " " + text.substring(end + 1));
    }

    private void walk(String key, JsonNode node, int depth) {
        if (depth > MAX_DEPTH || nodesLeft-- <= 0) {
            return;
        }
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                visit(property.getKey(), property.getValue(), depth);
            }
        } else if (node.isArray()) {
            for (JsonNode element : node) {
                walk(key, element, depth + 1);
            }
        } else if (node.isString()) {
            fields.set(Fact.ERROR_FOUND);
            readText(node.stringValue(), depth + 1);
        }
    }

    private void visit(String rawKey, JsonNode value, int depth) {
        String key = lower(rawKey);
        if (FOREIGN_KEYS.contains(key)) {
            return;
        }
        if (LimitFields.read(key, value, fields)) {
            return;
        }
        if (CODE_KEYS.contains(key) && !value.isContainer()) {
            readCode(value, depth);
        } else if (MESSAGE_KEYS.contains(key)) {
            walk(key, value, depth + 1);
        } else if (value.isContainer()) {
            walk(key, value, depth + 1);
        }
    }

    private void readCode(JsonNode value, int depth) {
        if (value.isNull() || value.isBoolean()) {
            return;
        }
        String code = value.asString();
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

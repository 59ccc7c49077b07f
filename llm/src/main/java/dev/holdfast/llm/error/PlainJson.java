// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The outline of an error body in plain JSON: which values stand where, without a tree and without strings that nobody asks
 * for. Nearly all error bodies are of this kind, and a general parser costs several times what all else about them does.
 *
 * <p>Plain is: an object or array of at most {@value #MAX_VALUES} values, {@value #MAX_DEPTH} deep, keys in ASCII and each
 * but once, whole numbers, no key of waits and limits, and nothing that a strict parser refuses. The rest is for {@link
 * ErrorReader#parse}; what is plain means the same to both.
 *
 * <p>Layout: value {@code n} has four numbers from {@code 4 * n} on: its kind and its key's role, where it begins and ends
 * in the text, and the number of the first value behind it and what it holds. The values of a container follow it.
 */
final class PlainJson {
    static final int MAX_VALUES = 256;
    static final int MAX_DEPTH = 8;

    private static final int MAX_DIGITS = 18;
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String MEANT = "\"\\/\b\f\n\r\t";
    private static final ErrorKeys.Role[] ROLES = ErrorKeys.Role.values();

    /** What a value is. */
    enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        /** A string with something to resolve in it. */
        ESCAPED,
        NUMBER,
        /** null, true, false. */
        WORD
    }

    private static final Kind[] KINDS = Kind.values();

    private final String text;
    private int at;
    private int count;
    private int[] values = new int[4 * 16];

    /** The hashes of the keys of all objects that are open, to find one that comes twice. */
    private int[] keys = new int[16];

    private int keyCount;

    private PlainJson(String text) {
        this.text = text;
    }

    /** The outline; null when the text is anything but plain JSON. */
    static @Nullable PlainJson of(String text) {
        char first = ErrorReader.firstChar(text);
        if (first != '{' && first != '[') {
            return null;
        }
        PlainJson json = new PlainJson(text);
        return json.value(ErrorKeys.Role.OTHER, 0) && json.skipSpaces() < 0 ? json : null;
    }

    Kind kind(int value) {
        return KINDS[values[4 * value] >> 3];
    }

    ErrorKeys.Role role(int value) {
        return ROLES[values[4 * value] & 7];
    }

    boolean isContainer(int value) {
        return values[4 * value] >> 3 <= Kind.ARRAY.ordinal();
    }

    /** The number of the value behind this one and all that it holds. */
    int behind(int value) {
        return values[4 * value + 3];
    }

    /** A string as it is meant, anything else as it is written. */
    String text(int value) {
        int from = values[4 * value + 1];
        int to = values[4 * value + 2];
        return kind(value) == Kind.ESCAPED ? unescaped(from, to) : text.substring(from, to);
    }

    /** The character that stands there; -1 at the end. */
    private int skipSpaces() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c;
            }
            at++;
        }
        return -1;
    }

    private boolean value(ErrorKeys.Role role, int depth) {
        int c = skipSpaces();
        if (count == MAX_VALUES || depth > MAX_DEPTH) {
            return false;
        }
        int place = 4 * count++;
        if (place == values.length) {
            values = Arrays.copyOf(values, 2 * place);
        }
        int from = c == '"' ? at + 1 : at;
        Kind kind =
                switch (c) {
                    case '{' -> object(depth) ? Kind.OBJECT : null;
                    case '[' -> array(depth) ? Kind.ARRAY : null;
                    case '"' -> string();
                    case 'n' -> word("null");
                    case 't' -> word("true");
                    case 'f' -> word("false");
                    default -> number();
                };
        if (kind == null) {
            return false;
        }
        values[place] = kind.ordinal() << 3 | role.ordinal();
        values[place + 1] = from;
        values[place + 2] = c == '"' ? at - 1 : at;
        values[place + 3] = count;
        return true;
    }

    private boolean object(int depth) {
        int known = keyCount;
        at++;
        if (skipSpaces() == '}') {
            at++;
            return true;
        }
        while (skipSpaces() == '"') {
            ErrorKeys.Role role = key(known);
            if (role == null || skipSpaces() != ':') {
                return false;
            }
            at++;
            if (!value(role, depth + 1)) {
                return false;
            }
            int c = skipSpaces();
            at++;
            if (c != ',') {
                keyCount = known;
                return c == '}';
            }
        }
        return false;
    }

    private boolean array(int depth) {
        at++;
        if (skipSpaces() == ']') {
            at++;
            return true;
        }
        while (value(ErrorKeys.Role.OTHER, depth + 1)) {
            int c = skipSpaces();
            at++;
            if (c != ',') {
                return c == ']';
            }
        }
        return false;
    }

    /** The role of a key that is plain and new to its object; else null. */
    private ErrorKeys.@Nullable Role key(int known) {
        int from = ++at;
        int hash = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                ErrorKeys.Role role = ErrorKeys.roleOf(text, from, at++, hash);
                return role != ErrorKeys.Role.LIMIT && isNew(hash, known) ? role : null;
            }
            if (c < ' ' || c == '\\' || c >= 0x80) {
                return null;
            }
            hash = 31 * hash + ErrorKeys.small(c);
            at++;
        }
        return null;
    }

    /** Remembers the key; false when its object, whose keys begin at {@code known}, may have it already. */
    private boolean isNew(int hash, int known) {
        for (int i = known; i < keyCount; i++) {
            if (keys[i] == hash) {
                return false;
            }
        }
        if (keyCount == keys.length) {
            keys = Arrays.copyOf(keys, 2 * keyCount);
        }
        keys[keyCount++] = hash;
        return true;
    }

    private @Nullable Kind string() {
        Kind kind = Kind.STRING;
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return kind;
            }
            if (c < ' ' || c == '\\' && !escape()) {
                return null;
            }
            kind = c == '\\' ? Kind.ESCAPED : kind;
        }
        return null;
    }

    /** Steps over what stands behind a backslash if JSON knows it. */
    private boolean escape() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        if (c != 'u') {
            return ESCAPES.indexOf(c) >= 0;
        }
        int end = at + 4;
        while (at < end && at < text.length() && isHex(text.charAt(at))) {
            at++;
        }
        return at == end;
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    private String unescaped(int from, int to) {
        StringBuilder out = new StringBuilder(to - from);
        int i = from;
        while (i < to) {
            char c = text.charAt(i++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = text.charAt(i++);
            if (escape == 'u') {
                out.append((char) Integer.parseInt(text, i, i + 4, 16));
                i += 4;
            } else {
                out.append(MEANT.charAt(ESCAPES.indexOf(escape)));
            }
        }
        return out.toString();
    }

    private @Nullable Kind word(String word) {
        if (!text.startsWith(word, at)) {
            return null;
        }
        at += word.length();
        return Kind.WORD;
    }

    /** A whole number as it would be printed: without sign and leading zeros. */
    private @Nullable Kind number() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        int digits = at - from;
        boolean plain = digits == 1 || digits > 1 && digits <= MAX_DIGITS && text.charAt(from) != '0';
        return plain ? Kind.NUMBER : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.internal.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Finds where the members of a JSON object stand in its bytes. It knows strings and brackets; what else a value is made of it
 * passes over, for the server that the body goes to reads it anyway. UTF-8 only: all that it looks for is ASCII, and no byte
 * of a longer character is.
 */
final class JsonScan {
    /** Deeper than any request seen. Counted, not recursed into. */
    private static final int MAX_DEPTH = 1000;

    /** Told the members in order. */
    interface Members {
        /**
         * @param start of the value's first byte
         * @param end after the value's last byte
         */
        void member(String name, int start, int end);
    }

    private final byte[] bytes;
    private int at;

    JsonScan(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws InvalidRequestException if the bytes are not one object, as far as brackets and strings tell */
    void members(Members told) {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            at = 3; // a byte order mark, which editors like to write
        }
        expect('{');
        if (peek() == '}') {
            at++;
        } else {
            do {
                peek();
                int start = at;
                skipString();
                String name = string(start, at);
                expect(':');
                peek();
                int value = at;
                skipValue();
                told.member(name, value, at);
            } while (another());
        }
        if (peek() != -1) {
            throw broken();
        }
    }

    /** The string that a quoted span says, escapes read. */
    String string(int start, int end) {
        String quoted = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        if (quoted.indexOf('\\') < 0) {
            return quoted.substring(1, quoted.length() - 1);
        }
        try {
            JsonNode read = Json.read(quoted);
            if (read.isString()) {
                return read.stringValue();
            }
        } catch (JacksonException e) {
            // an escape that JSON does not know
        }
        throw broken();
    }

    static String quoted(String value) {
        return Json.string(Json.object().stringNode(value));
    }

    private boolean another() {
        int next = peek();
        at++;
        if (next == ',') {
            return true;
        }
        if (next == '}') {
            return false;
        }
        throw broken();
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw broken();
        }
        at++;
    }

    /** The next byte that is no white space; -1 at the end. */
    private int peek() {
        while (at < bytes.length) {
            byte next = bytes[at];
            if (next != ' ' && next != '\t' && next != '\n' && next != '\r') {
                return next & 0xFF;
            }
            at++;
        }
        return -1;
    }

    private void skipString() {
        if (at >= bytes.length || bytes[at] != '"') {
            throw broken();
        }
        for (at++; at < bytes.length; at++) {
            if (bytes[at] == '\\') {
                at++;
            } else if (bytes[at] == '"') {
                at++;
                return;
            }
        }
        throw broken();
    }

    private void skipValue() {
        int first = peek();
        if (first == '"') {
            skipString();
        } else if (first == '{' || first == '[') {
            skipNested();
        } else {
            skipScalar();
        }
    }

    private void skipNested() {
        long[] objects = new long[MAX_DEPTH / Long.SIZE + 1]; // one bit a level: whether it is an object
        int depth = 0;
        do {
            int next = peek();
            if (next == '"') {
                skipString();
                continue;
            }
            if (next == -1) {
                throw broken();
            }
            at++;
            if (next == '{' || next == '[') {
                if (++depth > MAX_DEPTH) {
                    throw new InvalidRequestException("", "is nested deeper than " + MAX_DEPTH + " at byte " + at);
                }
                long bit = 1L << depth;
                int word = depth / Long.SIZE;
                objects[word] = next == '{' ? objects[word] | bit : objects[word] & ~bit;
            } else if (next == '}' || next == ']') {
                boolean object = (objects[depth / Long.SIZE] & 1L << depth) != 0;
                if (object != (next == '}')) {
                    throw broken();
                }
                depth--;
            }
        } while (depth > 0);
    }

    private void skipScalar() {
        int start = at;
        while (at < bytes.length && isScalar(bytes[at])) {
            at++;
        }
        if (at == start) {
            throw broken();
        }
    }

    private static boolean isScalar(byte value) {
        return (value >= '0' && value <= '9')
                || (value >= 'a' && value <= 'z')
                || value == 'E'
                || value == '+'
                || value == '-'
                || value == '.';
    }

    private InvalidRequestException broken() {
        return new InvalidRequestException("", "is not a JSON object: see byte " + Math.min(at, bytes.length));
    }
}

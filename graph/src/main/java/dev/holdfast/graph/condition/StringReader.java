// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.ConditionProblem.Kind;

/** One string literal, quotes and escapes resolved. */
final class StringReader {
    private final String text;
    private final int start;
    private final boolean raw;
    private final StringBuilder value = new StringBuilder();
    private int at;

    StringReader(String text, int start, boolean raw) {
        this.text = text;
        this.start = start;
        this.raw = raw;
        at = start;
        read();
    }

    String value() {
        return value.toString();
    }

    /** Just after the closing quote. */
    int end() {
        return at;
    }

    private void read() {
        String quote = text.substring(at, at + 1);
        if (text.startsWith(quote.repeat(3), at)) {
            quote = quote.repeat(3);
        }
        at += quote.length();
        while (!text.startsWith(quote, at)) {
            if (at >= text.length() || quote.length() == 1 && text.charAt(at) == '\n') {
                throw Lexer.syntax("a string is not closed", start);
            }
            char c = text.charAt(at++);
            if (c != '\\') {
                value.append(c);
            } else if (at >= text.length()) {
                throw Lexer.syntax("a string is not closed", start);
            } else if (raw) {
                value.append(c).append(text.charAt(at++));
            } else {
                escape(text.charAt(at++));
            }
        }
        at += quote.length();
    }

    private void escape(char c) {
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> value.append(c);
            case 'a' -> value.append('\u0007');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'v' -> value.append('\u000b');
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 'N' -> throw new Trouble(Kind.FORBIDDEN, "characters by their Unicode name are not allowed", at - 2);
            default -> {
                if (c >= '0' && c <= '7') {
                    octal();
                } else {
                    value.append('\\').append(c);
                }
            }
        }
    }

    private void hex(int digits) {
        int point = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0 || text.charAt(at) > 'f') {
                throw Lexer.syntax("an escape needs " + digits + " hexadecimal digits", at);
            }
            point = point * 16 + digit;
            at++;
        }
        if (point < 0 || point > Character.MAX_CODE_POINT) {
            throw Lexer.syntax("there is no such character", at);
        }
        value.appendCodePoint(point);
    }

    private void octal() {
        int point = 0;
        at--;
        for (int i = 0; i < 3 && at < text.length(); i++) {
            char c = text.charAt(at);
            if (c < '0' || c > '7') {
                break;
            }
            point = point * 8 + (c - '0');
            at++;
        }
        value.append((char) point);
    }
}

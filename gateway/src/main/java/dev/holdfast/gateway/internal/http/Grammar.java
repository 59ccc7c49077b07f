// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

/** Which bytes may stand where: RFC 9110 (names and values) and RFC 3986 (targets). What is not listed is refused. */
final class Grammar {
    private static final byte NAME = 1;
    private static final byte VALUE = 2;
    private static final byte PATH = 4;
    private static final byte QUERY = 8;
    private static final byte[] CLASSES = new byte[256];

    static {
        allow(NAME, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        allow(PATH, "/-._~!$&'()*+,;=:@%0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        for (int c = 0x21; c < 0x7f; c++) {
            CLASSES[c] |= VALUE;
            if (c != '#') {
                CLASSES[c] |= QUERY;
            }
        }
        CLASSES[' '] |= VALUE;
        CLASSES['\t'] |= VALUE;
        for (int c = 0x80; c < 0x100; c++) {
            CLASSES[c] |= VALUE;
        }
    }

    private Grammar() {}

    private static void allow(byte use, String characters) {
        for (int i = 0; i < characters.length(); i++) {
            CLASSES[characters.charAt(i)] |= use;
        }
    }

    /** Of methods and header names. */
    static boolean inName(byte b) {
        return (CLASSES[b & 0xff] & NAME) != 0;
    }

    static boolean inValue(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /**
     * Refuses what is not a path, optionally followed by a query: other forms of targets, fragments, characters that must be
     * encoded, percent signs without two hexadecimal digits.
     */
    static void checkTarget(CharSequence target) {
        if (target.length() == 0 || target.charAt(0) != '/') {
            throw Refusal.badRequest("The request target must be a path that starts with a slash.")
                    .refused();
        }
        byte use = PATH;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '?' && use == PATH) {
                use = QUERY;
            } else if (c > 0xff || (CLASSES[c] & use) == 0) {
                throw Refusal.badRequest(
                                "The request target holds a character that must be percent-encoded, or a fragment.")
                        .refused();
            } else if (c == '%') {
                if (i + 2 >= target.length() || hex(target.charAt(i + 1)) < 0 || hex(target.charAt(i + 2)) < 0) {
                    throw Refusal.badRequest("The request target holds a percent sign without two hexadecimal digits.")
                            .refused();
                }
            }
        }
    }

    /** The value of a hexadecimal digit; -1 for another character. */
    static int hex(int c) {
        return c > 0x7f ? -1 : Character.digit(c, 16);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/** Finds the HTTP error status that a text states: {@code 429 Too many…}, {@code Error code: 413 - …}, {@code HTTP 401}. */
final class StatusText {
    private static final int MAX_SCANNED = 400;

    private static final String[] LEADS = {
        "status code", "statuscode", "error code", "status", "http", "http/1.1", "code"
    };

    private StatusText() {}

    /** The value itself if it is an error status; else 0. */
    static int exact(String value) {
        return value.length() == 3 ? statusAt(value, 0) : 0;
    }

    /** A status that the text begins with or that stands behind a word that announces it; 0 when there is none. */
    static int in(String text) {
        String head = text.length() > MAX_SCANNED ? text.substring(0, MAX_SCANNED) : text;
        int leading = statusAt(head, skip(head, 0));
        if (leading != 0) {
            return leading;
        }
        for (int i = 0; i + 3 < head.length(); i++) {
            if (wordStartsAt(head, i)) {
                int status = announcedAt(head, i);
                if (status != 0) {
                    return status;
                }
            }
        }
        return 0;
    }

    private static boolean wordStartsAt(String text, int at) {
        return Character.isLetter(text.charAt(at)) && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)));
    }

    private static int announcedAt(String text, int at) {
        for (String lead : LEADS) {
            if (text.regionMatches(true, at, lead, 0, lead.length())) {
                int status = statusAt(text, skip(text, at + lead.length()));
                if (status != 0) {
                    return status;
                }
            }
        }
        return 0;
    }

    private static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && " :=<\"'([{".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static int statusAt(String text, int at) {
        if (at + 3 > text.length() || at + 3 < text.length() && isPartOfNumber(text, at + 3)) {
            return 0;
        }
        int status = 0;
        for (int i = at; i < at + 3; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            status = status * 10 + (c - '0');
        }
        return status >= 400 && status <= 599 ? status : 0;
    }

    private static boolean isPartOfNumber(String text, int at) {
        char c = text.charAt(at);
        return Character.isLetterOrDigit(c)
                || (c == '.' || c == ',') && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.Locale;
import java.util.Set;

/**
 * Codes out of JSON that does not parse: cut off, broken, or an object as another language prints it. Looks for a quoted
 * key that names a code, a colon, and a short quoted or numeric value.
 */
final class LooseFields {
    private static final int MAX_VALUE_CHARS = 80;
    private static final int MAX_NAMES_WITHIN = 2_000;

    private static final Set<String> KEYS =
            Set.of("code", "type", "status", "reason", "error_type", "errortype", "__type");

    private LooseFields() {}

    /** Names of errors as clients print them: {@code An error occurred (ThrottlingException) …}, {@code litellm.RateLimitError: …}. */
    static void namedErrors(String text, ErrorFields fields) {
        if (!text.contains("Error") && !text.contains("Exception")) {
            return;
        }
        int end = Math.min(text.length(), MAX_NAMES_WITHIN);
        int start = -1;
        for (int i = 0; i <= end; i++) {
            boolean inWord = i < end && Character.isLetterOrDigit(text.charAt(i));
            if (inWord && start < 0) {
                start = i;
            } else if (!inWord && start >= 0) {
                String word =
                        i - start < 10 || !Character.isUpperCase(text.charAt(start)) ? "" : text.substring(start, i);
                if (word.endsWith("Exception") || word.endsWith("Error")) {
                    fields.addCode(word);
                }
                start = -1;
            }
        }
    }

    static void scan(String text, ErrorFields fields) {
        int at = 0;
        while (at < text.length()) {
            if (!isQuote(text.charAt(at))) {
                at++;
                continue;
            }
            int close = closing(text, at);
            int value = close < 0 ? -1 : afterColon(text, close + 1);
            if (value < 0) {
                at++;
            } else {
                take(text.substring(at + 1, close).strip().toLowerCase(Locale.ROOT), text, value, fields);
                at = value;
            }
        }
    }

    private static void take(String key, String text, int valueAt, ErrorFields fields) {
        if (!KEYS.contains(key)) {
            return;
        }
        String value;
        if (isQuote(text.charAt(valueAt))) {
            int close = closing(text, valueAt);
            value = close < 0 ? "" : text.substring(valueAt + 1, close);
        } else {
            value = text.substring(valueAt, Math.min(text.length(), valueAt + 3));
        }
        int status = StatusText.exact(value);
        if (status != 0) {
            fields.offerStatus(status);
        } else if (!value.isEmpty() && value.indexOf(' ') < 0 && Character.isLetter(value.charAt(0))) {
            fields.addCode(value);
        }
    }

    private static int closing(String text, int open) {
        int end = Math.min(text.length(), open + MAX_VALUE_CHARS);
        for (int i = open + 1; i < end; i++) {
            if (isQuote(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    private static int afterColon(String text, int from) {
        int at = from;
        boolean colon = false;
        while (at < text.length() && at - from < 8) {
            char c = text.charAt(at);
            if (c == ':' && !colon) {
                colon = true;
            } else if (c != ' ' && c != '\\') {
                return colon ? at : -1;
            }
            at++;
        }
        return -1;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }
}

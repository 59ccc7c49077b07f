// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.List;

/**
 * One line for people out of what a server said: bounded, without line breaks, without anything that looks like a
 * credential, without long quotations (they may be the caller's prompt).
 */
final class SafeMessage {
    private static final int MAX_CHARS = 300;
    private static final int MAX_QUOTED = 80;
    private static final int SECRET_LENGTH = 20;
    private static final String[] SECRET_STARTS = {
        "sk-", "sk_", "gsk_", "xai-", "aiza", "hf_", "pplx-", "r8_", "fw_", "csk-", "tgp_", "akia", "asia", "eyj",
        "ghp_", "gho_", "nvapi-"
    };

    private SafeMessage() {}

    /** The first message made safe, or the fallback when there is none. */
    static String of(List<String> messages, String fallback) {
        for (String message : messages) {
            String line = oneLine(message);
            if (line.length() > 3) {
                return line;
            }
        }
        return fallback;
    }

    static String oneLine(String message) {
        StringBuilder out = new StringBuilder(Math.min(message.length(), MAX_CHARS + 16));
        boolean secretNext = false;
        int at = 0;
        while (at < message.length() && out.length() < MAX_CHARS) {
            char c = message.charAt(at);
            if (c == '"' || c == '`') {
                int close = message.indexOf(c, at + 1);
                if (close < 0 || close - at > MAX_QUOTED) {
                    out.append(c).append('…').append(close < 0 ? "" : c);
                    at = close < 0 ? message.length() : close + 1;
                    continue;
                }
            }
            if (isTokenChar(c)) {
                int end = tokenEnd(message, at);
                String token = message.substring(at, end);
                boolean secret = looksSecret(token) || secretNext && mayBeSecret(token);
                out.append(secret ? "…" : token);
                secretNext = announcesSecret(token) || secretNext && isLinkingWord(token);
                at = end;
            } else {
                appendSingleSpaced(out, c);
                at++;
            }
        }
        String line = out.toString().strip();
        return line.length() > MAX_CHARS ? line.substring(0, MAX_CHARS - 1) + "…" : line;
    }

    private static void appendSingleSpaced(StringBuilder out, char c) {
        if (c > ' ' && c != 0x7f) {
            out.append(c);
        } else if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
            out.append(' ');
        }
    }

    private static boolean isTokenChar(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '+';
    }

    private static int tokenEnd(String text, int from) {
        int at = from;
        while (at < text.length() && isTokenChar(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean announcesSecret(String token) {
        return equalsAny(
                token,
                "key",
                "bearer",
                "token",
                "secret",
                "provided",
                "authorization",
                "x-api-key",
                "api_key",
                "api-key",
                "basic");
    }

    private static boolean isLinkingWord(String token) {
        return equalsAny(token, "is", "was", "provided", "of", "for", "your", "the");
    }

    private static boolean equalsAny(String token, String... words) {
        for (String word : words) {
            if (token.equalsIgnoreCase(word)) {
                return true;
            }
        }
        return false;
    }

    /** Behind a word like "key": anything that is not plain prose. */
    private static boolean mayBeSecret(String token) {
        return token.indexOf('*') >= 0
                || token.length() >= 8 && hasDigit(token)
                || token.length() >= 12 && token.indexOf('-') > 0;
    }

    private static boolean looksSecret(String token) {
        for (String start : SECRET_STARTS) {
            if (token.length() > start.length() + 4 && token.regionMatches(true, 0, start, 0, start.length())) {
                return !start.equals("asia") && !start.equals("eyj") || token.length() >= 16;
            }
        }
        return token.indexOf("***") >= 0 || token.length() >= SECRET_LENGTH && isMixed(token);
    }

    private static boolean hasDigit(String token) {
        return token.chars().anyMatch(Character::isDigit);
    }

    /** Letters of both cases and digits in a row without the slashes of a path or the dashes of a name. */
    private static boolean isMixed(String token) {
        boolean upper = token.chars().anyMatch(Character::isUpperCase);
        boolean lower = token.chars().anyMatch(Character::isLowerCase);
        return upper && lower && hasDigit(token) && token.indexOf('/') < 0 && !token.startsWith("req_");
    }
}

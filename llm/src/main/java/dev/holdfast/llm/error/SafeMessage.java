// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One line for people out of what a server said: bounded, without line breaks, without anything that looks like a
 * credential, without long quotations (they may be the caller's prompt).
 */
final class SafeMessage {
    private static final int MAX_CHARS = 300;
    private static final char DELETE = 0x7f;
    private static final int MAX_QUOTED = 80;
    private static final int SECRET_LENGTH = 20;
    private static final int SHORTEST_SECRET = 8;
    private static final int SECRET_REST = 5;

    private static final boolean[] TOKEN_CHARS = tokenChars();

    private static final String[] ANNOUNCEMENTS = {
        "key", "bearer", "token", "secret", "provided", "authorization", "x-api-key", "api_key", "api-key", "basic"
    };

    /** The announcements of each length, and their first letters. */
    private static final String[][] ANNOUNCEMENTS_OF = byLength(ANNOUNCEMENTS);

    private static final int[] ANNOUNCEMENT_LETTERS_OF =
            Arrays.stream(ANNOUNCEMENTS_OF).mapToInt(SafeMessage::letters).toArray();

    private static final String[] LINKS = {"is", "was", "provided", "of", "for", "your", "the"};

    private static final String[] SECRET_STARTS = {
        "sk-", "sk_", "gsk_", "xai-", "aiza", "hf_", "pplx-", "r8_", "fw_", "csk-", "tgp_", "akia", "asia", "eyj",
        "ghp_", "gho_", "nvapi-"
    };

    private static final int SECRET_LETTERS = letters(SECRET_STARTS);

    private SafeMessage() {}

    /** The first message made safe; null when none says anything. */
    static @Nullable String of(List<String> messages) {
        for (String message : messages) {
            String line = oneLine(message);
            if (line.length() > 3) {
                return line;
            }
        }
        return null;
    }

    /** Plain words, and in parentheses the first message made safe where it says more. */
    static String explained(String plain, List<String> messages) {
        String detail = of(messages);
        if (detail == null || plain.equalsIgnoreCase(detail) || detail.equals("closed")) {
            return plain;
        }
        int room = MAX_CHARS - plain.length() - 3;
        return plain + " (" + (detail.length() > room ? detail.substring(0, room - 1) + "…" : detail) + ")";
    }

    static String oneLine(String message) {
        StringBuilder out = null;
        boolean secretNext = false;
        int kept = 0;
        int at = 0;
        while (at < message.length() && (out == null ? 0 : out.length()) + at - kept < MAX_CHARS) {
            char c = message.charAt(at);
            if (isTokenChar(c)) {
                int end = tokenEnd(message, at);
                boolean secret = isSecret(message, at, end, secretNext);
                secretNext = announcesSecret(message, at, end) || secretNext && isLinkingWord(message, at, end);
                if (secret) {
                    out = withPart(out, message, kept, at).append('…');
                    end = behindDottedParts(message, end);
                    kept = end;
                }
                at = end;
            } else if (c > ' ' && c != '"' && c != '`' && c != DELETE || c == ' ' && !spaceBefore(message, at)) {
                at++;
            } else {
                out = withPart(out, message, kept, at);
                at = c == '"' || c == '`' ? appendQuotation(message, at, out) : appendSpace(message, at, out);
                kept = at;
            }
        }
        String line = out == null
                ? message.substring(0, at)
                : withPart(out, message, kept, at).toString();
        return shortened(line.strip());
    }

    /** What was kept so far with a part behind it; most messages stay as they are and need no room of their own. */
    private static StringBuilder withPart(@Nullable StringBuilder kept, String message, int from, int to) {
        StringBuilder out = kept == null ? new StringBuilder(Math.min(message.length(), MAX_CHARS) + 16) : kept;
        return out.append(message.substring(from, to));
    }

    private static String shortened(String line) {
        return line.length() > MAX_CHARS ? line.substring(0, MAX_CHARS - 1) + "…" : line;
    }

    private static boolean spaceBefore(String message, int at) {
        return at > 0 && message.charAt(at - 1) <= ' ';
    }

    /** Every run of spaces and control characters becomes one space. */
    private static int appendSpace(String message, int from, StringBuilder out) {
        int at = from;
        while (at < message.length() && (message.charAt(at) <= ' ' || message.charAt(at) == DELETE)) {
            at++;
        }
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
            out.append(' ');
        }
        return at;
    }

    /** A quotation that is short stays and is read on; of a long one only the marks stay. */
    private static int appendQuotation(String message, int at, StringBuilder out) {
        char mark = message.charAt(at);
        int close = message.indexOf(mark, at + 1);
        out.append(mark);
        if (close >= 0 && close - at <= MAX_QUOTED) {
            return at + 1;
        }
        out.append('…').append(close < 0 ? "" : mark);
        return close < 0 ? message.length() : close + 1;
    }

    private static boolean isTokenChar(char c) {
        return c < TOKEN_CHARS.length ? TOKEN_CHARS[c] : Character.isLetterOrDigit(c);
    }

    private static boolean[] tokenChars() {
        boolean[] ascii = new boolean[128];
        for (char c = 0; c < ascii.length; c++) {
            ascii[c] = Character.isLetterOrDigit(c) || "_-*/+".indexOf(c) >= 0;
        }
        return ascii;
    }

    private static int tokenEnd(String text, int from) {
        int at = from;
        while (at < text.length() && isTokenChar(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Signed tokens go on behind dots. */
    private static int behindDottedParts(String text, int from) {
        int at = from;
        while (at + 1 < text.length() && text.charAt(at) == '.' && isTokenChar(text.charAt(at + 1))) {
            at = tokenEnd(text, at + 1);
        }
        return at;
    }

    private static boolean announcesSecret(String text, int from, int to) {
        int length = to - from;
        return length < ANNOUNCEMENTS_OF.length
                && startsWithOneOf(ANNOUNCEMENT_LETTERS_OF[length], text, from)
                && isOneOf(ANNOUNCEMENTS_OF[length], text, from, to);
    }

    /** Whether the letter there, in either case, is in a set of {@link #letters}. */
    private static boolean startsWithOneOf(int letters, String text, int at) {
        int letter = (text.charAt(at) | 0x20) - 'a';
        return letter >= 0 && letter < 26 && (letters >>> letter & 1) != 0;
    }

    /** The first letters of the words as bits. */
    private static int letters(String[] words) {
        int letters = 0;
        for (String word : words) {
            letters |= 1 << (word.charAt(0) - 'a');
        }
        return letters;
    }

    private static String[][] byLength(String[] words) {
        int longest = Arrays.stream(words).mapToInt(String::length).max().orElse(0);
        return IntStream.rangeClosed(0, longest)
                .mapToObj(length -> Arrays.stream(words)
                        .filter(word -> word.length() == length)
                        .toArray(String[]::new))
                .toArray(String[][]::new);
    }

    private static boolean isLinkingWord(String text, int from, int to) {
        return isOneOf(LINKS, text, from, to);
    }

    private static boolean isOneOf(String[] words, String text, int from, int to) {
        for (String word : words) {
            if (word.length() == to - from && text.regionMatches(true, from, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSecret(String text, int from, int to, boolean announced) {
        if (to - from < SHORTEST_SECRET) {
            return text.charAt(from) == '*' && (announced || text.startsWith("***", from));
        }
        if (!announced && to - from < SECRET_LENGTH && secretStart(text, from) == 0 && !hasStar(text, from, to)) {
            return false;
        }
        String token = text.substring(from, to);
        return looksSecret(token) || announced && mayBeSecret(token);
    }

    /** The length of the known beginning of a credential that stands there; 0 when none does. */
    private static int secretStart(String text, int at) {
        if (!startsWithOneOf(SECRET_LETTERS, text, at)) {
            return 0;
        }
        int first = text.charAt(at) | 0x20;
        for (String start : SECRET_STARTS) {
            if (first == start.charAt(0) && text.regionMatches(true, at, start, 0, start.length())) {
                return start.length();
            }
        }
        return 0;
    }

    private static boolean hasStar(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '*') {
                return true;
            }
        }
        return false;
    }

    /** Behind a word like "key": anything that is not plain prose. */
    private static boolean mayBeSecret(String token) {
        return token.indexOf('*') >= 0 || hasDigit(token) || token.length() >= 12 && token.indexOf('-') > 0;
    }

    private static boolean looksSecret(String token) {
        int start = secretStart(token, 0);
        if (start > 0) {
            return token.length() >= start + SECRET_REST;
        }
        return token.contains("***") || token.length() >= SECRET_LENGTH && isMixed(token);
    }

    private static boolean hasDigit(String token) {
        for (int i = 0; i < token.length(); i++) {
            if (Character.isDigit(token.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Letters of both cases and digits in a row, without the slashes of a path; request ids are wanted. */
    private static boolean isMixed(String token) {
        boolean upper = false;
        boolean lower = false;
        for (int i = 0; i < token.length(); i++) {
            upper |= Character.isUpperCase(token.charAt(i));
            lower |= Character.isLowerCase(token.charAt(i));
        }
        return upper && lower && hasDigit(token) && token.indexOf('/') < 0 && !token.startsWith("req_");
    }
}

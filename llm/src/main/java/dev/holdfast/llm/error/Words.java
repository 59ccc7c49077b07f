// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/** The two normal forms in which words of errors are compared. */
final class Words {
    private static final int ASCII = 128;
    private static final char APOSTROPHE = 1;

    /** What stands for each ASCII character in {@link #spaced}: itself in lower case, a space, or nothing. */
    private static final char[] NORMAL = normal();

    private Words() {}

    private static char[] normal() {
        char[] normal = new char[ASCII];
        for (char c = 0; c < ASCII; c++) {
            normal[c] = Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : ' ';
        }
        normal['\''] = APOSTROPHE;
        return normal;
    }

    /**
     * Lower case, every run of other characters than letters and digits as one space, one space at either end: so
     * {@code rate_limit}, {@code Rate-limit} and {@code rate limit} are the same words, and {@code " tpd "} is a whole word.
     */
    static Spaced spaced(String text, int maxChars) {
        int end = Math.min(text.length(), maxChars);
        char[] out = new char[end + 2];
        out[0] = ' ';
        int length = 1;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            char n = c < ASCII ? NORMAL[c] : normalOther(c);
            if (n > ' ' || n == ' ' && out[length - 1] != ' ') {
                out[length++] = n;
            }
        }
        if (out[length - 1] != ' ') {
            out[length++] = ' ';
        }
        return new Spaced(out, length);
    }

    private static char normalOther(char c) {
        if (c == '\u2019') {
            return APOSTROPHE;
        }
        return Character.isLetter(c) ? Character.toLowerCase(c) : ' ';
    }

    /** Characters of which the first {@code length} count; a bare array, since this is read on every error. */
    record Spaced(char[] chars, int length) {
        @Override
        public String toString() {
            return new String(chars, 0, length);
        }
    }

    /** Lower-case letters and digits alone: {@code RESOURCE_EXHAUSTED} and {@code ResourceExhausted} are one code. */
    static String squeezed(CharSequence code) {
        StringBuilder out = new StringBuilder(code.length());
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c < ASCII ? NORMAL[c] > ' ' : Character.isLetterOrDigit(c)) {
                out.append(c < ASCII ? NORMAL[c] : Character.toLowerCase(c));
            }
        }
        return out.toString();
    }
}

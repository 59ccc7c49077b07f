// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/** The two normal forms in which words of errors are compared. */
final class Words {
    private static final int ASCII = 128;
    static final char APOSTROPHE = 1;

    /** {@link #normal(char)} of each ASCII character. */
    private static final char[] NORMAL = normalAscii();

    private Words() {}

    private static char[] normalAscii() {
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
     * {@link PhraseIndex} reads texts in this form without writing it down.
     */
    static String spaced(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append(' ');
        for (int i = 0; i < text.length(); i++) {
            char n = normal(text.charAt(i));
            if (n > ' ' || n == ' ' && out.charAt(out.length() - 1) != ' ') {
                out.append(n);
            }
        }
        return (out.charAt(out.length() - 1) == ' ' ? out : out.append(' ')).toString();
    }

    /** What stands for a character in {@link #spaced}: itself in lower case, a space, or {@link #APOSTROPHE} for nothing. */
    static char normal(char c) {
        if (c < ASCII) {
            return NORMAL[c];
        }
        if (c == '\u2019') {
            return APOSTROPHE;
        }
        return Character.isLetter(c) ? Character.toLowerCase(c) : ' ';
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

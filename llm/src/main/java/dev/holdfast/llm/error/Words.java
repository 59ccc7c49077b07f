// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/** The two normal forms in which words of errors are compared. */
final class Words {
    private Words() {}

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
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                out[length++] = c;
            } else if (c >= 'A' && c <= 'Z') {
                out[length++] = (char) (c | 0x20);
            } else if (c >= 0x80 && Character.isLetter(c)) {
                out[length++] = Character.toLowerCase(c);
            } else if (out[length - 1] != ' ' && c != '\'' && c != '\u2019') {
                out[length++] = ' ';
            }
        }
        if (out[length - 1] != ' ') {
            out[length++] = ' ';
        }
        return new Spaced(out, length);
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
            if (Character.isLetterOrDigit(c)) {
                out.append(Character.toLowerCase(c));
            }
        }
        return out.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/** The two normal forms in which words of errors are compared. */
final class Words {
    private Words() {}

    /**
     * Lower case, every run of other characters than letters and digits as one space, one space at either end: so
     * {@code rate_limit}, {@code Rate-limit} and {@code rate limit} are the same words, and {@code " tpd "} is a whole word.
     */
    static StringBuilder spaced(CharSequence text, int maxChars) {
        int end = Math.min(text.length(), maxChars);
        StringBuilder out = new StringBuilder(end + 2).append(' ');
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                out.append(c);
            } else if (c >= 'A' && c <= 'Z') {
                out.append((char) (c + ('a' - 'A')));
            } else if (c == '\'' || c == '\u2019') {
                continue;
            } else if (c >= 0x80 && Character.isLetter(c)) {
                out.append(Character.toLowerCase(c));
            } else if (out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        }
        if (out.charAt(out.length() - 1) != ' ') {
            out.append(' ');
        }
        return out;
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

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/** Numbers of limits in prose: {@code Limit 30000, Requested 31538} and {@code limit: 0}. */
final class LimitText {
    private LimitText() {}

    static void read(String text, ErrorFields fields) {
        LimitFields.readWindow(text, fields);
        long limit = numberAfter(text, "imit");
        if (limit < 0) {
            return;
        }
        if (limit == 0) {
            fields.set(Fact.ZERO_LIMIT);
        }
        if (limit > 0 && numberAfter(text, "equested") > limit) {
            fields.set(Fact.OVER_WHOLE_LIMIT);
        }
    }

    /** The first whole number directly behind the word, given without its first letter; -1 when there is none. */
    private static long numberAfter(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int start = at + word.length();
            while (start < text.length() && " :=~".indexOf(text.charAt(start)) >= 0) {
                start++;
            }
            int end = start;
            long number = 0;
            while (end < text.length() && end - start < 18 && isDigitOrGroup(text, end)) {
                number = text.charAt(end) == ',' ? number : number * 10 + (text.charAt(end) - '0');
                end++;
            }
            boolean fraction =
                    end + 1 < text.length() && text.charAt(end) == '.' && Character.isDigit(text.charAt(end + 1));
            if (end > start && !fraction) {
                return number;
            }
        }
        return -1;
    }

    private static boolean isDigitOrGroup(String text, int at) {
        char c = text.charAt(at);
        return c >= '0' && c <= '9' || c == ',' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
    }
}

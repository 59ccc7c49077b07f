// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.util.Collection;
import java.util.Locale;

/** Guesses what a misspelled word was meant to be. */
final class Nearest {
    private Nearest() {}

    /** {@code , did you mean 'x'?}, or nothing where no known word is near enough to be worth a guess. */
    static String hint(String word, Collection<String> known) {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        String given = plain(word);
        for (String candidate : known) {
            int edits = edits(given, plain(candidate));
            if (edits < fewest && edits <= Math.max(1, Math.min(candidate.length(), word.length()) / 3)) {
                best = candidate;
                fewest = edits;
            }
        }
        return best == null ? "" : ", did you mean '" + best + "'?";
    }

    /** {@code maxAttempts}, {@code max-attempts} and {@code max_attempts} are one word. */
    private static String plain(String word) {
        String cut = word.length() > 100 ? word.substring(0, 100) : word;
        return cut.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    private static int edits(String from, String to) {
        int[][] table = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                int replaced = table[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                int least = Math.min(replaced, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                table[i][j] = swapped ? Math.min(least, table[i - 2][j - 2] + 1) : least;
            }
        }
        return table[from.length()][to.length()];
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Finds all known phrases in a text in one pass over it, whatever their number. Immutable, thread-safe.
 *
 * <p>Source of the algorithm: Aho and Corasick, "Efficient string matching: an aid to bibliographic search", CACM 18(6),
 * 1975, as a complete automaton (no failure steps while searching).
 *
 * <p>Layout: {@code next[state * width + letter]} is the following state. Letters are the characters that occur in a phrase,
 * numbered from 1; 0 is every other character, and always leads to the root. The states in which phrases end have the
 * highest numbers, from {@code firstHit} on, so that a comparison tells them; {@code hits[state - firstHit]} are the numbers
 * of those phrases.
 */
final class PhraseIndex {
    private static final char SKIPPED = Character.MAX_VALUE;

    private final char[] letters = new char[Character.MAX_VALUE + 1];

    /** The letter that a raw character stands for once normalised; {@link #SKIPPED} for none at all. */
    private final char[] rawLetters = new char[Character.MAX_VALUE + 1];

    private final int width;
    private final int firstHit;
    private char[] next;
    private int[][] hits;

    /** The n-th phrase sets bit n; phrases are already {@linkplain Words#spaced normalised}. */
    PhraseIndex(List<String> phrases) {
        int letterCount = 1;
        int size = 1;
        for (String phrase : phrases) {
            size += phrase.length();
            for (int i = 0; i < phrase.length(); i++) {
                if (letters[phrase.charAt(i)] == 0) {
                    letters[phrase.charAt(i)] = (char) letterCount++;
                }
            }
        }
        width = letterCount;
        next = new char[size * width];
        hits = new int[size][];
        int states = 1;
        for (int number = 0; number < phrases.size(); number++) {
            states = insert(phrases.get(number), number, states);
        }
        next = Arrays.copyOf(next, states * width);
        hits = Arrays.copyOf(hits, states);
        complete();
        firstHit = hitsLast();
        for (int c = 0; c < rawLetters.length; c++) {
            char normal = Words.normal((char) c);
            rawLetters[c] = normal == Words.APOSTROPHE ? SKIPPED : letters[normal];
        }
    }

    private int insert(String phrase, int number, int states) {
        int state = 0;
        int used = states;
        for (int i = 0; i < phrase.length(); i++) {
            int slot = state * width + letters[phrase.charAt(i)];
            if (next[slot] == 0) {
                if (used > Character.MAX_VALUE) {
                    throw new IllegalStateException("too many phrases for 16-bit states");
                }
                next[slot] = (char) used++;
            }
            state = next[slot];
        }
        hits[state] = merged(hits[state], new int[] {number});
        return used;
    }

    /** Breadth first, so that the state to fall back to is complete before it is copied from. */
    private void complete() {
        int[] fallback = new int[hits.length];
        ArrayDeque<Integer> open = new ArrayDeque<>();
        for (int letter = 1; letter < width; letter++) {
            if (next[letter] != 0) {
                open.add((int) next[letter]);
            }
        }
        while (!open.isEmpty()) {
            int state = open.remove();
            for (int letter = 1; letter < width; letter++) {
                int slot = state * width + letter;
                char shorter = next[fallback[state] * width + letter];
                if (next[slot] == 0) {
                    next[slot] = shorter;
                } else {
                    fallback[next[slot]] = shorter;
                    hits[next[slot]] = merged(hits[next[slot]], hits[shorter]);
                    open.add((int) next[slot]);
                }
            }
        }
    }

    /** Numbers the states anew; tells the first one with a hit. */
    private int hitsLast() {
        int[] renamed = new int[hits.length];
        int first = 0;
        for (int state = 0; state < hits.length; state++) {
            renamed[state] = hits[state] == null ? first++ : 0;
        }
        int last = first;
        char[] movedNext = new char[next.length];
        int[][] movedHits = new int[hits.length - first][];
        for (int state = 0; state < hits.length; state++) {
            if (hits[state] != null) {
                renamed[state] = last++;
                movedHits[renamed[state] - first] = hits[state];
            }
        }
        for (int state = 0; state < renamed.length; state++) {
            int from = state * width;
            int to = renamed[state] * width;
            for (int letter = 1; letter < width; letter++) {
                movedNext[to + letter] = (char) renamed[next[from + letter]];
            }
        }
        next = movedNext;
        hits = movedHits;
        return first;
    }

    private static int[] merged(int[] first, int[] second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /**
     * Sets in {@code bits} the bit of every phrase that occurs in the {@linkplain Words#spaced normal form} of the text,
     * which is made while it is read.
     */
    void find(String text, int maxChars, long[] bits) {
        int space = letters[' '];
        int end = Math.min(text.length(), maxChars);
        int state = step(0, space, bits);
        int before = space;
        for (int i = 0; i < end; i++) {
            int letter = rawLetters[text.charAt(i)];
            if (letter == SKIPPED || letter == space && before == space) {
                continue;
            }
            before = letter;
            if (state != 0) {
                state = step(state, letter, bits);
            } else if (next[letter] != 0) {
                // nothing has begun, as for most letters: told from the letter alone, without waiting for the step
                // before
                state = step(0, letter, bits);
            }
        }
        if (before != space) {
            step(state, space, bits);
        }
    }

    private int step(int state, int letter, long[] bits) {
        int following = next[state * width + letter];
        if (following >= firstHit) {
            for (int number : hits[following - firstHit]) {
                bits[number >> 6] |= 1L << number;
            }
        }
        return following;
    }
}

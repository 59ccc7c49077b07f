// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import java.util.Objects;

/**
 * One thing that a request or an answer states and the dialect it was put into cannot say. All notes together are the
 * translation report of {@link LlmResponse#translation()}. Immutable; holds names and places, never a value.
 *
 * @param path where it stands, for example {@code messages[2].content[0].cache_control}; names are those of the wire where
 *     only one dialect has them, otherwise OpenAI's
 * @param change what happened to it
 * @param detail what that means, in a few words
 */
public record TranslationNote(String path, Change change, String detail) {

    /** What happened to something that cannot be carried as it is. */
    public enum Change {
        /** It was left out. */
        DROPPED("dropped"),
        /** Something that comes close was sent in its place. */
        APPROXIMATED("approximated");

        private final String word;

        Change(String word) {
            this.word = word;
        }

        /** The word used in JSON and documentation. */
        public String word() {
            return word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public TranslationNote {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(detail, "detail");
    }

    public static TranslationNote dropped(String path, String detail) {
        return new TranslationNote(path, Change.DROPPED, detail);
    }

    public static TranslationNote approximated(String path, String detail) {
        return new TranslationNote(path, Change.APPROXIMATED, detail);
    }

    @Override
    public String toString() {
        return path + " " + change + ": " + detail;
    }
}

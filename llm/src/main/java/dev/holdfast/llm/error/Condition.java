// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** When a rule applies. Pure data: {@link RuleBook} compiles it, the documentation prints it. */
sealed interface Condition {
    Pattern SEPARATOR = Pattern.compile("[,\n]");

    /** The condition in words, as the documentation shows it. */
    String words();

    /** Any of these typed codes was sent, as code, type, status word, reason or error header; compared without case and punctuation. */
    record Code(List<String> anyOf) implements Condition {
        @Override
        public String words() {
            return "code " + quoted(anyOf);
        }
    }

    /** Any of these phrases stands in the error's text; compared in lower case with punctuation as single spaces. */
    record Text(List<String> anyOf) implements Condition {
        @Override
        public String words() {
            return "text " + quoted(anyOf);
        }
    }

    /** Any of these exception classes, by simple name, is in the chain. */
    record Thrown(List<String> anyOf) implements Condition {
        @Override
        public String words() {
            return "exception " + quoted(anyOf);
        }
    }

    /** The HTTP status lies in the closed range. */
    record Status(int from, int to) implements Condition {
        @Override
        public String words() {
            return from == 0 ? "no status" : from == to ? "status " + from : "status " + from + "–" + to;
        }
    }

    record Holds(Fact fact) implements Condition {
        @Override
        public String words() {
            return fact.words();
        }
    }

    record All(List<Condition> parts) implements Condition {
        @Override
        public String words() {
            return parts.stream().map(Condition::words).collect(Collectors.joining(" and "));
        }
    }

    record Any(List<Condition> parts) implements Condition {
        @Override
        public String words() {
            return parts.stream().map(Condition::words).collect(Collectors.joining(" or ", "(", ")"));
        }
    }

    record Not(Condition part) implements Condition {
        @Override
        public String words() {
            return "not " + part.words();
        }
    }

    /** Codes separated by commas or line breaks. */
    static Condition code(String anyOf) {
        return new Code(list(anyOf));
    }

    /**
     * Phrases separated by commas or line breaks. A phrase begins at the beginning of a word and may go on behind its end
     * ({@code rate limit} finds {@code rate limits}); with {@code |} at its end it ends with a word. Phrases in scripts
     * without spaces are found anywhere.
     */
    static Condition text(String anyOf) {
        return new Text(list(anyOf));
    }

    /** Simple class names separated by commas or line breaks. */
    static Condition thrown(String anyOf) {
        return new Thrown(list(anyOf));
    }

    static Condition status(int... anyOf) {
        List<Condition> parts =
                IntStream.of(anyOf).<Condition>mapToObj(s -> new Status(s, s)).toList();
        return parts.size() == 1 ? parts.get(0) : new Any(parts);
    }

    static Condition statusBetween(int from, int to) {
        return new Status(from, to);
    }

    static Condition fact(Fact fact) {
        return new Holds(fact);
    }

    static Condition all(Condition... parts) {
        return new All(List.of(parts));
    }

    static Condition any(Condition... parts) {
        return new Any(List.of(parts));
    }

    static Condition not(Condition part) {
        return new Not(part);
    }

    private static List<String> list(String separated) {
        return SEPARATOR
                .splitAsStream(separated)
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "`" + word.replace("|", "") + "`").collect(Collectors.joining(", "));
    }
}

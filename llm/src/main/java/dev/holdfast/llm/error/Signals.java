// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every phrase, code and exception class that any rule asks for, numbered, so that an error is searched once for all of
 * them and a rule is a few bit tests. Immutable, thread-safe.
 */
final class Signals {
    private final Map<String, Integer> phraseNumbers = new LinkedHashMap<>();
    private final Map<String, Integer> codeNumbers = new HashMap<>();
    /** The codes as rules spell them, which is how most servers do: spares the squeezing. */
    private final Map<String, Integer> spelledCodes = new HashMap<>();

    private final Map<String, Integer> thrownNumbers = new HashMap<>();
    private final PhraseIndex phrases;
    private final int count;

    Signals(List<RuleTable> tables) {
        List<Condition> conditions = new ArrayList<>();
        tables.forEach(table -> table.rules().forEach(rule -> conditions.add(rule.when())));
        conditions.forEach(this::numberPhrases);
        conditions.forEach(this::numberNames);
        phrases = new PhraseIndex(List.copyOf(phraseNumbers.keySet()));
        count = phraseNumbers.size() + codeNumbers.size() + thrownNumbers.size();
    }

    private void numberPhrases(Condition condition) {
        if (condition instanceof Condition.Text text) {
            text.anyOf().forEach(phrase -> phraseNumbers.putIfAbsent(phraseKey(phrase), phraseNumbers.size()));
        } else {
            partsOf(condition).forEach(this::numberPhrases);
        }
    }

    private void numberNames(Condition condition) {
        if (condition instanceof Condition.Code code) {
            code.anyOf().forEach(this::numberCode);
        } else if (condition instanceof Condition.Thrown thrown) {
            thrown.anyOf().forEach(name -> thrownNumbers.putIfAbsent(name, nextNumber()));
        } else {
            partsOf(condition).forEach(this::numberNames);
        }
    }

    private void numberCode(String name) {
        String squeezed = Words.squeezed(name);
        codeNumbers.putIfAbsent(squeezed, nextNumber());
        spelledCodes.putIfAbsent(name, codeNumbers.get(squeezed));
    }

    private int nextNumber() {
        return phraseNumbers.size() + codeNumbers.size() + thrownNumbers.size();
    }

    private static List<Condition> partsOf(Condition condition) {
        if (condition instanceof Condition.All all) {
            return all.parts();
        }
        if (condition instanceof Condition.Any any) {
            return any.parts();
        }
        return condition instanceof Condition.Not not ? List.of(not.part()) : List.of();
    }

    /** The phrase as it is searched for; see {@link Condition#text}. */
    private static String phraseKey(String phrase) {
        String key = Words.spaced(phrase);
        String open = phrase.endsWith("|") ? key : key.substring(0, key.length() - 1);
        return open.charAt(1) >= 0x80 ? open.substring(1) : open;
    }

    int count() {
        return count;
    }

    int[] numbersOf(Condition.Text text) {
        return text.anyOf().stream()
                .mapToInt(phrase -> phraseNumbers.get(phraseKey(phrase)))
                .toArray();
    }

    int[] numbersOf(Condition.Code code) {
        return code.anyOf().stream()
                .mapToInt(name -> codeNumbers.get(Words.squeezed(name)))
                .toArray();
    }

    int[] numbersOf(Condition.Thrown thrown) {
        return thrown.anyOf().stream().mapToInt(thrownNumbers::get).toArray();
    }

    /** The bits of everything known that the error holds. */
    long[] found(Iterable<String> codes, String text, Iterable<String> thrownSimpleNames) {
        long[] bits = new long[(count >> 6) + 1];
        phrases.find(text, ResponseReader.MAX_BODY_CHARS, bits);
        for (String code : codes) {
            Integer spelled = spelledCodes.get(code);
            set(bits, spelled != null ? spelled : codeNumbers.get(Words.squeezed(code)));
        }
        for (String name : thrownSimpleNames) {
            set(bits, thrownNumbers.get(name));
        }
        return bits;
    }

    private static void set(long[] bits, @Nullable Integer number) {
        if (number != null) {
            bits[number >> 6] |= 1L << number;
        }
    }
}

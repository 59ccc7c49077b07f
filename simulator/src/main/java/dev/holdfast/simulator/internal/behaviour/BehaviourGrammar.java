// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.behaviour;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Grammar of a model string: {@code [sim/]word[=value][,word[=value]]...}, words in any order, each at most once.
 * Whether a word is a behaviour or an option makes no difference to the reader.
 */
final class BehaviourGrammar {
    static final String KNOWN_WORDS = "ok, a status 400 to 599, fail=N, ttft=MS, stall[=MS], cut, error-first, "
            + "meta-then-error, error-mid, no-terminal, empty, malformed, refuse, reset, hang, slow-headers=MS, tokens=N, "
            + "rate=N, tool, json, bad-json; options retry-after=S, retry-after-ms=MS, retry-after-date=S, after=N, "
            + "status=N, as=PROVIDER";

    private static final Map<String, Ending> ENDINGS = Map.of(
            "refuse", Ending.REFUSE,
            "reset", Ending.RESET,
            "hang", Ending.HANG,
            "cut", Ending.CUT,
            "error-first", Ending.ERROR_FIRST,
            "meta-then-error", Ending.META_THEN_ERROR,
            "error-mid", Ending.ERROR_MID,
            "no-terminal", Ending.NO_TERMINAL,
            "malformed", Ending.MALFORMED);
    private static final Map<String, Content> CONTENTS =
            Map.of("empty", Content.EMPTY, "tool", Content.TOOL, "json", Content.JSON, "bad-json", Content.BAD_JSON);

    private static final int DEFAULT_TOKENS = 20;
    private static final int MOST_TOKENS = 100_000;
    private static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final long LONGEST_HINT_SECONDS = TimeUnit.DAYS.toSeconds(365);

    private final Set<String> seen = new HashSet<>();
    private @Nullable String endingWord;
    private @Nullable String contentWord;
    private Ending ending = Ending.COMPLETE;
    private Content content = Content.TEXT;
    private int status;
    private int fail;
    private int statusOption;
    private long slowHeadersNanos;
    private long ttftNanos;
    private long stallNanos = Behaviour.NEVER;
    private int after = -1;
    private int tokens = DEFAULT_TOKENS;
    private double rate;
    private RetryHint hint = RetryHint.NONE;
    private @Nullable Provider as;

    private BehaviourGrammar() {}

    static Behaviour parse(String model) {
        String bare = bareName(model);
        if (bare.isEmpty()) {
            throw new BehaviourException("the model names no behaviour; known words: " + KNOWN_WORDS);
        }
        BehaviourGrammar grammar = new BehaviourGrammar();
        for (String part : bare.split(",", -1)) {
            int equals = part.indexOf('=');
            String word = equals < 0 ? part : part.substring(0, equals);
            grammar.take(word, equals < 0 ? null : part.substring(equals + 1));
        }
        return grammar.finish();
    }

    static String bareName(String model) {
        for (String provider : new String[] {"sim/", "sim-anthropic/"}) {
            if (model.startsWith(provider)) {
                return model.substring(provider.length());
            }
        }
        return model;
    }

    private void take(String word, @Nullable String value) {
        if (!seen.add(word)) {
            throw new BehaviourException("'" + word + "' is given twice");
        }
        Ending named = ENDINGS.get(word);
        Content said = CONTENTS.get(word);
        if (named != null) {
            bare(word, value);
            end(word, named);
        } else if (said != null) {
            bare(word, value);
            say(word, said);
        } else if (word.matches("[45]\\d\\d")) {
            bare(word, value);
            end(word, Ending.STATUS);
            status = Integer.parseInt(word);
        } else {
            option(word, value);
        }
    }

    private void option(String word, @Nullable String value) {
        switch (word) {
            case "ok" -> bare(word, value);
            case "fail" -> fail = (int) whole(word, value, 0, 1_000_000);
            case "status" -> statusOption = (int) whole(word, value, 400, 599);
            case "ttft" -> ttftNanos = millis(word, value);
            case "slow-headers" -> slowHeadersNanos = millis(word, value);
            case "stall" -> stallNanos = value == null ? Behaviour.FOREVER : millis(word, value);
            case "after" -> after = (int) whole(word, value, 0, MOST_TOKENS);
            case "tokens" -> tokens = (int) whole(word, value, 1, MOST_TOKENS);
            case "rate" -> rate = number(word, value, 0.001, 1_000_000);
            case "retry-after" -> hint(new RetryHint.Seconds(number(word, value, 0, LONGEST_HINT_SECONDS)));
            case "retry-after-ms" -> hint(new RetryHint.Millis(whole(word, value, 0, LONGEST_HINT_SECONDS * 1000)));
            case "retry-after-date" ->
                hint(new RetryHint.Date(whole(word, value, -LONGEST_HINT_SECONDS, LONGEST_HINT_SECONDS)));
            case "as" -> as = provider(value);
            default -> throw new BehaviourException("unknown word '" + word + "'; known words: " + KNOWN_WORDS);
        }
    }

    private Behaviour finish() {
        if (statusOption != 0 && fail == 0 && !ending.inBandError()) {
            throw new BehaviourException("'status' belongs to fail, error-first, meta-then-error or error-mid; "
                    + "a status by itself is written as '" + statusOption + "'");
        }
        return new Behaviour(
                ending,
                content,
                status,
                fail,
                statusOption,
                slowHeadersNanos,
                ttftNanos,
                stallNanos,
                after,
                tokens,
                rate,
                hint,
                as);
    }

    private void end(String word, Ending named) {
        if (endingWord != null) {
            throw new BehaviourException("'" + endingWord + "' and '" + word + "' exclude each other");
        }
        endingWord = word;
        ending = named;
    }

    private void say(String word, Content said) {
        if (contentWord != null) {
            throw new BehaviourException("'" + contentWord + "' and '" + word + "' exclude each other");
        }
        contentWord = word;
        content = said;
    }

    private void hint(RetryHint stated) {
        if (!(hint instanceof RetryHint.None)) {
            throw new BehaviourException("one of retry-after, retry-after-ms and retry-after-date is enough");
        }
        hint = stated;
    }

    private static Provider provider(@Nullable String value) {
        String name = value == null ? "" : value;
        return Provider.of(name)
                .orElseThrow(() -> new BehaviourException(
                        "'as' needs a provider, not '" + name + "'; known: " + Provider.words()));
    }

    private static void bare(String word, @Nullable String value) {
        if (value != null) {
            throw new BehaviourException("'" + word + "' takes no value");
        }
    }

    private static long millis(String word, @Nullable String value) {
        return TimeUnit.MILLISECONDS.toNanos(whole(word, value, 0, LONGEST_MILLIS));
    }

    private static long whole(String word, @Nullable String value, long least, long most) {
        if (value != null && value.matches("-?\\d{1,15}")) {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new BehaviourException(
                "'" + word + "' needs a whole number from " + least + " to " + most + ", not " + shown(value));
    }

    private static double number(String word, @Nullable String value, double least, double most) {
        if (value != null && value.matches("\\d{1,15}(\\.\\d{1,9})?")) {
            double number = Double.parseDouble(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new BehaviourException(
                "'" + word + "' needs a number from " + least + " to " + most + ", not " + shown(value));
    }

    private static String shown(@Nullable String value) {
        return value == null ? "nothing" : "'" + value + "'";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All rule tables, compiled. For each provider family the rules stand in the order of asking: step by step, inside a step
 * the family's own table, then the shared one, then what of the others holds here too ({@link Rule#holdsElsewhere}).
 *
 * <p>A rule that needs a phrase, code or exception class is a candidate only when one of those was found, so asking costs
 * by what the error holds and not by the number of rules. Immutable, thread-safe.
 */
final class RuleBook {
    /** A matched rule under its full name. */
    record Match(String name, Rule rule) {}

    /** What {@code needs} asks for is told at once, and by most rules that are asked; the rest of the condition by a call. */
    private record Compiled(Match match, Needs needs, Predicate<Evidence> test, int @Nullable [] triggers) {
        boolean appliesTo(Evidence evidence) {
            return needs.areMetBy(evidence) && test.test(evidence);
        }
    }

    /**
     * The rules of one family in order; for each signal the positions of the rules that it makes candidates, and as bits
     * the positions of those that always are.
     */
    private record Sequence(Compiled[] rules, int[][] bySignal, long[] always) {}

    private final Signals signals;
    private final Map<String, Sequence> byProvider = new HashMap<>();
    private final Sequence forUnknown;

    /** The first table is the shared one. */
    RuleBook(List<RuleTable> tables) {
        signals = new Signals(tables);
        Map<RuleTable, List<Compiled>> compiled = new HashMap<>();
        for (RuleTable table : tables) {
            compiled.put(
                    table,
                    table.rules().stream().map(rule -> compile(table, rule)).toList());
        }
        for (RuleTable own : tables) {
            LinkedHashSet<RuleTable> order = new LinkedHashSet<>(List.of(own));
            order.addAll(tables);
            Sequence sequence = sequence(order, own, compiled);
            own.providers().forEach(provider -> byProvider.put(provider, sequence));
        }
        forUnknown = sequence(new LinkedHashSet<>(tables), tables.get(0), compiled);
    }

    Signals signals() {
        return signals;
    }

    /** The first rule that applies; null when none does. */
    @Nullable
    Match match(@Nullable String provider, Evidence evidence) {
        Sequence sequence = provider == null ? forUnknown : byProvider.getOrDefault(provider, forUnknown);
        long[] candidates = candidates(sequence, evidence.signals());
        for (int word = 0; word < candidates.length; word++) {
            for (long left = candidates[word]; left != 0; left &= left - 1) {
                Compiled rule = sequence.rules[(word << 6) + Long.numberOfTrailingZeros(left)];
                if (rule.appliesTo(evidence)) {
                    return rule.match;
                }
            }
        }
        return null;
    }

    private static long[] candidates(Sequence sequence, long[] found) {
        long[] candidates = sequence.always.clone();
        for (int word = 0; word < found.length; word++) {
            for (long left = found[word]; left != 0; left &= left - 1) {
                mark(candidates, sequence.bySignal[(word << 6) + Long.numberOfTrailingZeros(left)]);
            }
        }
        return candidates;
    }

    private static void mark(long[] bits, int[] positions) {
        for (int position : positions) {
            bits[position >> 6] |= 1L << position;
        }
    }

    private Sequence sequence(Set<RuleTable> tables, RuleTable own, Map<RuleTable, List<Compiled>> compiled) {
        List<Compiled> ordered = new ArrayList<>();
        for (Rule.Step step : Rule.Step.values()) {
            for (RuleTable table : tables) {
                boolean foreign = table != own && !table.holdsForAll();
                for (Compiled rule : compiled.getOrDefault(table, List.of())) {
                    if (rule.match.rule().step() == step
                            && (!foreign || rule.match.rule().holdsElsewhere(own.relaysOthers()))) {
                        ordered.add(rule);
                    }
                }
            }
        }
        int[][] bySignal = new int[signals.count()][];
        Arrays.fill(bySignal, new int[0]);
        long[] always = new long[(ordered.size() >> 6) + 1];
        for (int position = 0; position < ordered.size(); position++) {
            int[] triggers = ordered.get(position).triggers;
            if (triggers == null) {
                mark(always, new int[] {position});
            } else {
                for (int trigger : triggers) {
                    bySignal[trigger] = appended(bySignal[trigger], position);
                }
            }
        }
        return new Sequence(ordered.toArray(new Compiled[0]), bySignal, always);
    }

    private static int[] appended(int[] numbers, int number) {
        int[] longer = Arrays.copyOf(numbers, numbers.length + 1);
        longer[numbers.length] = number;
        return longer;
    }

    private Compiled compile(RuleTable table, Rule rule) {
        Needs needs = Needs.of(rule.when());
        return new Compiled(
                new Match(table.nameOf(rule), rule),
                rule.step() == Rule.Step.CONNECTION ? needs.and(Needs.NO_STATUS) : needs,
                compile(rule.when()),
                triggers(rule.when()));
    }

    private Predicate<Evidence> compile(Condition condition) {
        if (condition instanceof Condition.Status status) {
            return evidence -> evidence.status() >= status.from() && evidence.status() <= status.to();
        }
        if (condition instanceof Condition.Holds holds) {
            return evidence -> evidence.holds(holds.fact());
        }
        if (condition instanceof Condition.Not not) {
            return compile(not.part()).negate();
        }
        if (condition instanceof Condition.All all) {
            List<Predicate<Evidence>> parts =
                    all.parts().stream().map(this::compile).toList();
            return evidence -> {
                for (Predicate<Evidence> part : parts) {
                    if (!part.test(evidence)) {
                        return false;
                    }
                }
                return true;
            };
        }
        if (condition instanceof Condition.Any any) {
            List<Predicate<Evidence>> parts =
                    any.parts().stream().map(this::compile).toList();
            return evidence -> {
                for (Predicate<Evidence> part : parts) {
                    if (part.test(evidence)) {
                        return true;
                    }
                }
                return false;
            };
        }
        return anySignal(numbers(condition));
    }

    private static Predicate<Evidence> anySignal(int[] numbers) {
        return evidence -> {
            for (int number : numbers) {
                if (evidence.hasSignal(number)) {
                    return true;
                }
            }
            return false;
        };
    }

    private int[] numbers(Condition condition) {
        if (condition instanceof Condition.Text text) {
            return signals.numbersOf(text);
        }
        if (condition instanceof Condition.Code code) {
            return signals.numbersOf(code);
        }
        if (condition instanceof Condition.Thrown thrown) {
            return signals.numbersOf(thrown);
        }
        throw new IllegalArgumentException("no signals in " + condition.words());
    }

    /** Signals of which at least one must be found for the condition to hold; null when it can hold without any. */
    private int @Nullable [] triggers(Condition condition) {
        if (condition instanceof Condition.All all) {
            for (Condition part : all.parts()) {
                int[] triggers = triggers(part);
                if (triggers != null) {
                    return triggers;
                }
            }
            return null;
        }
        if (condition instanceof Condition.Any any) {
            int[] union = new int[0];
            for (Condition part : any.parts()) {
                int[] triggers = triggers(part);
                if (triggers == null) {
                    return null;
                }
                int before = union.length;
                union = Arrays.copyOf(union, before + triggers.length);
                System.arraycopy(triggers, 0, union, before, triggers.length);
            }
            return union;
        }
        boolean needsSignal = condition instanceof Condition.Text
                || condition instanceof Condition.Code
                || condition instanceof Condition.Thrown;
        return needsSignal ? numbers(condition) : null;
    }
}

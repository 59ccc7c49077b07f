// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Plays random sequences of steps; of the first one that fails, the shortest failing part that leaving out single steps
 * leads to is told, with its seed.
 */
public final class RandomRuns {
    /** How much of the runs is played; less where the tests themselves run thousands of times. */
    private static final int PERCENT = Integer.getInteger("test.runs.percent", 100);

    private RandomRuns() {}

    /** So many runs, rounds or draws, or the part of them that is played; at least one. */
    public static int part(int all) {
        return (int) Math.max(1, (long) all * PERCENT / 100);
    }

    public static <S> void play(
            long seed, int runs, int steps, Function<SplittableRandom, S> step, Consumer<List<S>> check) {
        for (int run = 0; run < part(runs); run++) {
            SplittableRandom random = new SplittableRandom(seed + run);
            List<S> sequence = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                sequence.add(step.apply(random));
            }
            if (failure(sequence, check) != null) {
                // Where only a part is played, it is asked whether it fails and not why.
                List<S> shortest = PERCENT < 100 ? sequence : shrink(sequence, check);
                throw new AssertionError("seed " + (seed + run) + ", shrunk to " + shortest, failure(shortest, check));
            }
        }
    }

    private static <S> List<S> shrink(List<S> failing, Consumer<List<S>> check) {
        List<S> current = failing;
        for (int part = Math.max(1, failing.size() / 2); part >= 1; part /= 2) {
            for (int from = 0; from < current.size(); ) {
                List<S> without = new ArrayList<>(current.subList(0, from));
                without.addAll(current.subList(Math.min(current.size(), from + part), current.size()));
                if (failure(without, check) != null) {
                    current = without;
                } else {
                    from += part;
                }
            }
        }
        return current;
    }

    private static <S> Throwable failure(List<S> sequence, Consumer<List<S>> check) {
        try {
            check.accept(sequence);
            return null;
        } catch (AssertionError | RuntimeException error) {
            return error;
        }
    }
}

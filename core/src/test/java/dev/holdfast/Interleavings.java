// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * Plays the operations of a class in two threads, in interleavings that the checker chooses: each access to shared memory may
 * be where threads change, which reaches every race of few steps. {@code -Dholdfast.deep=n} plays n times as many scenarios.
 */
public final class Interleavings {
    private static final int SCENARIOS = 3 * Integer.getInteger("holdfast.deep", 1);

    private Interleavings() {}

    /** Each run must have had results that its operations could have had one after the other. */
    public static void check(Class<?> operations) {
        options().check(operations);
    }

    /**
     * As {@link #check}, where a first operation would decide everything: threads meet at an object that is new. For
     * classes with few operations of many steps, so more ways through each are tried.
     */
    public static void checkNew(Class<?> operations) {
        options().actorsBefore(0).invocationsPerIteration(500).check(operations);
    }

    /** Any results will do; the class says itself, in a method marked so, what must hold at the end of each run. */
    public static void checkEnds(Class<?> operations) {
        options().verifier(EpsilonVerifier.class).check(operations);
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(SCENARIOS)
                .invocationsPerIteration(50);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/**
 * An error in the form that rules are asked about.
 *
 * @param status the effective HTTP status: the response's if it is an error, else one stated in body or text; 0 if none
 * @param facts the bits of the {@link Fact}s that hold
 * @param signals the bits of the codes, phrases and exception classes that were found, numbered by {@link RuleBook}
 */
record Evidence(int status, int facts, long[] signals) {

    boolean holds(Fact fact) {
        return (facts & fact.bit()) != 0;
    }

    boolean hasSignal(int number) {
        return (signals[number >> 6] >>> number & 1) != 0;
    }
}

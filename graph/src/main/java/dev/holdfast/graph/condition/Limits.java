// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

/**
 * What one condition may cost. Conditions choose a way; the longest seen in real graphs has some sixty characters and
 * touches a handful of values. These bounds are far from that and far from what a machine feels.
 */
final class Limits {
    /** Length of an expression. */
    static final int TEXT_CHARS = 10_000;

    /** Nesting of an expression: what a small stack can hold. */
    static final int DEPTH = 100;

    /** Nesting of the values that it compares or prints; also ends those that contain themselves. */
    static final int VALUE_DEPTH = 300;

    /** Evaluated parts plus elements and characters looked at. */
    static final int WORK = 2_000_000;

    /** Length of a string or list that an expression makes. */
    static final int SIZE = 100_000;

    /** Size of a whole number that an expression computes. */
    static final int INT_BITS = 4096;

    /** Longest decimal text that becomes a whole number; Python's own bound. */
    static final int INT_DIGITS = 4300;

    private Limits() {}
}

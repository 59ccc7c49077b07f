// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.Collection;

/** One evaluation: the names, and what is left of the work that it may do. For one thread. */
final class Run {
    private final Scope scope;
    private int left = Limits.WORK;

    Run(Scope scope) {
        this.scope = scope;
    }

    Scope scope() {
        return scope;
    }

    /** @throws Trouble when the condition has done more than it may */
    void spend(int work) {
        left -= work;
        if (left < 0 || work < 0) {
            throw Trouble.limit("the condition does more work than a condition may");
        }
    }

    /** @throws Trouble when a value would be larger than a condition may make */
    static void checkSize(long size) {
        if (size > Limits.SIZE) {
            throw Trouble.limit("the condition makes a value of more than " + Limits.SIZE + " elements or characters");
        }
    }

    static void checkDepth(int depth) {
        if (depth > Limits.VALUE_DEPTH) {
            throw Trouble.limit("a value is nested more than " + Limits.VALUE_DEPTH + " deep");
        }
    }

    void spendOn(Collection<?> items) {
        spend(items.size());
    }
}

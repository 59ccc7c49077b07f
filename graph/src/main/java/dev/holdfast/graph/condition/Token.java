// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import org.jspecify.annotations.Nullable;

/**
 * One word of an expression.
 *
 * @param text of a name, a keyword or a sign; empty otherwise
 * @param value of a number or a string
 * @param position where it starts
 */
record Token(Kind kind, String text, @Nullable Object value, int position) {
    enum Kind {
        NAME,
        KEYWORD,
        NUMBER,
        STRING,
        SIGN,
        END
    }

    boolean is(String wanted) {
        return (kind == Kind.SIGN || kind == Kind.KEYWORD) && text.equals(wanted);
    }
}

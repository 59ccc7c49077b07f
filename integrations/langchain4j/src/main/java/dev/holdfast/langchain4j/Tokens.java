// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import org.jspecify.annotations.Nullable;

/** LangChain4j's counts of tokens, which may be missing. */
final class Tokens {
    private Tokens() {}

    static long of(@Nullable Integer count) {
        return count == null ? 0 : Math.max(0, count);
    }
}

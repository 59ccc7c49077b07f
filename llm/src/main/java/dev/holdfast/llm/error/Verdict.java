// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Reach;
import dev.holdfast.failure.RetryScope;

/**
 * What a rule decides.
 *
 * @param sent false only when the request cannot have reached the server
 */
record Verdict(Category category, RetryScope scope, Reach reach, boolean sent) {

    static Verdict of(Category category) {
        return new Verdict(category, category.usualScope(), category.usualReach(), true);
    }

    /** Pointless on this target; another may serve the call. */
    Verdict elsewhere() {
        return new Verdict(category, RetryScope.OTHER_TARGET, reach, sent);
    }

    /** The request is at fault everywhere. */
    Verdict never() {
        return new Verdict(category, RetryScope.NEVER, reach, sent);
    }

    /** A wait and another attempt here can help. */
    Verdict here() {
        return new Verdict(category, RetryScope.SAME_TARGET, reach, sent);
    }

    Verdict reaching(Reach newReach) {
        return new Verdict(category, scope, newReach, sent);
    }

    Verdict unsent() {
        return new Verdict(category, scope, reach, false);
    }
}

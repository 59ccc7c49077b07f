// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;

/** The provider refuses a request as such: every policy is told to neither repeat it nor count it against the target. */
final class RefusedException extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1;

    private final transient Failure failure =
            Failure.of(Category.INVALID_REQUEST, "bench.refused", "the request is malformed");

    RefusedException() {
        super("the request is malformed", null, false, false);
    }

    @Override
    public Failure failure() {
        return failure;
    }
}

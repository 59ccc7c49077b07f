// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;

/** What came is no whole answer, though the model reported no error or one that is known already. */
final class WrongAnswer extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    WrongAnswer(Failure failure) {
        super(failure.message(), failure.cause(), false, false);
        this.failure = failure;
    }

    @Override
    public Failure failure() {
        return failure;
    }
}

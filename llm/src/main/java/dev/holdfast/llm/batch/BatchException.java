// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

/** A batch cannot be run on the files that it was given; nothing was changed. The message says what to do. */
public final class BatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BatchException(String message) {
        super(message);
    }
}

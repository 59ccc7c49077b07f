// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

/**
 * An exception that knows its own verdict. {@link FailureClassifier#standard()} takes the failure as it is, so a
 * client that already understood an error does not need a classifier of its own.
 */
public interface Classified {
    /** The verdict; never null, the same at every call. */
    Failure failure();
}

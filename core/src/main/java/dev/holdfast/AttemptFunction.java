// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.concurrent.CompletionStage;

/**
 * Starts one attempt without blocking. The stage completes when the result is there for the caller to see; if the attempt
 * goes on after that, it says so by {@link Attempt#goesOn()} before it completes the stage. Throwing and returning null
 * are failures like any other.
 */
@FunctionalInterface
public interface AttemptFunction<T> {
    CompletionStage<T> start(Attempt attempt) throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.StopReason;

/** What a call does after a failure. */
sealed interface Step {
    /** The next attempt goes to a target in a domain that was not tried yet, as soon as its short pause is over. */
    record FailOver(int index, long atNanos) implements Step {}

    /** The next attempt goes to a target whose domain was tried before, after a wait that has been paid for. */
    record Retry(int index, long atNanos, int paid) implements Step {}

    /** No further attempt; {@code returnAtNanos} is when one could help, {@code Long.MAX_VALUE} where unknown. */
    record Stop(StopReason reason, long returnAtNanos) implements Step {}
}

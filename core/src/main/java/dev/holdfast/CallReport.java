// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.time.Duration;
import java.util.List;

/**
 * The attempts of one call, in order. A stream's report, read before the end, lists the running attempt as the success that
 * it is so far.
 *
 * @param callId the call's id
 * @param attempts what was tried; empty for a rejected call
 * @param waited all waits together
 * @param elapsed from the start of the call to its end
 */
public record CallReport(String callId, List<AttemptReport> attempts, Duration waited, Duration elapsed) {
    public CallReport {
        attempts = List.copyOf(attempts);
    }
}

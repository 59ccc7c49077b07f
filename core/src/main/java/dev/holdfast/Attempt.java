// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.limit.Dimension;
import dev.holdfast.target.Target;
import java.time.Duration;

/**
 * One try of a call on one target, as the code that makes it sees it. Thread-safe.
 *
 * <p>When the engine ends an attempt (timeout, deadline, the caller left) it cancels the stage that the attempt returned and
 * runs what was registered by {@link #onCancel}. Whatever the attempt reports after that is void.
 */
public interface Attempt {
    /** Where this attempt goes. */
    Target target();

    /** 1 for the first attempt of the call. */
    int number();

    /** How many attempts the call may make at the most. */
    int maxAttempts();

    /** The id of the call, the same for all its attempts and for calls nested in it. */
    String callId();

    /** To be handed to calls made within this attempt, so that they share its deadline and are not repeated in vain. */
    CallContext context();

    /** What is left for this attempt: its total timeout or the call's deadline, whichever ends first; at least 0. */
    Duration timeLeft();

    /** The timeouts of this attempt, each cut to {@link #timeLeft()}. */
    TimeoutConfig timeouts();

    /** Runs the action once if the engine ends this attempt; at once if it already has. It must not block. */
    void onCancel(Runnable action);

    /** Tells the tokens that this attempt used, for the report and for pacers; the last value before its end counts. */
    void usage(long inputTokens, long outputTokens);

    /**
     * Tells those who observe the call something that the engine has no word for, such as the model that answered.
     *
     * @see CallObservation#told
     */
    void tell(Object fact);

    /**
     * Tells what a response said about the rate limit of the quota domain, so that later attempts keep to it.
     *
     * @param limit how much there is from one reset to the next; 0 where that was not said
     * @param remaining what is left until the reset, not negative
     * @param untilReset time until there is as much as {@code limit} again
     */
    void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset);

    /**
     * Declares that the attempt goes on after its stage has completed (a stream): the completion is its commit, and its end
     * is reported by the returned handle. Slot and permit come back at the end. To be called before the stage completes;
     * more than one call returns the same handle.
     */
    OngoingAttempt goesOn();
}

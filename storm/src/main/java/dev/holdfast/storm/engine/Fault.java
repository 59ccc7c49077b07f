// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.net.http.HttpTimeoutException;

/**
 * What a policy that knows only HTTP sees of a failed attempt.
 *
 * @param kind whether there was an answer
 * @param status of the answer; 0 where there was none
 */
public record Fault(Kind kind, int status) {
    /** How an attempt failed. */
    public enum Kind {
        /** The server answered with an error status. */
        STATUS,
        /** No answer in time. */
        TIMEOUT,
        /** The connection was refused, reset or cut. */
        CONNECTION
    }

    public static final Fault TIMED_OUT = new Fault(Kind.TIMEOUT, 0);
    public static final Fault BROKEN = new Fault(Kind.CONNECTION, 0);

    public static Fault status(int status) {
        return new Fault(Kind.STATUS, status);
    }

    /** Of what {@link HttpTarget#ask} throws. */
    static Fault of(Exception error) {
        if (error instanceof HttpStatusException answered) {
            return status(answered.status());
        }
        return error instanceof HttpTimeoutException ? TIMED_OUT : BROKEN;
    }
}

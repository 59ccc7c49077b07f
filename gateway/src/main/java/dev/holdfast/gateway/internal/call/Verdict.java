// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.AttemptReport;
import dev.holdfast.AttemptTimeoutException;
import dev.holdfast.CallException;
import dev.holdfast.CallRejectedException;
import dev.holdfast.CallReport;
import dev.holdfast.DeadlineExceededException;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.gateway.internal.access.Allowance;
import dev.holdfast.llm.dialect.ErrorBody;
import dev.holdfast.llm.dialect.InvalidRequestException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a client gets no answer, as it is told.
 *
 * @param retryAfter when to come back; null where that is not known
 * @param report what was tried; null where nothing was
 * @param refused whether this gateway refused the request, before any attempt
 */
record Verdict(
        ErrorBody error,
        @Nullable Duration retryAfter,
        @Nullable CallReport report,
        boolean refused) {

    static Verdict refused(int status, String code, String message, String callId) {
        return new Verdict(new ErrorBody(status, code, message, null, callId), null, null, true);
    }

    static Verdict of(InvalidRequestException e, String callId) {
        return new Verdict(ErrorBody.of(e, callId), null, null, true);
    }

    static Verdict draining(String callId) {
        return refused(503, "draining", "this gateway is shutting down; ask another one, or again later", callId);
    }

    /** The client's own limit at this gateway. */
    static Verdict overLimit(Allowance.Over over, String callId) {
        String what = over.tokens() ? "tokens" : "requests";
        ErrorBody body = new ErrorBody(
                429,
                "client_rate_limit",
                "your limit of " + what + " per minute at this gateway is used up",
                null,
                callId);
        return new Verdict(body, Duration.ofSeconds(over.retryAfterSeconds()), null, true);
    }

    /** All targets of the model are drained. */
    static Verdict noTarget(String callId) {
        return refused(503, "all_targets_unavailable", "no target of this model is in service", callId);
    }

    /** Something of our own went wrong: its words could hold anything. */
    static Verdict internal(String callId) {
        return new Verdict(
                new ErrorBody(500, "internal_error", "the gateway failed; its log says why", null, callId),
                null,
                null,
                false);
    }

    /** The end of a call, as its engine tells it; null if it is none that engines tell. */
    static @Nullable Verdict of(Throwable error, Wire wire, String callId) {
        if (error instanceof CallRejectedException rejected) {
            return rejected(rejected, callId);
        }
        if (!(error instanceof CallException failed)) {
            return null;
        }
        ErrorBody body = body(failed.failure(), wire, callId);
        if (failed instanceof DeadlineExceededException) {
            body = deadline(body, callId);
        }
        return new Verdict(body, failed.retryAfter(), failed.report(), false);
    }

    private static Verdict rejected(CallRejectedException rejected, String callId) {
        if (rejected.obstacle() == CallRejectedException.Obstacle.CLOSED) {
            return draining(callId);
        }
        ErrorBody body =
                new ErrorBody(503, "all_targets_unavailable", String.valueOf(rejected.getMessage()), null, callId);
        return new Verdict(body, rejected.retryAfter(), rejected.report(), true);
    }

    /** The failure of a stream after its first content. */
    static Verdict interrupted(Failure failure, @Nullable CallReport report, Wire wire, String callId) {
        // Only this gateway's own end cancels a stream that has a reader.
        ErrorBody body =
                failure.category() == Category.CANCELLED ? draining(callId).error() : body(failure, wire, callId);
        boolean deadline = failure.cause() instanceof AttemptTimeoutException timeout
                && timeout.phase() == AttemptTimeoutException.Phase.DEADLINE;
        return new Verdict(deadline ? deadline(body, callId) : body, failure.hint(), report, false);
    }

    private static ErrorBody deadline(ErrorBody body, String callId) {
        return new ErrorBody(504, "deadline", body.message(), null, callId);
    }

    private static ErrorBody body(Failure failure, Wire wire, String callId) {
        ErrorBody body = ErrorBody.of(failure, callId);
        boolean overloaded = failure.category() == Category.OVERLOADED || failure.category() == Category.MODEL_LOADING;
        return overloaded ? new ErrorBody(wire.overloaded(), body.code(), body.message(), body.param(), callId) : body;
    }

    List<AttemptReport> attempts() {
        return report == null ? List.of() : report.attempts();
    }

    /**
     * Whether the client's own library should leave it: what it could try has been tried, or only the operator of this
     * gateway can mend it (a key, a quota, a permission, a model's name). Official libraries take every 502 for
     * passing and would wait a minute for the same answer.
     */
    boolean retryIsVain() {
        return attempts().size() > 1 || error.code().startsWith("upstream_");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONFLICT;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.EMPTY_RESPONSE;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.NETWORK;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.REQUEST_TOO_LARGE;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.failure.Category.TIMEOUT;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.statusBetween;

import java.util.List;

/** What the bare HTTP status says, and what a success without an error object says. */
final class StatusRules {

    static final List<Rule> RULES = List.of(
            Rule.status("refused_answer", CONTENT_FILTER, all(fact(Fact.REFUSED), not(fact(Fact.ERROR_FOUND)))),
            Rule.status(
                    "empty_answer", EMPTY_RESPONSE, all(fact(Fact.EMPTY_ANSWER), status(0), not(fact(Fact.THROWN)))),
            Rule.status("unfinished_answer", STREAM_INTERRUPTED, all(fact(Fact.UNFINISHED_ANSWER), status(0))),
            Rule.status("failed_finish", STREAM_INTERRUPTED, all(fact(Fact.FAILED_FINISH), status(0))),
            Rule.status("status_401", AUTH, status(401, 407)),
            Rule.status("status_402", QUOTA_EXHAUSTED, status(402)),
            Rule.status("status_403", PERMISSION, status(403, 451)),
            Rule.status("status_404", NOT_FOUND, status(404, 410)),
            Rule.status("status_408", TIMEOUT, status(408)),
            Rule.status("status_409", CONFLICT, status(409, 423, 425)),
            Rule.status("status_413", REQUEST_TOO_LARGE, status(413, 414, 431)),
            Rule.status("status_424", SERVER_ERROR, status(424)),
            Rule.status("status_429", RATE_LIMIT, status(429)),
            Rule.status("status_498", OVERLOADED, status(498)),
            Rule.status("moved", NOT_FOUND, statusBetween(300, 399)),
            Rule.status("wrong_endpoint", Verdict.of(INVALID_REQUEST).elsewhere(), status(405, 501)),
            Rule.status("status_4xx", INVALID_REQUEST, statusBetween(400, 499)),
            Rule.status("status_503", OVERLOADED, status(503, 529)),
            Rule.status("status_504", TIMEOUT, status(504, 522, 524)),
            Rule.status("origin_unreachable", SERVER_ERROR, status(521, 523, 530)),
            Rule.status("origin_tls", Verdict.of(NETWORK).elsewhere(), status(525, 526)),
            Rule.status("status_5xx", SERVER_ERROR, statusBetween(500, 599)),
            Rule.status("request_code_alone", INVALID_REQUEST, all(code("""
                            invalid_request_error, invalid_request, INVALID_ARGUMENT, OUT_OF_RANGE, ValidationException, bad_request
                            BadRequestError, invalid_parameter_error, InvalidParameter, validation_error, validation
                            """), status(0))),
            Rule.status("in_stream", SERVER_ERROR, all(fact(Fact.IN_STREAM), fact(Fact.ERROR_FOUND))));

    private StatusRules() {}
}

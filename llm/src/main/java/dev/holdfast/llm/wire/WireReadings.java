// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.Attempt;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;

/** Which way the successful response to one request is read. */
final class WireReadings {
    private final WireRequest request;
    private final Dialect dialect;
    private final boolean stream;

    WireReadings(WireRequest request, Dialect dialect, boolean stream) {
        this.request = request;
        this.dialect = dialect;
        this.stream = stream;
    }

    /** Whether the request asks a model for an answer in the dialect, so that its answer is understood. */
    static boolean asksForAnswer(WireRequest request, Dialect dialect) {
        String path = request.plainPath();
        return request.isPost()
                && path.endsWith(dialect.name().equals(OpenAiDialect.NAME) ? "/chat/completions" : "/messages");
    }

    Reading of(Attempt attempt, ResponseHead head) {
        ErrorReader errors = dialect.errors();
        if (asksForAnswer(request, dialect)) {
            return stream
                    ? new DialectStream(attempt, dialect, head)
                    : new WholeAnswer(
                            errors,
                            head,
                            body -> tell(attempt, dialect.decode(head, body).usage()));
        }
        String type = head.mediaType();
        if (GeminiRequests.asksForAnswer(request) && !stream) {
            return new WholeAnswer(
                    errors,
                    head,
                    body -> GeminiAnswer.check(errors, head, body.toBytes(), used -> tell(attempt, used)));
        }
        if (type.equals("text/event-stream") && GeminiRequests.asksForStream(request)) {
            return new GeminiStream(errors, head, used -> tell(attempt, used));
        }
        if (type.equals("text/event-stream")) {
            return new TypedEvents(errors, head, request.plainPath().endsWith("/responses"));
        }
        if (stream || (request.isPost() && type.equals("text/html"))) {
            return new WholeAnswer(errors, head, body -> {
                throw errors.unreadable(head, body.toBytes());
            });
        }
        return type.equals("application/json")
                ? new WholeAnswer(errors, head, WireReadings::any)
                : new PassedOn(errors, head);
    }

    private static void any(BoundedBody body) {}

    private static void tell(Attempt attempt, Usage usage) {
        attempt.usage(usage.inputTokens(), usage.outputTokens());
    }
}

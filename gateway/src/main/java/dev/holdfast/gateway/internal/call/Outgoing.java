// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.AttemptReport;
import dev.holdfast.CallReport;
import dev.holdfast.gateway.internal.access.Allowance;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.observe.CallRecord;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.AnswerHead;
import dev.holdfast.llm.dialect.StreamEncoder;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one client: its heads, its errors in the client's dialect, and the one record at its end. Whatever comes
 * after the end does nothing, so nobody need ask first. Thread-safe.
 */
final class Outgoing {
    private static final int CLIENT_CLOSED = 499;
    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";
    private static final String JSON = "application/json";

    private final Service service;
    private final Wire wire;
    private final Response response;
    private final String callId;
    private final long startedNanos;
    private final long startedAtMillis;

    // guarded by this
    private String client = "unknown";
    private String model = "unknown";
    private boolean stream;
    private boolean begun;
    private boolean over;
    private @Nullable Duration firstContent;
    private Allowance.@Nullable Charge charge;
    private long estimatedTokens;

    Outgoing(Service service, Wire wire, Response response, String callId) {
        this.service = service;
        this.wire = wire;
        this.response = response;
        this.callId = callId;
        this.startedNanos = service.ticker().nanos();
        this.startedAtMillis = service.clock().millis();
    }

    String callId() {
        return callId;
    }

    /** A client that is known. */
    synchronized void by(String clientName) {
        client = clientName;
    }

    /** What the client was charged for it. */
    synchronized void charged(Allowance.Charge made, long estimate) {
        charge = made;
        estimatedTokens = estimate;
    }

    /** A model that is known, and how its answer is wanted. */
    synchronized void asked(String knownModel, boolean streamed) {
        model = knownModel;
        stream = streamed;
    }

    AnswerHead answerHead(String id, String askedModel, boolean streamUsage) {
        return new AnswerHead(id, askedModel, startedAtMillis / 1000, streamUsage);
    }

    synchronized boolean isOver() {
        return over;
    }

    // A whole answer.

    synchronized void send(
            CallReport report, String contentType, byte[] body, List<TranslationNote> translation, Usage usage) {
        if (over) {
            return;
        }
        over = true;
        HttpHeaders headers = headers(contentType);
        tell(headers, report);
        Headers.translation(headers, translation);
        response.send(200, headers, body);
        record(200, "success", null, report, usage);
    }

    // A streamed answer.

    /** The attempt that the client gets has committed: the head goes out, unless it has. */
    synchronized void begin(CallReport report, List<TranslationNote> translation) {
        firstContent = Duration.ofNanos(service.ticker().nanos() - startedNanos);
        if (!begun && !over) {
            begun = true;
            HttpHeaders headers = streamHeaders();
            tell(headers, report);
            Headers.translation(headers, translation);
            response.begin(200, headers);
        }
    }

    /** Nothing has come for long: the head goes out without what is not known yet, and something to keep the line open. */
    synchronized boolean keepAlive() {
        if (over || firstContent != null) {
            return false;
        }
        if (!begun) {
            begun = true;
            response.begin(200, streamHeaders());
        }
        response.write(Wire.keepAlive());
        return true;
    }

    synchronized void write(List<ByteBuffer> pieces) {
        if (!over) {
            pieces.forEach(response::write);
        }
    }

    /** The dialect's own end has been written. */
    synchronized void end(CallReport report, Usage usage) {
        if (!over) {
            over = true;
            response.end();
            record(200, "success", null, report, usage);
        }
    }

    // No answer.

    /** As an ordinary response, or, where its head has gone out, as the last event of the stream. */
    synchronized void fail(Verdict verdict, Usage usage) {
        if (over) {
            return;
        }
        over = true;
        int status = verdict.error().status();
        if (begun) {
            StreamEncoder encoder = wire.dialect().streamEncoder(answerHead("", "", false));
            response.write(ByteBuffer.wrap(encoder.fail(verdict.error())));
            response.end();
        } else {
            HttpHeaders headers = headers(JSON);
            if (verdict.report() != null && !verdict.attempts().isEmpty()) {
                tell(headers, verdict.report());
            }
            Headers.comeBack(headers, verdict);
            response.send(status, headers, wire.dialect().encodeError(verdict.error()));
        }
        record(
                status,
                verdict.refused() ? "refused" : "failure",
                verdict.error().code(),
                verdict.report(),
                usage);
    }

    /** The client has left: nobody is told, but it is recorded. */
    synchronized void left(@Nullable CallReport report, Usage usage) {
        if (!over) {
            over = true;
            record(CLIENT_CLOSED, "cancelled", null, report, usage);
        }
    }

    private HttpHeaders headers(String contentType) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(Headers.CONTENT_TYPE, contentType);
        headers.set(Headers.CALL_ID, callId);
        return headers;
    }

    private HttpHeaders streamHeaders() {
        HttpHeaders headers = headers(EVENT_STREAM);
        headers.set(Headers.CACHE_CONTROL, "no-cache");
        return headers;
    }

    private static void tell(HttpHeaders headers, CallReport report) {
        Headers.report(headers, report);
    }

    private void record(int status, String outcome, @Nullable String code, @Nullable CallReport report, Usage usage) {
        if (charge != null) {
            // An answer that does not say what it used has used something.
            charge.settle(usage.totalTokens() == 0 && status == 200 ? estimatedTokens : usage.totalTokens());
        }
        List<AttemptReport> attempts = report == null ? List.of() : report.attempts();
        service.ended(new CallRecord(
                callId,
                startedAtMillis,
                client,
                model,
                wire.operation(),
                stream,
                status,
                outcome,
                code,
                attempts.isEmpty()
                        ? null
                        : attempts.get(attempts.size() - 1).target().name(),
                attempts,
                report == null ? Duration.ZERO : report.waited(),
                Duration.ofNanos(service.ticker().nanos() - startedNanos),
                firstContent,
                usage.inputTokens(),
                usage.outputTokens()));
    }
}

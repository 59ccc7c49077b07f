// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.Attempt;
import dev.holdfast.CallResult;
import dev.holdfast.gateway.internal.route.ModelRoute;
import dev.holdfast.gateway.internal.route.Upstream;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.EncodedResponse;
import dev.holdfast.llm.exchange.PlainExchange;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A call whose answer is read whole before its client gets any of it. */
final class PlainCall implements GuardedCall<CallResult<PlainCall.Answer>> {
    private final Service service;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final Wire wire;

    /** An answer as the client gets it. */
    record Answer(String contentType, byte[] body, List<TranslationNote> translation, Usage usage) {}

    PlainCall(Service service, Incoming incoming, Outgoing outgoing, Wire wire) {
        this.service = service;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.wire = wire;
    }

    @Override
    public CompletableFuture<CallResult<Answer>> start(Running running) {
        return running.engine()
                .callWithReport(
                        running.targets(), running.options(), attempt -> attempted(running.route(), attempt));
    }

    private CompletionStage<Answer> attempted(ModelRoute route, Attempt attempt) {
        Upstream upstream = route.upstream(attempt.target());
        PlainExchange<Answer> exchange = new PlainExchange<>(
                upstream.dialect(),
                (head, body, notes) -> answer(attempt, upstream, head, body, notes),
                attempt::rateLimit);
        exchange.start(
                service.transport(),
                () -> incoming.encoded(upstream),
                encoded -> upstream.request(
                        encoded,
                        incoming.forwardedTo(upstream),
                        incoming.credential(),
                        outgoing.callId(),
                        route.engine().config().timeouts().connect()));
        return exchange;
    }

    private Answer answer(
            Attempt attempt, Upstream upstream, ResponseHead head, BoundedBody body, List<TranslationNote> notes) {
        LlmResponse read = upstream.dialect().decode(head, body);
        Usage usage = read.usage();
        attempt.usage(usage.inputTokens(), usage.outputTokens());
        if (incoming.isSpokenBy(upstream)) {
            String type = head.header("content-type");
            return new Answer(type == null ? "application/json" : type, body.toBytes(), List.of(), usage);
        }
        EncodedResponse written = wire.dialect()
                .encodeResponse(read, outgoing.answerHead("", incoming.model(), false));
        List<TranslationNote> all = new ArrayList<>(notes);
        all.addAll(written.translation());
        return new Answer("application/json", written.body(), all, usage);
    }

    @Override
    public void succeeded(CallResult<Answer> result) {
        Answer answer = result.value();
        outgoing.send(
                result.report(), answer.contentType(), answer.body(), answer.translation(), answer.usage());
    }

    @Override
    public void left(@Nullable CallResult<Answer> result) {
        outgoing.left(result == null ? null : result.report(), Usage.NONE);
    }
}

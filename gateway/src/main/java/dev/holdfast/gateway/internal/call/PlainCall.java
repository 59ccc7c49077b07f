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
import dev.holdfast.llm.openai.OpenAiEmbeddings;
import dev.holdfast.llm.transport.BoundedBody;
import dev.holdfast.llm.transport.ResponseHead;
import java.time.Duration;
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
                .callWithReport(running.targets(), running.options(), attempt -> attempted(running.route(), attempt));
    }

    private CompletionStage<Answer> attempted(ModelRoute route, Attempt attempt) {
        Upstream upstream = route.upstream(attempt.target());
        // The configured time, not what is left of a deadline: the engine watches that.
        Duration connectTimeout = route.engine().config().timeouts().connect();
        PlainExchange<Answer> exchange = new PlainExchange<>(
                upstream.dialect(),
                (head, body, notes) -> answer(attempt, upstream, head, body, notes),
                attempt::rateLimit);
        exchange.start(
                service.transport(),
                () -> incoming.encoded(upstream),
                encoded -> incoming.addressed(upstream, encoded, outgoing.callId(), connectTimeout));
        return exchange;
    }

    private Answer answer(
            Attempt attempt, Upstream upstream, ResponseHead head, BoundedBody body, List<TranslationNote> notes) {
        if (wire == Wire.EMBEDDINGS) {
            Usage usage = new OpenAiEmbeddings(upstream.dialect().errors()).check(head, body);
            return asItIs(attempt, head, body, usage);
        }
        LlmResponse read = upstream.dialect().decode(head, body);
        Usage usage = read.usage();
        if (incoming.isSpokenBy(upstream)) {
            return asItIs(attempt, head, body, usage);
        }
        attempt.usage(usage.inputTokens(), usage.outputTokens());
        EncodedResponse written = wire.dialect().encodeResponse(read, outgoing.answerHead("", incoming.model(), false));
        List<TranslationNote> all = new ArrayList<>(notes);
        all.addAll(written.translation());
        return new Answer("application/json", written.body(), all, usage);
    }

    private static Answer asItIs(Attempt attempt, ResponseHead head, BoundedBody body, Usage usage) {
        attempt.usage(usage.inputTokens(), usage.outputTokens());
        String type = head.header("content-type");
        return new Answer(type == null ? "application/json" : type, body.toBytes(), List.of(), usage);
    }

    @Override
    public void succeeded(CallResult<Answer> result) {
        Answer answer = result.value();
        outgoing.send(result.report(), answer.contentType(), answer.body(), answer.translation(), answer.usage());
    }

    @Override
    public void left(@Nullable CallResult<Answer> result) {
        outgoing.left(result == null ? null : result.report(), Usage.NONE);
    }
}

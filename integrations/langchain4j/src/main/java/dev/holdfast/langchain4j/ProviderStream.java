// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.failure.Failure;
import dev.holdfast.langchain4j.internal.AttemptScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.TranslationNote;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** One stream of a LangChain4j model as events: what the model calls back, and the subscription of the one who reads. */
final class ProviderStream implements StreamingChatResponseHandler, Flow.Subscription {
    private final @Nullable String family;
    private final boolean finishReasonRequired;
    private final EventRelay relay;
    private final AttemptScope scope = new AttemptScope();
    private final Upstream upstream = new Upstream();

    private volatile List<TranslationNote> notes = List.of();

    // guarded by this
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder run = new StringBuilder();
    private final StringBuilder thought = new StringBuilder();
    private final Set<String> told = new HashSet<>();
    private @Nullable CompletableFuture<?> replayed;
    private boolean over;

    ProviderStream(
            Flow.Subscriber<? super StreamEvent> subscriber, @Nullable String family, boolean finishReasonRequired) {
        this.family = family;
        this.finishReasonRequired = finishReasonRequired;
        this.relay = new EventRelay(subscriber, this::stop);
        subscriber.onSubscribe(this);
    }

    void start(StreamingChatModel model, LlmRequest request) {
        if (relay.isOver()) {
            return;
        }
        try {
            ToLangChain4j translated = new ToLangChain4j(request);
            notes = translated.notes();
            scope.call(() -> {
                model.chat(translated.request(), this);
                return this;
            });
        } catch (ProviderException e) {
            failed(e);
        } catch (Exception e) {
            onError(e);
        }
    }

    /** A whole answer, told as if it had been streamed. */
    void replay(CompletableFuture<LlmResponse> answer) {
        synchronized (this) {
            replayed = answer;
        }
        answer.whenComplete((response, error) -> {
            if (response != null) {
                whole(response);
            } else {
                Throwable cause =
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
                failed(Verdicts.exception(family, cause, false));
            }
        });
        if (relay.isOver()) {
            answer.cancel(true);
        }
    }

    @Override
    public void onPartialResponse(String partialResponse) {
        if (partialResponse == null || partialResponse.isEmpty()) {
            return;
        }
        synchronized (this) {
            if (over) {
                return;
            }
            endThought();
            text.append(partialResponse);
            run.append(partialResponse);
            relay.add(new StreamEvent.TextDelta(partialResponse));
        }
        relay.drain();
    }

    @Override
    public void onPartialResponse(PartialResponse partialResponse, PartialResponseContext context) {
        upstream.known(context.streamingHandle());
        onPartialResponse(partialResponse.text());
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking) {
        String piece = partialThinking.text();
        if (piece == null || piece.isEmpty()) {
            return;
        }
        synchronized (this) {
            if (over) {
                return;
            }
            endRun();
            thought.append(piece);
            relay.add(new StreamEvent.ReasoningDelta(piece));
        }
        relay.drain();
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking, PartialThinkingContext context) {
        upstream.known(context.streamingHandle());
        onPartialThinking(partialThinking);
    }

    /** Calls are told when they are whole. */
    @Override
    public void onPartialToolCall(PartialToolCall partialToolCall, PartialToolCallContext context) {
        upstream.known(context.streamingHandle());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall completeToolCall) {
        synchronized (this) {
            if (over) {
                return;
            }
            tool(FromLangChain4j.call(completeToolCall.toolExecutionRequest(), completeToolCall.index()));
        }
        relay.drain();
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        ProviderException nothing = Verdicts.emptiness(response);
        if (nothing == null && finishReasonRequired && response.finishReason() == null) {
            nothing = Verdicts.unfinished();
        }
        if (nothing != null) {
            failed(nothing);
        } else {
            whole(FromLangChain4j.response(response, notes));
        }
    }

    @Override
    public void onError(Throwable error) {
        boolean contentSeen;
        synchronized (this) {
            contentSeen = text.length() > 0 || thought.length() > 0 || !told.isEmpty();
        }
        failed(Verdicts.exception(family, error, contentSeen));
    }

    /** The end; what the callbacks have left out is told before it. */
    private void whole(LlmResponse response) {
        synchronized (this) {
            if (over) {
                return;
            }
            endThought();
            if (text.length() == 0 && !response.text().isEmpty()) {
                run.append(response.text());
                relay.add(new StreamEvent.TextDelta(response.text()));
            }
            endRun();
            response.toolCalls().forEach(this::tool);
            over = true;
            relay.add(new StreamEvent.UsageUpdate(response.usage()));
            relay.add(new StreamEvent.Finish(response));
        }
        relay.drain();
    }

    private void failed(ProviderException error) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            Failure failure = error.failure();
            relay.add(new StreamEvent.Error(failure.withCause(error), text.toString()));
        }
        relay.drain();
    }

    private void tool(Content.ToolCall call) {
        if (told.add(call.id())) {
            endThought();
            endRun();
            relay.add(new StreamEvent.ToolCallComplete(call));
        }
    }

    private void endRun() {
        if (run.length() > 0) {
            relay.add(new StreamEvent.TextEnd(run.toString()));
            run.setLength(0);
        }
    }

    private void endThought() {
        if (thought.length() > 0) {
            relay.add(new StreamEvent.ReasoningEnd(new Content.Reasoning(thought.toString())));
            thought.setLength(0);
        }
    }

    // The one who reads.

    @Override
    public void request(long count) {
        relay.request(count);
    }

    @Override
    public void cancel() {
        relay.cancel();
        stop();
    }

    private void stop() {
        CompletableFuture<?> whole;
        synchronized (this) {
            over = true;
            whole = replayed;
        }
        scope.cancel();
        upstream.stop();
        if (whole != null) {
            whole.cancel(true);
        }
    }
}

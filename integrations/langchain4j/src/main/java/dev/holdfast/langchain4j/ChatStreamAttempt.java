// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.Attempt;
import dev.holdfast.OngoingAttempt;
import dev.holdfast.failure.Failure;
import dev.holdfast.langchain4j.internal.AttemptScope;
import dev.holdfast.llm.ProviderException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a stream: what a delegate calls back. It commits at the first part that the handler can see, and keeps what
 * comes until the engine has taken it; the first terminal callback counts, and nothing after it does. Delegates may call from
 * any thread.
 */
final class ChatStreamAttempt implements StreamingChatResponseHandler {
    private final Attempt attempt;
    private final @Nullable String family;
    private final ChatStreamCall call;
    private final boolean finishReasonRequired;
    private final OngoingAttempt ongoing;
    private final CompletableFuture<ChatStreamAttempt> commit = new CompletableFuture<>();
    private final Upstream upstream = new Upstream();

    // guarded by this
    private final List<Consumer<StreamingChatResponseHandler>> early = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean committed;
    private boolean connected;
    private boolean over;
    /** How it ended, until there is somebody to be told. */
    private @Nullable Runnable end;

    ChatStreamAttempt(Attempt attempt, @Nullable String family, ChatStreamCall call, boolean finishReasonRequired) {
        this.attempt = attempt;
        this.family = family;
        this.call = call;
        this.finishReasonRequired = finishReasonRequired;
        this.ongoing = attempt.goesOn();
    }

    CompletableFuture<ChatStreamAttempt> start(
            StreamingChatModel model,
            ChatRequest request,
            ChatRequestOptions options,
            @Nullable String idempotencyKey) {
        attempt.onCancel(this::endedFromOutside);
        try {
            new AttemptScope(attempt, ongoing::bytesArrived, idempotencyKey).call(() -> {
                model.chat(request, CallAttribute.within(options, attempt.context()), this);
                return this;
            });
        } catch (Exception e) {
            onError(e);
        }
        return commit;
    }

    // What the delegate calls back.

    @Override
    public void onPartialResponse(String partialResponse) {
        part(
                partialResponse,
                handler -> handler.onPartialResponse(
                        new PartialResponse(partialResponse), new PartialResponseContext(call)));
    }

    @Override
    public void onPartialResponse(PartialResponse partialResponse, PartialResponseContext context) {
        upstream.known(context.streamingHandle());
        part(
                partialResponse.text(),
                handler -> handler.onPartialResponse(partialResponse, new PartialResponseContext(call)));
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking) {
        part("", handler -> handler.onPartialThinking(partialThinking, new PartialThinkingContext(call)));
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking, PartialThinkingContext context) {
        upstream.known(context.streamingHandle());
        onPartialThinking(partialThinking);
    }

    @Override
    public void onPartialToolCall(PartialToolCall partialToolCall) {
        part("", handler -> handler.onPartialToolCall(partialToolCall, new PartialToolCallContext(call)));
    }

    @Override
    public void onPartialToolCall(PartialToolCall partialToolCall, PartialToolCallContext context) {
        upstream.known(context.streamingHandle());
        onPartialToolCall(partialToolCall);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall completeToolCall) {
        part("", handler -> handler.onCompleteToolCall(completeToolCall));
    }

    /** No content: it waits for the first, and is forgotten where none comes. */
    @Override
    public void onUnmappedRawEvent(Object rawEvent) {
        ongoing.bytesArrived();
        pass(handler -> handler.onUnmappedRawEvent(rawEvent));
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        ProviderException nothing = Verdicts.emptiness(response);
        if (nothing == null && finishReasonRequired && response.finishReason() == null) {
            nothing = Verdicts.unfinished();
        }
        if (nothing != null) {
            failed(nothing);
            return;
        }
        TokenUsage usage = response.tokenUsage();
        if (usage != null) {
            attempt.usage(Tokens.of(usage.inputTokenCount()), Tokens.of(usage.outputTokenCount()));
        }
        end(() -> {
            ongoing.end();
            call.completed(response, ongoing.report());
        });
    }

    @Override
    public void onError(Throwable error) {
        boolean contentSeen;
        synchronized (this) {
            contentSeen = committed;
        }
        failed(Verdicts.exception(family, error, contentSeen));
    }

    private void part(String piece, Consumer<StreamingChatResponseHandler> told) {
        ongoing.contentArrived();
        boolean first;
        synchronized (this) {
            if (over) {
                return;
            }
            text.append(piece);
            first = !committed;
            committed = true;
        }
        pass(told);
        if (first) {
            commit.complete(this);
        }
    }

    private void pass(Consumer<StreamingChatResponseHandler> told) {
        synchronized (this) {
            if (over) {
                return;
            }
            if (!connected) {
                early.add(told);
                return;
            }
            call.tell(told);
        }
        call.drain();
    }

    private void failed(ProviderException error) {
        boolean retriable;
        synchronized (this) {
            retriable = !over && !committed;
            over |= retriable;
        }
        if (retriable) {
            commit.completeExceptionally(error);
            return;
        }
        end(() -> {
            ongoing.fail(error);
            call.ended(broken(error.failure()), ongoing.report());
        });
    }

    /**
     * Ends it once, as soon as there is somebody to be told: before that the engine has not committed, and would take the
     * end of an answer for the failure of an attempt.
     */
    private void end(Runnable how) {
        boolean commits;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            commits = !committed;
            committed = true;
            if (!connected) {
                end = how;
                how = () -> {};
            }
        }
        how.run();
        if (commits) {
            commit.complete(this);
        }
        call.drain();
    }

    private BrokenStreamException broken(Failure failure) {
        String soFar;
        synchronized (this) {
            soFar = text.toString();
        }
        return new BrokenStreamException(failure, soFar, ongoing.report());
    }

    // What the engine and the handler do.

    /** The call has committed to this attempt: everything goes to its handler from now on. */
    void connect(ChatStreamCall to) {
        Runnable ending;
        synchronized (this) {
            early.forEach(to::tell);
            early.clear();
            connected = true;
            ending = end;
        }
        if (ending != null) {
            ending.run();
        }
        to.drain();
    }

    void demand(boolean wanted) {
        ongoing.demand(wanted);
    }

    /** The handler has left. */
    void leave() {
        ongoing.cancel();
        stop();
    }

    /** The engine ended the attempt: its handler must be told why, the delegate that nobody listens any more. */
    private void endedFromOutside() {
        Failure failure = ongoing.endedBy();
        boolean told = false;
        synchronized (this) {
            if (!over && committed && failure != null) {
                told = connected;
                end = connected ? end : () -> call.ended(broken(failure), ongoing.report());
            }
            over = true;
        }
        upstream.stop();
        if (told && failure != null) {
            call.endedElsewhere(broken(failure), ongoing.report());
        }
    }

    private void stop() {
        synchronized (this) {
            over = true;
        }
        upstream.stop();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.Attempt;
import dev.holdfast.CallException;
import dev.holdfast.CallReport;
import dev.holdfast.Holdfast;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One streamed call: the attempts behind it, and the handler before it. Also the handle by which that one can leave. */
final class ChatStreamCall implements StreamingHandle, HandlerQueue.Watcher {
    private final Holdfast engine;
    private final Routes<StreamingChatModel> routes;
    private final ChatRequest request;
    private final ChatRequestOptions options;
    private final boolean finishReasonRequired;
    private final ChatListening listening;
    private final HandlerQueue told;

    private volatile boolean cancelled;
    private volatile @Nullable ChatStreamAttempt committed;

    ChatStreamCall(
            Holdfast engine,
            Routes<StreamingChatModel> routes,
            ChatRequest request,
            ChatRequestOptions options,
            boolean finishReasonRequired,
            ChatListening listening,
            StreamingChatResponseHandler handler) {
        this.engine = engine;
        this.routes = routes;
        this.request = request;
        this.options = options;
        this.finishReasonRequired = finishReasonRequired;
        this.listening = listening;
        this.told = new HandlerQueue(handler, this);
    }

    void start() {
        Map<Object, Object> attributes = options.listenerAttributes();
        CompletableFuture<ChatStreamAttempt> call;
        try {
            String key = CallAttribute.IDEMPOTENCY_KEY.in(attributes);
            call = engine.call(routes.targets(), CallAttribute.options(attributes), attempt -> started(attempt, key));
        } catch (RuntimeException e) {
            ended(e, null);
            return;
        }
        call.whenComplete((attempt, error) -> {
            if (attempt != null) {
                committed = attempt;
                attempt.connect(this);
            } else if (error instanceof CallException failed) {
                ended(ModelErrors.of(failed), failed.report());
            } else {
                ended(error, null);
            }
        });
    }

    private CompletableFuture<ChatStreamAttempt> started(Attempt attempt, @Nullable String idempotencyKey)
            throws Exception {
        StreamingChatModel model = routes.model(attempt.target());
        ChatRequest forRoute = routes.isFirst(attempt.target())
                ? request
                : ChatRequests.withoutModelName(request, model.defaultRequestParameters());
        return new ChatStreamAttempt(attempt, Routes.family(model.provider()), this, finishReasonRequired)
                .start(model, forRoute, options, idempotencyKey);
    }

    // What the committed attempt tells.

    void tell(Consumer<StreamingChatResponseHandler> piece) {
        told.add(piece);
    }

    void completed(ChatResponse response, CallReport report) {
        told.addLast(handler -> {
            listening.onResponse(response, report);
            handler.onCompleteResponse(response);
        });
    }

    void ended(Throwable error, @Nullable CallReport report) {
        told.addLast(handler -> {
            listening.onError(error, report);
            handler.onError(error);
        });
        told.drain();
    }

    void drain() {
        told.drain();
    }

    /** As {@link #ended} for a thread of the engine's timer, where no user's code may run. */
    void endedElsewhere(Throwable error, CallReport report) {
        engine.executor().execute(() -> ended(error, report));
    }

    // The handler.

    @Override
    public void busy(boolean now) {
        ChatStreamAttempt attempt = committed;
        if (attempt != null) {
            attempt.demand(!now);
        }
    }

    @Override
    public void failed(Throwable error) {
        leave();
        listening.onError(error, null);
    }

    /** The handler wants no more: it hears nothing after this, as in LangChain4j, not even an end. */
    @Override
    public void cancel() {
        cancelled = true;
        told.leave();
        leave();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    private void leave() {
        ChatStreamAttempt attempt = committed;
        if (attempt != null) {
            attempt.leave();
        }
    }
}

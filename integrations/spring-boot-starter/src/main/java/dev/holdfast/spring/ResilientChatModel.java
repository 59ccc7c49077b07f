// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Attempt;
import dev.holdfast.CallContext;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.CallReport;
import dev.holdfast.CallResult;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * A chat model that keeps standing: retries with the provider's hints and a budget, leaves a failing model alone, fails over
 * to other models before the first content, and ends no stream cleanly that was cut.
 *
 * <p>A failed call throws a {@link CallException}, whose cause is the model's own error; a stream that breaks after its first
 * content ends with a {@link StreamBrokenException}. Each response tells who served it, by the keys below in its metadata.
 * Immutable, thread-safe.
 */
public final class ResilientChatModel implements ChatModel {
    /** In the metadata of a response: the name of the bean that answered. */
    public static final String SERVED_BY = "holdfast.served-by";

    /** In the metadata of a response: how many attempts it took, an Integer. */
    public static final String ATTEMPTS = "holdfast.attempts";

    /** In the metadata of a response: the id of the call, as in events and in the header {@code x-holdfast-call-id}. */
    public static final String CALL_ID = "holdfast.call-id";

    private final Holdfast engine;
    private final ChatRoutes routes;
    private final ChatModelSettings settings;
    private final CallOptions options;

    ResilientChatModel(Holdfast engine, ChatRoutes routes, ChatModelSettings settings, CallOptions options) {
        this.engine = engine;
        this.routes = routes;
        this.settings = settings;
        this.options = options;
    }

    /**
     * Without Spring Boot: models by name, in the order of failover.
     *
     * @param engine whose classifier should know providers: {@link dev.holdfast.llm.error.ProviderErrorClassifier}
     * @param models at least one; iterated in order
     */
    public static ResilientChatModel of(Holdfast engine, Map<String, ChatModel> models) {
        List<ChatRoute> all = models.entrySet().stream()
                .map(entry -> ChatRoute.of(entry.getKey(), entry.getValue()))
                .toList();
        ChatModelSettings settings = new ChatModelSettings(RunningAttempts.shared(), true);
        return new ResilientChatModel(
                engine, new ChatRoutes(all.get(0), () -> all.subList(1, all.size())), settings, CallOptions.none());
    }

    /** The same model with options for its calls, such as a deadline or a priority. */
    public ResilientChatModel with(CallOptions value) {
        return new ResilientChatModel(engine, routes, settings, value);
    }

    /** The bean's name. */
    public String name() {
        return routes.first().target().name();
    }

    /** The model that was made resilient, for what it has beyond {@link ChatModel}. */
    public ChatModel unwrap() {
        return routes.first().model();
    }

    ChatRoutes routes() {
        return routes;
    }

    @Override
    public ChatOptions getOptions() {
        return unwrap().getOptions();
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        CallOptions own = Guard.options(options);
        CallResult<ChatResponse> result = engine.config().hedge().enabled()
                ? hedged(prompt, own)
                : engine.blocking().callWithReport(routes.targets(), own, attempt -> answer(prompt, attempt));
        return served(result.value(), result.report());
    }

    /** Attempts beside each other need threads of their own; the caller waits. */
    private CallResult<ChatResponse> hedged(Prompt prompt, CallOptions own) {
        CompletableFuture<CallResult<ChatResponse>> call = engine.callWithReport(routes.targets(), own, attempt -> {
            CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
            FutureTask<Boolean> task = new FutureTask<>(() -> complete(answer, prompt, attempt), true);
            attempt.onCancel(() -> task.cancel(true));
            engine.executor().execute(task);
            return answer;
        });
        try {
            return call.get();
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CallException failed ? failed : new CompletionException(e.getCause());
        }
    }

    private void complete(CompletableFuture<ChatResponse> answer, Prompt prompt, Attempt attempt) {
        try {
            answer.complete(answer(prompt, attempt));
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        }
    }

    private ChatResponse answer(Prompt prompt, Attempt attempt) {
        ChatRoute route = routes.of(attempt.target());
        try (RunningAttempts.Entry entry = settings.running().enter(attempt)) {
            Prompt routed = entry.marked(routed(prompt, route), route.model());
            ChatResponse response = OnceInAttempt.attempt(() -> route.model().call(routed));
            ChatAnswer answer = ChatAnswer.of(response);
            answer.usage(attempt);
            Failure wrong = answer.atEnd();
            if (wrong != null) {
                throw new WrongAnswer(wrong);
            }
            return response;
        }
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        return new StreamCall<>(engine, routes.targets(), attempt -> parts(prompt, attempt)).flux(this::within);
    }

    private CallOptions within(ContextView context) {
        CallOptions own = Guard.options(options, context);
        CallContext outer = context.getOrDefault(CallContext.class, null);
        return outer == null || own.context() != null ? own : own.withContext(outer);
    }

    private StreamCall.Source<ChatResponse> parts(Prompt prompt, Attempt attempt) {
        ChatRoute route = routes.of(attempt.target());
        RunningAttempts.Entry entry = settings.running().enter(attempt);
        // a model may fail before it has made a stream
        Flux<ChatResponse> parts =
                Flux.defer(() -> route.model().stream(entry.marked(routed(prompt, route), route.model())));
        ChatAnswer answer = new ChatAnswer(settings.finishReasonRequired());
        return new StreamCall.Source<>(parts.map(part -> served(part, attempt)), answer, entry::close);
    }

    private Prompt routed(Prompt prompt, ChatRoute route) {
        ChatRoute first = routes.first();
        return route == first ? prompt : RouteOptions.translated(prompt, first.model(), route.model());
    }

    private static ChatResponse served(ChatResponse response, CallReport report) {
        String name = report.attempts().stream()
                .filter(attempt -> attempt.outcome() == Outcome.SUCCESS)
                .map(attempt -> attempt.target().name())
                .findFirst()
                .orElse("");
        return tagged(response, name, report.attempts().size(), report.callId());
    }

    private static ChatResponse served(ChatResponse part, Attempt attempt) {
        return tagged(part, attempt.target().name(), attempt.number(), attempt.callId());
    }

    private static ChatResponse tagged(ChatResponse response, String name, int attempts, String callId) {
        return ChatResponse.builder()
                .from(response)
                .metadata(SERVED_BY, name)
                .metadata(ATTEMPTS, attempts)
                .metadata(CALL_ID, callId)
                .build();
    }
}

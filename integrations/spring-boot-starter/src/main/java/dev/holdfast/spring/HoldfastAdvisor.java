// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Attempt;
import dev.holdfast.CallContext;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.OngoingAttempt;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Targets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Guards one turn of a chat client: what comes after it in the chain is repeated as a whole. It stands inside the tool loop,
 * so a tool is never run twice by a retry.
 *
 * <p>For models that are not beans, and to give one request its own {@link CallOptions}. Around a {@link ResilientChatModel}
 * it hands these on and repeats nothing itself. Thread-safe.
 */
public final class HoldfastAdvisor implements CallAdvisor, StreamAdvisor {
    /** The order unless another is set: as far in as an advisor gets. */
    public static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 1_000;

    /** The parameter of a request that holds its {@link CallOptions}: {@code advisors(a -> a.param(OPTIONS, options))}. */
    public static final String OPTIONS = "holdfast.options";

    private final Holdfast engine;
    private final Targets targets;
    private final int order;

    private HoldfastAdvisor(Holdfast engine, Targets targets, int order) {
        this.engine = engine;
        this.targets = targets;
        this.order = order;
    }

    /**
     * @param name what circuit, budget and events know the model by; clients with the same model share a name
     */
    public static HoldfastAdvisor of(Holdfast engine, String name) {
        return new HoldfastAdvisor(engine, Targets.named(name), DEFAULT_ORDER);
    }

    /** The same at another place; it must be higher than that of the {@link ToolCallingAdvisor}. */
    public HoldfastAdvisor withOrder(int value) {
        return new HoldfastAdvisor(engine, targets, value);
    }

    @Override
    public String getName() {
        return "holdfast";
    }

    @Override
    public int getOrder() {
        return order;
    }

    /** An answer, or the error that a resilient model within ended with. */
    private record Turn(
            @Nullable ChatClientResponse response, @Nullable RuntimeException handled) {
        ChatClientResponse outcome() {
            if (response == null) {
                throw handled == null ? new IllegalStateException("the chain answered with null") : handled;
            }
            return response;
        }
    }

    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
        refuseOutsideOfTools(chain.getCallAdvisors());
        CallOptions options = options(request.context());
        return engine.blocking()
                .call(targets, options, attempt -> turn(request, chain, options, attempt))
                .outcome();
    }

    private Turn turn(ChatClientRequest request, CallAdvisorChain chain, CallOptions options, Attempt attempt) {
        Guard guard = new Guard(options.withContext(attempt.context()), () -> {});
        try {
            ChatClientResponse response = guard.around(() -> chain.copy(this).nextCall(request));
            ChatResponse answered = response.chatResponse();
            if (answered != null) {
                ChatAnswer.of(answered).usage(attempt);
            }
            return new Turn(response, null);
        } catch (RuntimeException e) {
            if (isHandled(e)) {
                return new Turn(null, e);
            }
            throw e;
        }
    }

    @Override
    public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
        refuseOutsideOfTools(chain.getStreamAdvisors());
        CallOptions options = options(request.context());
        return new StreamCall<>(engine, targets, attempt -> parts(request, chain, options, attempt))
                .flux(context -> within(options, context));
    }

    private static CallOptions within(CallOptions options, ContextView context) {
        CallContext outer = context.getOrDefault(CallContext.class, null);
        return outer == null || options.context() != null ? options : options.withContext(outer);
    }

    private StreamCall.Source<ChatClientResponse> parts(
            ChatClientRequest request, StreamAdvisorChain chain, CallOptions options, Attempt attempt) {
        OngoingAttempt ongoing = attempt.goesOn();
        Guard guard = new Guard(options.withContext(attempt.context()), () -> {
            // the model within has timeouts of its own for each of its attempts
            ongoing.contentArrived();
            ongoing.demand(false);
        });
        Flux<ChatClientResponse> parts =
                Flux.defer(() -> chain.copy(this).nextStream(request)).contextWrite(Context.of(Guard.class, guard));
        return new StreamCall.Source<>(parts, new TurnRules(), () -> {});
    }

    private static CallOptions options(Map<String, Object> parameters) {
        return parameters.get(OPTIONS) instanceof CallOptions options ? options : CallOptions.none();
    }

    private void refuseOutsideOfTools(List<? extends Advisor> chain) {
        boolean inside = false;
        for (Advisor advisor : chain) {
            if (inside && advisor instanceof ToolCallingAdvisor) {
                throw new IllegalStateException("The order of the Holdfast advisor is " + order + ", and that of \""
                        + advisor.getName() + "\" is " + advisor.getOrder()
                        + ": a retry would run tools twice. Give it a higher one, such as "
                        + "HoldfastAdvisor.DEFAULT_ORDER.");
            }
            inside |= advisor == this;
        }
    }

    /** An engine further in has done what can be done about it. */
    private static boolean isHandled(Throwable error) {
        Throwable current = error;
        for (int depth = 0; current != null && depth < 16; depth++) {
            if (current instanceof CallException || current instanceof StreamBrokenException) {
                return true;
            }
            current = current.getCause();
        }
        return false;
    }

    /** The answer inside of what a chain passes on; a part of a chain without one is something to show. */
    private static final class TurnRules implements StreamRules<ChatClientResponse> {
        private final ChatAnswer answer = new ChatAnswer(false);
        private boolean other;

        @Override
        public void next(ChatClientResponse part) {
            ChatResponse response = part.chatResponse();
            if (response == null) {
                other = true;
            } else {
                answer.next(response);
            }
        }

        @Override
        public boolean visible() {
            return other || answer.visible();
        }

        @Override
        public @Nullable Failure atEnd() {
            return other ? null : answer.atEnd();
        }

        @Override
        public boolean isHandled(Throwable error) {
            return HoldfastAdvisor.isHandled(error);
        }

        @Override
        public void usage(Attempt attempt) {
            answer.usage(attempt);
        }
    }
}

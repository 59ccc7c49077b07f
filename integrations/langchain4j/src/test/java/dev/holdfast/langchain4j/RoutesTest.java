// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.CallContext;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.HedgeConfig;
import dev.holdfast.RealHoldfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.Priority;
import dev.holdfast.retry.Backoff;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What reaches which route, and what comes back. */
@Timeout(60)
class RoutesTest {
    private final RealHoldfast real = new RealHoldfast(
            builder -> builder.config(ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(1)))));
    private final Fake first = new Fake(ModelProvider.OPEN_AI, "gpt");
    private final Fake second = new Fake(ModelProvider.ANTHROPIC, "claude");

    /** A model that has a name of its own, and answers with what it is told. */
    private static final class Fake implements ChatModel {
        final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
        final List<Map<Object, Object>> attributes = new CopyOnWriteArrayList<>();
        final ModelProvider provider;
        final String name;
        Set<Capability> capabilities = Set.of();
        Supplier<ChatResponse> answer = () -> answer("from " + this.name());

        Fake(ModelProvider provider, String name) {
            this.provider = provider;
            this.name = name;
        }

        private String name() {
            return name;
        }

        static ChatResponse answer(String text) {
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from(text))
                    .finishReason(FinishReason.STOP)
                    .build();
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            requests.add(request);
            return answer.get();
        }

        @Override
        public List<ChatModelListener> listeners() {
            return List.of(new ChatModelListener() {
                @Override
                public void onRequest(ChatModelRequestContext context) {
                    attributes.add(context.attributes());
                }
            });
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return ChatRequestParameters.builder().modelName(name).build();
        }

        @Override
        public ModelProvider provider() {
            return provider;
        }

        @Override
        public Set<Capability> supportedCapabilities() {
            return capabilities;
        }
    }

    @AfterEach
    void everythingIsReturned() {
        real.awaitAllReturned();
        real.close();
    }

    private ResilientChatModel.Builder both() {
        return ResilientChatModel.builder()
                .route("first", first)
                .route("second", second)
                .holdfast(real.engine);
    }

    private static ChatRequest request(ChatRequestParameters parameters) {
        return ChatRequest.builder()
                .messages(UserMessage.from("hi"))
                .parameters(parameters)
                .build();
    }

    private void firstFails(RuntimeException error) {
        first.answer = () -> {
            throw error;
        };
    }

    @Test
    void aModelNameNeverReachesTheRouteThatItIsNotMeantFor() {
        firstFails(new InternalServerException("down"));

        both().build()
                .chat(request(ChatRequestParameters.builder()
                        .modelName("gpt-special")
                        .temperature(0.5)
                        .build()));

        assertThat(first.requests.get(0).modelName()).isEqualTo("gpt-special");
        assertThat(second.requests.get(0).modelName()).isEqualTo("claude");
        assertThat(second.requests.get(0).temperature()).isEqualTo(0.5);
    }

    @Test
    void eachRouteHasItsOwnNameWhereTheRequestHasNone() {
        firstFails(new InternalServerException("down"));

        both().build().chat("hi");

        assertThat(first.requests.get(0).modelName()).isEqualTo("gpt");
        assertThat(second.requests.get(0).modelName()).isEqualTo("claude");
        assertThat(both().build().defaultRequestParameters()).isEqualTo(DefaultChatRequestParameters.EMPTY);
    }

    @Test
    void parametersOfOneProviderReachItsModel() {
        Fake openAi = new Fake(ModelProvider.OPEN_AI, "gpt");
        ChatModel checking = new ChatModel() {
            @Override
            public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
                openAi.requests.add(request);
                return Fake.answer("ok");
            }
        };

        ResilientChatModel.builder()
                .route("only", checking)
                .holdfast(real.engine)
                .build()
                .chat(request(OpenAiChatRequestParameters.builder().seed(7).build()));

        assertThat(openAi.requests.get(0).parameters())
                .isInstanceOfSatisfying(OpenAiChatRequestParameters.class, parameters -> assertThat(parameters.seed())
                        .isEqualTo(7));
    }

    @Test
    void onlyWhatAllRoutesCanDoIsPromised() {
        first.capabilities = Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(both().build().supportedCapabilities()).isEmpty();

        second.capabilities = Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(both().build().supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(both().build().provider()).isEqualTo(ModelProvider.OTHER);
    }

    @Test
    void optionsReachTheDelegatesListeners() {
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute("tenant", "t-1")
                .build();

        both().build().chat(request(ChatRequestParameters.builder().build()), options);

        assertThat(first.attributes.get(0)).containsEntry("tenant", "t-1");
    }

    @Test
    void listenersHearOnceWhateverItTook() {
        List<Object> told = new ArrayList<>();
        firstFails(new InternalServerException("down"));
        ChatModelListener listener = new ChatModelListener() {
            @Override
            public void onRequest(ChatModelRequestContext context) {
                told.add("request");
            }

            @Override
            public void onResponse(ChatModelResponseContext context) {
                told.add(
                        CallAttribute.REPORT.in(context.attributes()).attempts().size());
            }

            @Override
            public void onError(ChatModelErrorContext context) {
                told.add(context.error());
            }
        };

        both().listener(listener).build().chat("hi");
        second.answer = first.answer;
        Throwable thrown =
                catchThrowable(() -> both().listener(listener).build().chat("hi"));

        assertThat(told).containsExactly("request", 2, "request", thrown);
    }

    @Test
    void aListenerThatThrowsDoesNoHarm() {
        ChatModelListener listener = new ChatModelListener() {
            @Override
            public void onRequest(ChatModelRequestContext context) {
                throw new IllegalStateException("mine");
            }
        };

        assertThat(both().listener(listener).build().chat("hi")).isEqualTo("from gpt");
    }

    @Test
    void attributesAreTheOptionsOfTheCall() {
        CallContext context = real.engine.context(CallOptions.deadline(Duration.ofSeconds(9)));

        CallOptions options = CallAttribute.options(ChatRequestOptions.builder()
                .addListenerAttribute(CallAttribute.DEADLINE, Duration.ofSeconds(3))
                .addListenerAttribute(CallAttribute.PRIORITY, Priority.HIGH)
                .addListenerAttribute(CallAttribute.MAX_ATTEMPTS, 2)
                .addListenerAttribute(CallAttribute.SIDE_EFFECTS, true)
                .addListenerAttribute(CallAttribute.CONTEXT, context)
                .build()
                .listenerAttributes());

        assertThat(options.deadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.priority()).isEqualTo(Priority.HIGH);
        assertThat(options.maxAttempts()).isEqualTo(2);
        assertThat(options.sideEffects()).isTrue();
        assertThat(options.context()).isEqualTo(context);
    }

    @Test
    void anAttributeOfTheWrongTypeIsNamed() {
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute(CallAttribute.DEADLINE, "3 s")
                .build();

        assertThatThrownBy(() -> both().build()
                        .chat(request(ChatRequestParameters.builder().build()), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deadline must be a Duration");
    }

    @Test
    void anAttemptThatWasLostIsNotRepeatedWhereThatDoesHarm() {
        firstFails(new TimeoutException("nothing came"));
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute(CallAttribute.SIDE_EFFECTS, true)
                .build();

        Throwable thrown = catchThrowable(() ->
                both().build().chat(request(ChatRequestParameters.builder().build()), options));

        assertThat(thrown).isInstanceOf(TimeoutException.class);
        assertThat(first.requests.size() + second.requests.size()).isEqualTo(1);
    }

    @Test
    void whatAModelCannotDoAnotherMayDo() {
        firstFails(new UnsupportedFeatureException("no tools here"));

        assertThat(both().build().chat("hi")).isEqualTo("from claude");
        assertThat(first.requests).hasSize(1);

        second.answer = first.answer;
        assertThatThrownBy(() -> both().build().chat("hi"))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasCauseInstanceOf(CallException.class);
    }

    @Test
    void errorsOfDelegatesOnAnyClientAreUnderstood() {
        firstFails(new RateLimitException(
                new HttpException(429, "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"no credit\"}}")));
        second.answer = first.answer;

        Throwable thrown = catchThrowable(() -> both().build().chat("hi"));

        assertThat(thrown).isInstanceOf(RateLimitException.class);
        assertThat(((CallException) thrown.getCause()).category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(first.requests).hasSize(1);
        assertThat(second.requests).hasSize(1);
    }

    /** Layers never multiply: what comes out of one resilient model is not repeated by another around it. */
    @Test
    void aResilientModelInsideAnotherIsNotRepeated() {
        firstFails(new InternalServerException("down"));
        ResilientChatModel inner = ResilientChatModel.builder()
                .route("inner", first)
                .holdfast(real.engine)
                .build();

        Throwable thrown = catchThrowable(() -> ResilientChatModel.builder()
                .route("outer", inner)
                .holdfast(real.engine)
                .build()
                .chat("hi"));

        assertThat(thrown).isInstanceOf(InternalServerException.class);
        assertThat(first.requests).hasSize(3);
    }

    @Test
    void theCallOfADelegateIsWithinOurs() {
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute(CallAttribute.DEADLINE, Duration.ofSeconds(50))
                .build();

        both().build().chat(request(ChatRequestParameters.builder().build()), options);

        CallContext context = CallAttribute.CONTEXT.in(first.attributes.get(0));
        assertThat(context.callId()).startsWith("hf-");
        assertThat(context.deadline().left()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(50));
    }

    @Test
    void aRequestThatIsWrongIsNotRepeatedAnywhere() {
        firstFails(new InvalidRequestException(new HttpException(400, "{\"error\":{\"message\":\"bad field\"}}")));

        assertThatThrownBy(() -> both().build().chat("hi")).isInstanceOf(InvalidRequestException.class);
        assertThat(first.requests.size() + second.requests.size()).isEqualTo(1);
    }

    @Test
    void aSlowRouteGetsCompanyAndIsInterrupted() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        first.answer = () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return Fake.answer("late");
        };
        try (RealHoldfast hedging = new RealHoldfast(builder ->
                builder.config(ResilienceConfig.defaults().withHedge(HedgeConfig.after(Duration.ofMillis(20)))))) {
            String text = ResilientChatModel.builder()
                    .route("slow", first)
                    .route("fast", second)
                    .holdfast(hedging.engine)
                    .build()
                    .chat("hi");

            assertThat(text).isEqualTo("from claude");
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
            hedging.awaitAllReturned();
        }
    }

    @Test
    void anInterruptEndsTheCallAndStaysVisible() {
        first.answer = () -> {
            Thread.currentThread().interrupt();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        };

        Throwable thrown = catchThrowable(() -> both().build().chat("hi"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(((CallException) thrown.getCause()).category()).isEqualTo(Category.CANCELLED);
        assertThat(first.requests.size() + second.requests.size()).isEqualTo(1);
    }

    @Test
    void mistakesInTheConfigurationAreNamed() {
        assertThatThrownBy(() -> ResilientChatModel.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one route");
        assertThatThrownBy(() -> ResilientChatModel.builder().route("a", first).route("a", second))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a is named twice");
        assertThatThrownBy(() -> both().resilience(ResilienceConfig.defaults()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not both");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Conservation;
import dev.holdfast.HedgeConfig;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** What no provider is needed for: models of any kind, back-pressure, contexts, hedges. */
@Timeout(120)
class ResilientChatModelTest {
    private static final ResilienceConfig CONFIG = ResilienceConfig.defaults()
            .withBackoff(Backoff.fixed(Duration.ofMillis(1)))
            .withTimeouts(TimeoutConfig.defaults().withIdle(Duration.ofMillis(300)));

    private Holdfast engine = engine(CONFIG);

    private static Holdfast engine(ResilienceConfig config) {
        return Holdfast.builder()
                .config(config)
                .classifier(ModelErrors.CLASSIFIER)
                .threadBridge(true)
                .build();
    }

    @AfterEach
    void everythingCameBack() {
        Conservation.awaitAllReturned(engine);
        assertThat(RunningAttempts.shared().size()).isZero();
    }

    private ResilientChatModel resilient(ChatModel... models) {
        Map<String, ChatModel> order = new LinkedHashMap<>();
        for (ChatModel model : models) {
            order.put("m" + order.size(), model);
        }
        return ResilientChatModel.of(engine, order);
    }

    private static FakeModel answering(Function<Prompt, ChatResponse> answer) {
        return FakeModel.answering(ChatOptions.builder().build(), answer);
    }

    private static final Prompt PROMPT = new Prompt("Hello");

    @Test
    void nothingIsAskedForThatTheReaderDoesNotAskFor() {
        AtomicLong requested = new AtomicLong();
        FakeModel model = FakeModel.streaming(prompt -> Flux.range(1, 1_000)
                .map(i -> FakeModel.part("x", ""))
                .doOnRequest(requested::addAndGet)
                .hide());
        AtomicInteger seen = new AtomicInteger();
        BaseSubscriber<ChatResponse> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(3);
            }

            @Override
            protected void hookOnNext(ChatResponse part) {
                seen.incrementAndGet();
            }
        };

        resilient(model).stream(PROMPT).subscribe(reader);

        assertThat(seen).hasValue(3);
        assertThat(requested.get()).isBetween(3L, 4L);
        reader.cancel();
    }

    @Test
    void readerThatDoesNotReadIsNoStall() throws Exception {
        FakeModel model = FakeModel.streaming(
                prompt -> Flux.just(FakeModel.part("a", ""), FakeModel.part("b", ""), FakeModel.part("c", "stop"))
                        .hide());
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<String> end = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        BaseSubscriber<ChatResponse> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(ChatResponse part) {
                text.append(part.getResult().getOutput().getText());
                first.countDown();
            }

            @Override
            protected void hookOnComplete() {
                end.complete(text.toString());
            }

            @Override
            protected void hookOnError(Throwable error) {
                end.completeExceptionally(error);
            }
        };
        resilient(model).stream(PROMPT).subscribe(reader);
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();

        // three times as long as a silence may last
        engine.timer().at(engine.ticker().nanos() + Duration.ofMillis(900).toNanos(), () -> engine.executor()
                .execute(() -> reader.request(10)));

        assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo("abc");
    }

    @Test
    void silenceOfTheModelIsAStall() {
        FakeModel model =
                FakeModel.streaming(prompt -> Flux.just(FakeModel.part("a", "")).concatWith(Flux.never()));

        StreamBrokenException broken =
                catchThrowableOfType(StreamBrokenException.class, () -> resilient(model).stream(PROMPT)
                        .blockLast());

        assertThat(broken.category()).isEqualTo(Category.TIMEOUT);
    }

    @Test
    void modelSeesTheContextOfItsReader() {
        FakeModel model = FakeModel.streaming(prompt -> Flux.deferContextual(
                context -> Flux.just(FakeModel.part(context.getOrDefault("user", "nobody"), "stop"))));

        ChatResponse response = resilient(model).stream(PROMPT)
                .contextWrite(context -> context.put("user", "Ada"))
                .blockLast();

        assertThat(response.getResult().getOutput().getText()).isEqualTo("Ada");
    }

    @Test
    void modelThatCannotStreamIsPassedOverAndNotRepeated() {
        FakeModel plain = new FakeModel(
                ChatOptions.builder().build(),
                prompt -> FakeModel.part("a", "stop"),
                prompt -> {
                    throw new UnsupportedOperationException("streaming is not supported");
                },
                new CopyOnWriteArrayList<>());
        FakeModel streaming = FakeModel.streaming(prompt -> Flux.just(FakeModel.part("b", "stop")));

        ChatResponse response = resilient(plain, streaming).stream(PROMPT).blockLast();

        assertThat(response.getResult().getOutput().getText()).isEqualTo("b");
        assertThat(plain.asked()).hasSize(1);
    }

    @Test
    void slowAnswerGetsCompanyAndIsInterruptedWhenThatIsFaster() throws Exception {
        engine = engine(CONFIG.withHedge(HedgeConfig.after(Duration.ofMillis(50))));
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeModel slow = answering(prompt -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            throw new IllegalStateException("ended");
        });
        FakeModel fast = answering(prompt -> FakeModel.part("fast", "stop"));

        ChatResponse response = resilient(slow, fast).call(PROMPT);

        assertThat((String) response.getMetadata().get(ResilientChatModel.SERVED_BY))
                .isEqualTo("m1");
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void hedgedCallFailsWithTheSameExceptionAsAnother() {
        engine = engine(CONFIG.withHedge(HedgeConfig.after(Duration.ofSeconds(30))));
        FakeModel wrong = answering(prompt -> {
            throw new UnsupportedOperationException();
        });

        assertThatThrownBy(() -> resilient(wrong).call(PROMPT)).isInstanceOf(CallException.class);
    }

    @Test
    void answerWithNothingInItIsNotTakenForOne() {
        FakeModel empty = answering(prompt -> new ChatResponse(List.of()));

        CallException failed = catchThrowableOfType(
                CallException.class,
                () -> resilient(empty).with(CallOptions.none()).call(PROMPT));

        assertThat(failed.category()).isEqualTo(Category.EMPTY_RESPONSE);
        assertThat(empty.asked()).hasSize(3);
    }

    @Test
    void engineFurtherInIsNotRepeated() {
        FakeModel failing = answering(prompt -> {
            throw new IllegalStateException("HTTP 500");
        });
        ResilientChatModel inner = resilient(failing);
        int once = asked(inner, failing);
        engine.targets().forEach(info -> engine.reset(info.target()));

        int nested = asked(ResilientChatModel.of(engine(CONFIG), Map.of("outer", inner)), failing);

        assertThat(nested).isEqualTo(once);
    }

    private static int asked(ChatModel model, FakeModel failing) {
        failing.asked().clear();
        assertThatThrownBy(() -> model.call(PROMPT)).isInstanceOf(CallException.class);
        return failing.asked().size();
    }
}

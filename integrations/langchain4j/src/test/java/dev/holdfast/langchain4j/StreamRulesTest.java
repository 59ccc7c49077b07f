// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallReport;
import dev.holdfast.HedgeConfig;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handler hears of delegates that keep no rules, in virtual time. */
@Timeout(60)
class StreamRulesTest {
    private final VirtualHoldfast holdfast = new VirtualHoldfast();
    private final Scripted first = new Scripted();
    private final Scripted second = new Scripted();
    private final Heard heard = new Heard();

    @AfterEach
    void everythingIsReturned() {
        holdfast.run();
        holdfast.assertAllReturned();
        assertThat(heard.concurrent).isFalse();
        assertThat(heard.afterTheEnd).hasValue(0);
    }

    private ResilientStreamingChatModel.Builder over(StreamingChatModel... models) {
        ResilientStreamingChatModel.Builder builder =
                ResilientStreamingChatModel.builder().holdfast(holdfast.engine);
        for (int i = 0; i < models.length; i++) {
            builder.route("route-" + (i + 1), models[i]);
        }
        return builder;
    }

    @Test
    void anErrorFollowedByACompletionIsAnError() {
        over(first).build().chat("hi", heard);
        first.last().onPartialResponse("half");
        first.last().onError(new IOException("reset"));
        first.last().onCompleteResponse(Scripted.answer("half", FinishReason.STOP));
        holdfast.run();

        assertThat(heard.completions).isEmpty();
        BrokenStreamException broken = (BrokenStreamException) heard.error();
        assertThat(broken.textSoFar()).isEqualTo("half");
        assertThat(broken).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aCompletionFollowedByAnErrorIsACompletion() {
        over(first).build().chat("hi", heard);
        first.last().onPartialResponse("all");
        first.last().onCompleteResponse(Scripted.answer("all", FinishReason.STOP));
        first.last().onError(new IOException("too late"));
        first.last().onPartialResponse("ghost");
        holdfast.run();

        assertThat(heard.completion().aiMessage().text()).isEqualTo("all");
        assertThat(heard.text()).isEqualTo("all");
    }

    @Test
    void anAnswerOfOnePieceIsACompletionWithoutPartials() {
        first.then(handler -> handler.onCompleteResponse(Scripted.answer("whole", FinishReason.STOP)));

        over(first).build().chat("hi", heard);
        holdfast.run();

        assertThat(heard.completion().aiMessage().text()).isEqualTo("whole");
        assertThat(heard.partials).isEmpty();
    }

    @Test
    void aDelegateThatNeverSaysAnythingIsRepeatedAndThenATimeout() {
        over(first, second).build().chat("hi", heard);
        holdfast.run();

        assertThat(heard.error()).isInstanceOf(TimeoutException.class);
        assertThat(first.requests.size() + second.requests.size()).isEqualTo(3);
    }

    @Test
    void aDelegateThatFallsSilentIsEndedAndStopped() {
        Scripted.Handle handle = new Scripted.Handle();
        over(first).build().chat("hi", heard);
        first.last().onPartialResponse(new PartialResponse("half"), new PartialResponseContext(handle));
        holdfast.run();

        BrokenStreamException broken = (BrokenStreamException) heard.error();
        assertThat(broken.category()).isEqualTo(Category.TIMEOUT);
        assertThat(broken.textSoFar()).isEqualTo("half");
        assertThat(handle.isCancelled()).isTrue();
        assertThat(first.requests).hasSize(1);
    }

    @Test
    void aDelegateThatWakesUpTooLateIsStopped() {
        Scripted.Handle handle = new Scripted.Handle();
        over(first).build().chat("hi", heard);
        holdfast.run();
        first.handlers.get(0).onPartialResponse(new PartialResponse("late"), new PartialResponseContext(handle));

        assertThat(heard.error()).isInstanceOf(TimeoutException.class);
        assertThat(heard.partials).isEmpty();
        assertThat(handle.isCancelled()).isTrue();
    }

    @Test
    void aCompletionWithoutFinishReasonIsACut() {
        first.then(handler -> {
            handler.onPartialResponse("half");
            handler.onCompleteResponse(Scripted.answer("half", null));
        });

        over(first).build().chat("hi", heard);
        holdfast.run();

        assertThat(((BrokenStreamException) heard.error()).category()).isEqualTo(Category.STREAM_INTERRUPTED);
    }

    @Test
    void aCompletionWithoutFinishReasonIsTakenWhereItIsAllowed() {
        first.then(handler -> handler.onCompleteResponse(Scripted.answer("all", null)));

        over(first).finishReasonRequired(false).build().chat("hi", heard);
        holdfast.run();

        assertThat(heard.completion().aiMessage().text()).isEqualTo("all");
    }

    @Test
    void anEmptyCompletionIsTriedAgain() {
        first.then(handler -> handler.onCompleteResponse(Scripted.nothing()))
                .then(handler -> handler.onCompleteResponse(null))
                .then(handler -> handler.onCompleteResponse(Scripted.answer("all", FinishReason.STOP)));

        over(first).build().chat("hi", heard);
        holdfast.run();

        assertThat(heard.completion().aiMessage().text()).isEqualTo("all");
        assertThat(first.requests).hasSize(3);
    }

    @Test
    void aDelegateThatThrowsIsADelegateThatFails() {
        first.then(handler -> {
            throw new InternalServerException("down");
        });
        second.then(handler -> handler.onCompleteResponse(Scripted.answer("all", FinishReason.STOP)));

        over(first, second).build().chat("hi", heard);
        holdfast.run();

        assertThat(heard.completion().aiMessage().text()).isEqualTo("all");
    }

    @Test
    void aHandlerThatThrowsHearsItsOwnErrorOnceAndTheDelegateIsStopped() {
        Scripted.Handle handle = new Scripted.Handle();
        List<Throwable> errors = new ArrayList<>();
        over(first).build().chat("hi", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String partial) {
                throw new IllegalStateException("full");
            }

            @Override
            public void onCompleteResponse(dev.langchain4j.model.chat.response.ChatResponse response) {
                errors.add(new AssertionError("completed"));
            }

            @Override
            public void onError(Throwable error) {
                errors.add(error);
            }
        });
        first.last().onPartialResponse(new PartialResponse("a"), new PartialResponseContext(handle));
        first.last().onPartialResponse(new PartialResponse("b"), new PartialResponseContext(handle));
        first.last().onCompleteResponse(Scripted.answer("ab", FinishReason.STOP));
        holdfast.run();

        assertThat(errors).hasSize(1);
        assertThat(errors.get(0)).hasMessage("full");
        assertThat(handle.isCancelled()).isTrue();
    }

    @Test
    void aHandlerThatLeavesHearsNothingMore() {
        Scripted.Handle handle = new Scripted.Handle();
        over(first).build().chat("hi", heard);
        first.last().onPartialResponse(new PartialResponse("a"), new PartialResponseContext(handle));
        holdfast.time.advance(Duration.ofMillis(1));

        heard.handle.cancel();
        first.last().onPartialResponse(new PartialResponse("b"), new PartialResponseContext(handle));
        first.last().onCompleteResponse(Scripted.answer("ab", FinishReason.STOP));
        holdfast.run();

        assertThat(handle.isCancelled()).isTrue();
        assertThat(heard.handle.isCancelled()).isTrue();
        assertThat(heard.text()).isEqualTo("a");
        assertThat(heard.completions).isEmpty();
        assertThat(heard.errors).isEmpty();
    }

    @Test
    void thinkingAndToolsPassThrough() {
        ToolExecutionRequest asked = ToolExecutionRequest.builder()
                .id("1")
                .name("tide")
                .arguments("{}")
                .build();
        over(first).build().chat("hi", heard);
        first.last().onPartialThinking(new PartialThinking("hm"));
        first.last()
                .onPartialToolCall(PartialToolCall.builder()
                        .index(0)
                        .id("1")
                        .name("tide")
                        .partialArguments("{}")
                        .build());
        first.last().onCompleteToolCall(new CompleteToolCall(0, asked));
        first.last()
                .onCompleteResponse(dev.langchain4j.model.chat.response.ChatResponse.builder()
                        .aiMessage(dev.langchain4j.data.message.AiMessage.from(asked))
                        .finishReason(FinishReason.TOOL_EXECUTION)
                        .build());
        holdfast.run();

        assertThat(heard.thinking).containsExactly("hm");
        assertThat(heard.toolParts).hasSize(1);
        assertThat(heard.toolCalls.get(0).toolExecutionRequest()).isEqualTo(asked);
        assertThat(heard.completion().aiMessage().toolExecutionRequests()).containsExactly(asked);
    }

    /** LangChain4j has them since 1.17. */
    @Test
    @Tag("langchain4j-1.18")
    void rawEventsOfTheAttemptThatServesAreHeard() {
        List<Object> raw = new ArrayList<>();
        Heard noting = new Heard() {
            @Override
            public void onUnmappedRawEvent(Object event) {
                raw.add(event);
            }
        };
        first.then(handler -> {
            handler.onUnmappedRawEvent("of one that failed");
            handler.onError(new InternalServerException("down"));
        });
        second.then(handler -> {
            handler.onUnmappedRawEvent("ping");
            handler.onPartialResponse("all");
            handler.onCompleteResponse(Scripted.answer("all", FinishReason.STOP));
        });

        over(first, second).build().chat("hi", noting);
        holdfast.run();

        assertThat(noting.completion().aiMessage().text()).isEqualTo("all");
        assertThat(raw).containsExactly("ping");
    }

    /** A delegate with two threads: the second does not enter the handler while the first is in it. */
    @Test
    void callbacksNeverOverlap() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Heard slow = new Heard() {
            @Override
            public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
                super.onPartialResponse(partial, context);
                if (partial.text().equals("a")) {
                    inside.countDown();
                    awaited(go);
                }
            }
        };
        over(first).build().chat("hi", slow);
        first.last().onPartialThinking(new PartialThinking("hm"));
        holdfast.time.advance(Duration.ofMillis(1));
        Thread one = new Thread(() -> first.last().onPartialResponse("a"));
        one.start();
        awaited(inside);

        first.last().onPartialResponse("b");
        first.last().onCompleteResponse(Scripted.answer("ab", FinishReason.STOP));
        assertThat(slow.partials).containsExactly("a");
        go.countDown();
        one.join();

        assertThat(slow.awaitEnd().text()).isEqualTo("ab");
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** While the handler works, silence is its own doing. */
    @Test
    void aSlowHandlerIsNotTakenForASilentDelegate() {
        Heard slow = new Heard() {
            @Override
            public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
                super.onPartialResponse(partial, context);
                holdfast.time.advance(Duration.ofMinutes(3));
            }
        };
        over(first).build().chat("hi", slow);
        first.last().onPartialThinking(new PartialThinking("hm"));
        first.last().onPartialResponse("a");
        first.last().onCompleteResponse(Scripted.answer("a", FinishReason.STOP));
        holdfast.run();

        assertThat(slow.completion().aiMessage().text()).isEqualTo("a");
    }

    @Test
    void theDeadlineOfTheOptionsEndsAStream() {
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute(CallAttribute.DEADLINE, Duration.ofSeconds(5))
                .build();
        over(first).build().chat(request(), options, heard);
        holdfast.time.advance(Duration.ofSeconds(4));
        assertThat(heard.errors).isEmpty();

        holdfast.time.advance(Duration.ofSeconds(2));

        assertThat(heard.error()).isInstanceOf(TimeoutException.class);
    }

    private static ChatRequest request() {
        return ChatRequest.builder()
                .messages(dev.langchain4j.data.message.UserMessage.from("hi"))
                .build();
    }

    @Test
    void listenersHearOfEachCallOnceAndWhoServedIt() {
        List<String> told = new ArrayList<>();
        List<CallReport> reports = new ArrayList<>();
        first.then(handler -> handler.onError(new InternalServerException("down")));
        second.then(handler -> handler.onCompleteResponse(Scripted.answer("all", FinishReason.STOP)));

        over(first, second)
                .listener(new ChatModelListener() {
                    @Override
                    public void onRequest(ChatModelRequestContext context) {
                        told.add("request");
                    }

                    @Override
                    public void onResponse(ChatModelResponseContext context) {
                        told.add("response");
                        reports.add(CallAttribute.REPORT.in(context.attributes()));
                    }

                    @Override
                    public void onError(ChatModelErrorContext context) {
                        told.add("error");
                    }
                })
                .build()
                .chat("hi", heard);
        holdfast.run();

        assertThat(told).containsExactly("request", "response");
        assertThat(reports.get(0).attempts())
                .extracting(attempt -> attempt.target().name())
                .containsExactly("route-1", "route-2");
        assertThat(reports.get(0).attempts().get(1).outputTokens()).isEqualTo(2);
    }

    @Test
    void theFasterOfTwoIsHeardAndTheOtherStopped() {
        VirtualHoldfast hedging =
                new VirtualHoldfast(config -> config.withHedge(HedgeConfig.after(Duration.ofSeconds(1))));
        Scripted.Handle handle = new Scripted.Handle();
        ResilientStreamingChatModel.builder()
                .holdfast(hedging.engine)
                .route("slow", first)
                .route("fast", second)
                .build()
                .chat("hi", heard);
        hedging.time.advance(Duration.ofSeconds(2));

        second.last().onPartialResponse("fast");
        first.last().onPartialResponse(new PartialResponse("slow"), new PartialResponseContext(handle));
        second.last().onCompleteResponse(Scripted.answer("fast", FinishReason.STOP));
        hedging.run();

        assertThat(heard.completion().aiMessage().text()).isEqualTo("fast");
        assertThat(heard.text()).isEqualTo("fast");
        assertThat(handle.isCancelled()).isTrue();
        hedging.assertAllReturned();
    }
}

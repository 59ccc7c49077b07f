// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that notes what it hears, and whether two callbacks ever came at once. */
class Heard implements StreamingChatResponseHandler {
    final List<String> partials = new CopyOnWriteArrayList<>();
    final List<String> thinking = new CopyOnWriteArrayList<>();
    final List<PartialToolCall> toolParts = new CopyOnWriteArrayList<>();
    final List<CompleteToolCall> toolCalls = new CopyOnWriteArrayList<>();
    final List<ChatResponse> completions = new CopyOnWriteArrayList<>();
    final List<Throwable> errors = new CopyOnWriteArrayList<>();
    final AtomicInteger afterTheEnd = new AtomicInteger();
    final AtomicBoolean concurrent = new AtomicBoolean();
    volatile StreamingHandle handle;

    private final AtomicInteger inside = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    private void heard(Runnable note) {
        if (inside.incrementAndGet() != 1) {
            concurrent.set(true);
        }
        if (!completions.isEmpty() || !errors.isEmpty()) {
            afterTheEnd.incrementAndGet();
        }
        note.run();
        inside.decrementAndGet();
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        heard(() -> {
            handle = context.streamingHandle();
            partials.add(partial.text());
        });
        first.countDown();
    }

    @Override
    public void onPartialThinking(PartialThinking partial) {
        heard(() -> thinking.add(partial.text()));
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial) {
        heard(() -> toolParts.add(partial));
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        heard(() -> toolCalls.add(call));
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        heard(() -> completions.add(response));
        end.countDown();
    }

    @Override
    public void onError(Throwable error) {
        heard(() -> errors.add(error));
        end.countDown();
    }

    String text() {
        return String.join("", partials);
    }

    Heard awaitFirst() throws InterruptedException {
        assertThat(first.await(30, TimeUnit.SECONDS)).as("something was heard").isTrue();
        return this;
    }

    /** Waits for the end, and holds it to the rules. */
    Heard awaitEnd() throws InterruptedException {
        assertThat(end.await(30, TimeUnit.SECONDS)).as("an end was heard").isTrue();
        assertThat(completions.size() + errors.size()).isEqualTo(1);
        assertThat(concurrent).isFalse();
        assertThat(afterTheEnd).hasValue(0);
        return this;
    }

    Throwable error() {
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }

    ChatResponse completion() {
        assertThat(errors).isEmpty();
        assertThat(completions).hasSize(1);
        return completions.get(0);
    }
}

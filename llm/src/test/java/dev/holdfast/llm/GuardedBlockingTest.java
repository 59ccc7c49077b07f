// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.CallException;
import dev.holdfast.failure.Category;
import dev.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarded models for a thread that waits: the same rules, and a thread that can be called off. */
@Timeout(120)
class GuardedBlockingTest {
    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded();
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    @Test
    void aRetriedAnswerComesBackOnTheCallersThread() {
        LlmResponse response = guarded.llm("sim/fail=1").blocking().complete("Hello");

        assertThat(response.text()).isEqualTo(Simulator.textOf("sim/fail=1"));
        assertThat(guarded.requests()).isEqualTo(2);
    }

    @Test
    void aFailureIsThrownUnwrapped() {
        CallException failed = catchThrowableOfType(
                CallException.class,
                () -> guarded.llm("sim/500", "sim/401").blocking().complete("Hello"));

        assertThat(failed.category()).isEqualTo(Category.AUTH);
        assertThat(failed.report().attempts()).hasSize(2);
        assertThat(failed.getSuppressed()).hasSize(1);
    }

    @Test
    void anAttemptsTotalBoundsABlockingCall() {
        LlmRequest request =
                LlmRequest.of("Hello").withTimeouts(RequestTimeouts.CONFIGURED.withAttempt(Duration.ofMillis(150)));

        CallException failed = catchThrowableOfType(
                CallException.class, () -> guarded.llm("sim/hang").blocking().complete(request));

        assertThat(failed.category()).isEqualTo(Category.TIMEOUT);
        assertThat(guarded.requests()).isEqualTo(2);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anInterruptCallsABlockingAnswerOff() throws Exception {
        AtomicReference<CallException> thrown = new AtomicReference<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            thrown.set(catchThrowableOfType(
                    CallException.class,
                    () -> guarded.llm("sim/hang").blocking().complete("Hello")));
            flag.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        Guarded.await("the server has the request", () -> guarded.requests() == 1);

        caller.interrupt();

        assertThat(flag.get(30, TimeUnit.SECONDS))
                .as("the interrupt flag is kept")
                .isTrue();
        assertThat(thrown.get().category()).isEqualTo(Category.CANCELLED);
        Guarded.await(
                "the server has seen the caller leave",
                () -> guarded.simulator.stats().cancelled() == 1);
    }

    @Test
    void aStreamIsReadInALoop() {
        StringBuilder text = new StringBuilder();
        StreamEvent last = null;

        try (EventStream stream = guarded.llm("sim/tokens=100").blocking().stream("Hello")) {
            for (StreamEvent event : stream) {
                if (event instanceof StreamEvent.TextDelta delta) {
                    text.append(delta.text());
                }
                last = event;
            }
        }

        assertThat(text).hasToString(Simulator.textOf("sim/tokens=100"));
        assertThat(last).isInstanceOf(StreamEvent.Finish.class);
    }

    @Test
    void leavingTheLoopClosesTheUpstreamRequest() {
        try (EventStream stream = guarded.llm("sim/tokens=100,rate=2").blocking().stream("Hello")) {
            stream.iterator().next();
        }

        Guarded.await(
                "the server has seen the reader leave",
                () -> guarded.simulator.stats().cancelled() == 1);
    }

    @Test
    void anotherThreadCanCloseAStreamThatWaits() throws Exception {
        EventStream stream = guarded.llm("sim/stall").blocking().stream("Hello");
        CompletableFuture<List<StreamEvent>> read = readAll(stream);
        Guarded.await(
                "the reader waits for more", () -> guarded.simulator.stats().tokensBilled() > 0);

        stream.close();

        List<StreamEvent> events = read.get(30, TimeUnit.SECONDS);
        Guarded.await(
                "the server has seen the reader leave",
                () -> guarded.simulator.stats().cancelled() == 1);
        // Closed before it had read anything, it has nothing to tell.
        if (!events.isEmpty() && events.get(events.size() - 1) instanceof StreamEvent.Error error) {
            assertThat(error.failure().category()).isEqualTo(Category.CANCELLED);
        }
    }

    @Test
    void anInterruptEndsAStreamWithTheTextSoFar() throws Exception {
        EventStream stream = guarded.llm("sim/stall").blocking().stream("Hello");
        List<StreamEvent> seen = new CopyOnWriteArrayList<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            stream.forEach(seen::add);
            flag.complete(Thread.currentThread().isInterrupted());
        });
        thread.start();
        Guarded.await("three words have come", () -> seen.size() == 3);

        thread.interrupt();

        assertThat(flag.get(30, TimeUnit.SECONDS))
                .as("the interrupt flag is kept")
                .isTrue();
        assertThat(seen).hasSize(4);
        StreamEvent.Error error = (StreamEvent.Error) seen.get(3);
        assertThat(error.failure().category()).isEqualTo(Category.CANCELLED);
        assertThat(error.textSoFar()).isNotEmpty();
        assertThat(Simulator.textOf("sim/stall")).startsWith(error.textSoFar());
        Guarded.await(
                "the server has seen the reader leave",
                () -> guarded.simulator.stats().cancelled() == 1);
    }

    private static CompletableFuture<List<StreamEvent>> readAll(EventStream stream) {
        CompletableFuture<List<StreamEvent>> read = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            List<StreamEvent> events = new ArrayList<>();
            stream.forEach(events::add);
            read.complete(events);
        });
        thread.start();
        return read;
    }
}

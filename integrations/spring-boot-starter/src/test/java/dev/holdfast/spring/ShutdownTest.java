// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.Await;
import dev.holdfast.CallRejectedException;
import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;

@Timeout(120)
class ShutdownTest {
    private static Prompt prompt(String model) {
        return new Prompt("Hello", OpenAiChatOptions.builder().model(model).build());
    }

    @Test
    void runningCallsAreWaitedForAndNewOnesRefused() throws Exception {
        try (App app = App.start("spring.lifecycle.timeout-per-shutdown-phase=60s")) {
            ResilientChatModel model = app.openAi();
            Holdfast engine = app.bean(Holdfast.class);
            CompletableFuture<String> running =
                    CompletableFuture.supplyAsync(() -> model.call(prompt("sim/ok,slow-headers=2000"))
                            .getResult()
                            .getOutput()
                            .getText());
            Await.until(() -> app.simulator.stats().open() == 1);

            app.context.close();

            assertThat(running.get(1, TimeUnit.SECONDS)).isNotBlank();
            assertThatThrownBy(() -> model.call(prompt("sim/ok")))
                    .isInstanceOfSatisfying(CallRejectedException.class, e -> assertThat(e.obstacle())
                            .isEqualTo(CallRejectedException.Obstacle.CLOSED));
            Conservation.awaitAllReturned(engine);
        }
    }

    @Test
    void whatOutlivesThePhaseIsEndedAndLeavesNothingBehind() {
        try (App app = App.start("spring.lifecycle.timeout-per-shutdown-phase=500ms")) {
            Holdfast engine = app.bean(Holdfast.class);
            ResilientChatModel model = app.openAi();
            ChatModelSettings settings = app.bean(ChatModelSettings.class);
            CompletableFuture<Object> call =
                    CompletableFuture.supplyAsync(() -> model.call(prompt("sim/hang")), ShutdownTest::onItsOwnThread);
            CompletableFuture<Object> stream = CompletableFuture.supplyAsync(
                    () -> model.stream(prompt("sim/tokens=10,stall,after=2")).blockLast(),
                    ShutdownTest::onItsOwnThread);
            Await.until(() -> app.simulator.stats().open() == 2);

            app.context.close();

            assertThat(error(call)).isInstanceOf(CallRejectedException.class);
            assertThat(error(stream)).isInstanceOfAny(CallRejectedException.class, StreamBrokenException.class);
            Await.until(() -> app.simulator.stats().open() == 0);
            Conservation.awaitAllReturned(engine);
            assertThat(settings.running().size()).isZero();
            assertThat(ourThreads()).allMatch(Thread::isDaemon);
        }
    }

    /** The common pool may have one thread, on which the second call would wait for the end of the first. */
    private static void onItsOwnThread(Runnable call) {
        new Thread(call, "caller").start();
    }

    private static Throwable error(CompletableFuture<?> future) {
        Throwable error = catchThrowable(() -> future.get(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS));
        return error instanceof ExecutionException ? error.getCause() : error;
    }

    /** The timer and the pool of the process, which do not keep it alive. */
    private static Set<Thread> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("holdfast"))
                .collect(Collectors.toSet());
    }
}

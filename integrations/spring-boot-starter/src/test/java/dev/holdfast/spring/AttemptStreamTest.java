// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.CallOptions;
import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Targets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;

/** A timeout between two threads; real time, because Reactor has no other here. */
@Timeout(60)
class AttemptStreamTest {
    /** One thread, so that what a timeout leads to comes after what it does at once. */
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private final Holdfast engine = Holdfast.builder()
            .config(ResilienceConfig.defaults()
                    .withTimeouts(TimeoutConfig.defaults().withIdle(Duration.ofMillis(100))))
            .classifier(ModelErrors.CLASSIFIER)
            .executor(thread)
            .build();

    private final List<Throwable> dropped = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        Hooks.resetOnErrorDropped();
        Conservation.awaitAllReturned(engine);
        engine.close();
        thread.shutdown();
    }

    /** Its client's request is cut off by the timeout, and says so before anybody says why. */
    @Test
    void timeoutIsToldThoughTheRequestThatItCutsFailsFirst() throws Exception {
        Hooks.onErrorDropped(dropped::add);
        StreamCall<ChatResponse> call = new StreamCall<>(
                engine,
                Targets.named("a/one"),
                attempt -> new StreamCall.Source<>(
                        Flux.create(sink -> {
                            attempt.onCancel(() -> sink.error(new IOException("Canceled")));
                            sink.next(FakeModel.part("a", ""));
                        }),
                        new ChatAnswer(true),
                        () -> {}));

        StreamBrokenException broken =
                catchThrowableOfType(StreamBrokenException.class, () -> call.flux(context -> CallOptions.none())
                        .blockLast());

        thread.submit(() -> {}).get(); // whatever followed from the timeout has been done
        assertThat(broken.category()).isEqualTo(Category.TIMEOUT);
        assertThat(dropped).isEmpty();
    }
}

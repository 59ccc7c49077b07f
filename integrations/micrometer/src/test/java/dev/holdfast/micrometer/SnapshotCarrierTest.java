// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RealHoldfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** In real time, because it is about real threads: the timer's wait ends on one that has never seen the caller. */
@Timeout(120)
class SnapshotCarrierTest {
    private final SnapshotCarrier carrier = SnapshotCarrier.of(ContextSnapshotFactory.builder()
            .clearMissing(true)
            .contextRegistry(new ContextRegistry().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor()))
            .build());
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    @AfterEach
    void forget() {
        MDC.clear();
    }

    @Test
    void retryAfterATimersWaitLogsWithTheMdcOfTheCaller() throws Exception {
        ResilienceConfig quick = ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(5)));
        try (RealHoldfast holdfast =
                new RealHoldfast(builder -> builder.config(quick).carrier(carrier))) {
            holdfast.engine.addObserver((started, options) -> this::note);
            MDC.put("request", "r-17");

            CompletableFuture<String> call = holdfast.engine.call(Targets.named("a/one"), attempt -> {
                seen.add(attempt.number() + " " + MDC.get("request"));
                threads.add(Thread.currentThread());
                return attempt.number() == 1
                        ? CompletableFuture.failedFuture(VirtualHoldfast.fault(Category.OVERLOADED))
                        : CompletableFuture.completedFuture("yes");
            });
            MDC.put("request", "r-18");

            assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo("yes");
            assertThat(seen).contains("1 r-17", "2 r-17", "CallEnded r-17").noneMatch(line -> line.contains("r-18"));
            assertThat(threads).doesNotHaveDuplicates();
            holdfast.awaitAllReturned();
        }
    }

    private void note(CallEvent event) {
        if (event instanceof CallEvent.CallEnded) {
            seen.add("CallEnded " + MDC.get("request"));
        }
    }

    /** A pool's thread that has served one caller serves the next: nothing may stay there. */
    @Test
    void nothingOfACallerStaysOnTheThreadsThatWorkedForIt() throws Exception {
        List<String> left = new CopyOnWriteArrayList<>();
        ExecutorService one = Executors.newSingleThreadExecutor();
        ResilienceConfig quick = ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(5)));
        try (RealHoldfast holdfast =
                new RealHoldfast(builder -> builder.config(quick).executor(one).carrier(carrier))) {
            MDC.put("request", "r-17");

            holdfast.engine
                    .call(
                            Targets.named("a/one"),
                            attempt -> attempt.number() == 1
                                    ? CompletableFuture.failedFuture(VirtualHoldfast.fault(Category.OVERLOADED))
                                    : CompletableFuture.completedFuture("yes"))
                    .get(30, TimeUnit.SECONDS);
            one.submit(() -> left.add(String.valueOf(MDC.get("request")))).get(30, TimeUnit.SECONDS);

            assertThat(left).containsExactly("null");
            holdfast.awaitAllReturned();
        } finally {
            one.shutdownNow();
        }
    }
}

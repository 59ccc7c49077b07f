// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallException;
import dev.holdfast.CallRejectedException;
import dev.holdfast.Holdfast;
import dev.holdfast.PageSnippets;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.AdmissionConfig;
import dev.holdfast.limit.ConcurrencyConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.decorators.Decorators;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The code of docs/coming-from-resilience4j.md, on both sides; the page must show exactly what runs here. */
@Timeout(120)
class ComingFromResilience4jPageTest {
    private final Orders orders = new Orders();
    private final Targets targets = Targets.named("orders/main");
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void retryBefore() throws Exception {
        orders.failing(2);

        Retry retry = Retry.of(
                "orders",
                RetryConfig.custom()
                        .maxAttempts(4)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(100), 2))
                        .retryExceptions(IOException.class)
                        .build());
        String state = retry.executeCallable(orders::ask);

        assertThat(state).isEqualTo("shipped");
    }

    @Test
    void retryAfter() {
        orders.failing(2);

        Holdfast holdfast = Holdfast.builder()
                .config(ResilienceConfig.defaults()
                        .withMaxAttempts(4)
                        .withBackoff(Backoff.exponential(Duration.ofMillis(100), 2, Duration.ofSeconds(10))))
                .build();
        Targets targets = Targets.named("orders/main");
        String state = holdfast.blocking().call(targets, attempt -> orders.ask());

        assertThat(state).isEqualTo("shipped");
        assertThat(orders.asked()).isEqualTo(3);
    }

    @Test
    void breakerBefore() {
        orders.failing(100);

        CircuitBreaker breaker = CircuitBreaker.of(
                "orders",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(100)
                        .minimumNumberOfCalls(20)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(60))
                        .permittedNumberOfCallsInHalfOpenState(3)
                        .build());

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> breaker.executeCallable(orders::ask)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> breaker.executeCallable(orders::ask)).isInstanceOf(CallNotPermittedException.class);
        assertThat(orders.asked()).isEqualTo(20);
    }

    @Test
    void breakerAfter() {
        orders.failing(100);

        ResilienceConfig config = ResilienceConfig.defaults()
                .withCircuit(CircuitConfig.defaults()
                        .withWindow(100, Duration.ofMinutes(10))
                        .withMinimumAttempts(20)
                        .withFailureRate(0.5)
                        .withRecovery(Duration.ofSeconds(60))
                        .withHalfOpen(3, 1));

        Holdfast holdfast = Holdfast.builder().config(config.withMaxAttempts(1)).build();
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> holdfast.blocking().call(targets, attempt -> orders.ask()))
                    .hasCauseInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> holdfast.blocking().call(targets, attempt -> orders.ask()))
                .isInstanceOfSatisfying(CallRejectedException.class, rejected -> assertThat(rejected.retryAfter())
                        .isNotNull());
        assertThat(orders.asked()).isEqualTo(5);
    }

    @Test
    void timeoutBefore() {
        TimeLimiter limiter = TimeLimiter.of(
                "orders",
                TimeLimiterConfig.custom()
                        .timeoutDuration(Duration.ofMillis(500))
                        .build());
        CompletionStage<String> state = limiter.executeCompletionStage(scheduler, orders::hang);

        assertThatThrownBy(() -> state.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void timeoutAfter() {
        ResilienceConfig config = ResilienceConfig.defaults()
                .withTimeouts(TimeoutConfig.defaults().withAttempt(Duration.ofMillis(500))) // one attempt
                .withDeadline(Duration.ofSeconds(2)); // the call with all its attempts and waits

        Holdfast holdfast = Holdfast.builder().config(config.withMaxAttempts(1)).build();
        CompletableFuture<String> hanging = new CompletableFuture<>();
        CompletableFuture<String> state = holdfast.call(targets, attempt -> hanging);
        assertThatThrownBy(() -> state.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CallException.class)
                .satisfies(error -> assertThat(((CallException) error.getCause()).category())
                        .isEqualTo(Category.TIMEOUT));
        assertThat(hanging).isCancelled();
    }

    @Test
    void bulkheadBefore() {
        Bulkhead bulkhead = Bulkhead.of(
                "orders",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(1)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        CompletionStage<String> running = bulkhead.executeCompletionStage(orders::hang);
        CompletionStage<String> refused = bulkhead.executeCompletionStage(orders::hang);

        assertThat(running.toCompletableFuture()).isNotDone();
        assertThatThrownBy(() -> refused.toCompletableFuture().join()).hasCauseInstanceOf(BulkheadFullException.class);
    }

    @Test
    void bulkheadAfter() {
        ResilienceConfig config = ResilienceConfig.defaults()
                .withLimits(LimitConfig.defaults()
                        .withConcurrency(ConcurrencyConfig.defaults().withFixed(1))
                        .withAdmission(AdmissionConfig.defaults().withQueueCapacity(100)));
        Holdfast holdfast = Holdfast.builder().config(config).build();
        CompletableFuture<String> running = holdfast.call(targets, attempt -> orders.hang());
        CompletableFuture<String> waiting = holdfast.call(targets, attempt -> orders.askAsync());

        assertThat(waiting).isNotDone();
        running.cancel(true);
        assertThat(waiting).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo("shipped");
    }

    @Test
    void rateLimiterBefore() throws Exception {
        RateLimiter limiter = RateLimiter.of(
                "orders",
                RateLimiterConfig.custom()
                        .limitForPeriod(10)
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .timeoutDuration(Duration.ofSeconds(5))
                        .build());
        String state = limiter.executeCallable(orders::ask);

        assertThat(state).isEqualTo("shipped");
    }

    @Test
    void rateLimiterAfter() {
        ResilienceConfig config = ResilienceConfig.defaults()
                .withLimits(
                        LimitConfig.defaults().withPacing(PacerConfig.defaults().withRequestsPerMinute(600)))
                .withDeadline(Duration.ofSeconds(5));
        Holdfast holdfast = Holdfast.builder().config(config).build();
        String state = holdfast.blocking().call(targets, attempt -> orders.ask());

        assertThat(state).isEqualTo("shipped");
    }

    @Test
    void fallbackBefore() throws Exception {
        orders.failing(100);
        CircuitBreaker breaker = CircuitBreaker.ofDefaults("orders");
        Retry retry = Retry.of(
                "orders",
                RetryConfig.custom()
                        .maxAttempts(2)
                        .waitDuration(Duration.ofMillis(10))
                        .build());

        String state = Decorators.ofCallable(orders::ask)
                .withCircuitBreaker(breaker)
                .withRetry(retry)
                .withFallback(error -> "unknown")
                .call();

        assertThat(state).isEqualTo("unknown");
    }

    @Test
    void fallbackAfter() {
        Orders copy = new Orders();
        orders.failing(100);
        Holdfast holdfast = Holdfast.builder().build();

        Targets targets = Targets.named("orders/main", "orders/copy"); // a second place that can answer
        String state;
        try {
            state = holdfast.blocking()
                    .call(
                            targets,
                            attempt -> attempt.target().name().equals("orders/copy") ? copy.ask() : orders.ask());
        } catch (CallException e) {
            state = "unknown"; // none could
        }

        assertThat(state).isEqualTo("shipped");
        assertThat(orders.asked()).isEqualTo(1);
    }

    @Test
    void asyncBefore() throws Exception {
        orders.failing(1);
        CircuitBreaker breaker = CircuitBreaker.ofDefaults("orders");
        Retry retry = Retry.of(
                "orders",
                RetryConfig.custom()
                        .maxAttempts(3)
                        .waitDuration(Duration.ofMillis(10))
                        .build());

        CompletionStage<String> state = Decorators.ofCompletionStage(orders::askAsync)
                .withCircuitBreaker(breaker)
                .withRetry(retry, scheduler)
                .get();

        assertThat(state.toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo("shipped");
    }

    @Test
    void asyncAfter() throws Exception {
        orders.failing(1);
        Holdfast holdfast = Holdfast.builder()
                .config(ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(10))))
                .build();

        CompletableFuture<String> state = holdfast.call(targets, attempt -> orders.askAsync());

        assertThat(state.get(30, TimeUnit.SECONDS)).isEqualTo("shipped");
    }

    @Test
    void eventsBefore() throws Exception {
        orders.failing(1);
        List<String> log = new CopyOnWriteArrayList<>();
        CircuitBreaker breaker = CircuitBreaker.ofDefaults("orders");
        Retry retry = Retry.of(
                "orders",
                RetryConfig.custom()
                        .maxAttempts(3)
                        .waitDuration(Duration.ofMillis(10))
                        .build());

        retry.getEventPublisher().onRetry(event -> log.add("again in " + event.getWaitInterval()));
        breaker.getEventPublisher()
                .onStateTransition(event -> log.add(event.getStateTransition().toString()));

        Decorators.ofCallable(orders::ask)
                .withCircuitBreaker(breaker)
                .withRetry(retry)
                .call();
        assertThat(log).containsExactly("again in PT0.01S");
    }

    @Test
    void eventsAfter() {
        orders.failing(1);
        List<String> log = new CopyOnWriteArrayList<>();

        Holdfast holdfast = Holdfast.builder()
                .listener(event -> {
                    if (event instanceof CallEvent.RetryScheduled retry) {
                        log.add("again in " + retry.delay());
                    }
                })
                .build();

        holdfast.blocking().call(targets, attempt -> orders.ask());
        holdfast.eventsDelivered().join();
        assertThat(log).singleElement().asString().startsWith("again in PT");
    }

    // What the page says about nights.

    @Test
    void cancellingDoesNotStopTheRetriesOfThePeer() throws Exception {
        orders.failing(100);
        Retry retry = Retry.of(
                "orders",
                RetryConfig.custom()
                        .maxAttempts(4)
                        .waitDuration(Duration.ofMillis(20))
                        .build());
        CountDownLatch allMade = new CountDownLatch(4);

        CompletionStage<String> state = retry.executeCompletionStage(scheduler, () -> {
            allMade.countDown();
            return orders.askAsync();
        });
        state.toCompletableFuture().cancel(true);

        assertThat(allMade.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancellingStopsOurs() throws Exception {
        orders.failing(100);
        Holdfast holdfast = Holdfast.builder()
                .config(ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMinutes(1))))
                .build();

        CompletableFuture<String> state = holdfast.call(targets, attempt -> orders.askAsync());
        state.cancel(true);

        assertThat(orders.asked()).isEqualTo(1);
        assertThat(holdfast.info().inFlight()).isZero();
        assertThat(holdfast.info().waiters()).isZero();
    }

    /** It had begun while the circuit was closed, and ends when only probes have a say. */
    @Test
    void lateResultClosesTheCircuitOfThePeer() {
        CircuitBreaker breaker = CircuitBreaker.of(
                "orders",
                CircuitBreakerConfig.custom()
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .minimumNumberOfCalls(1)
                        .build());
        breaker.acquirePermission();

        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();
        breaker.onSuccess(30, TimeUnit.SECONDS);

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void cancelledCallCountsAsAFailureOfThePeersTarget() {
        CircuitBreaker breaker = CircuitBreaker.ofDefaults("orders");
        CompletableFuture<String> hanging = new CompletableFuture<>();

        breaker.executeCompletionStage(() -> hanging);
        hanging.cancel(true);

        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePageRuns() throws IOException {
        PageSnippets.assertRun(
                "docs/coming-from-resilience4j.md",
                18,
                "bench/src/test/java/dev/holdfast/peer/ComingFromResilience4jPageTest.java",
                "integrations/micrometer/src/test/java/dev/holdfast/micrometer/PeerMetricsTest.java");
    }
}

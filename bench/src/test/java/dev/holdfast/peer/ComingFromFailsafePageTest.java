// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.failsafe.Bulkhead;
import dev.failsafe.BulkheadFullException;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.Fallback;
import dev.failsafe.RateLimiter;
import dev.failsafe.RetryPolicy;
import dev.failsafe.Timeout;
import dev.failsafe.TimeoutExceededException;
import dev.holdfast.Await;
import dev.holdfast.CallException;
import dev.holdfast.CallRejectedException;
import dev.holdfast.Holdfast;
import dev.holdfast.PageSnippets;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.event.CallEvent;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.limit.AdmissionConfig;
import dev.holdfast.limit.ConcurrencyConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.Jitter;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The code of docs/coming-from-failsafe.md, on both sides; the page must show exactly what runs here. */
@org.junit.jupiter.api.Timeout(120)
class ComingFromFailsafePageTest {
    private final Orders orders = new Orders();
    private final Targets targets = Targets.named("orders/main");

    @Test
    void retryBefore() {
        orders.failing(2);

        RetryPolicy<String> retry = RetryPolicy.<String>builder()
                .handle(IOException.class)
                .withMaxRetries(3)
                .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(10))
                .withJitter(0.5)
                .build();
        String state = Failsafe.with(retry).get(orders::ask);

        assertThat(state).isEqualTo("shipped");
    }

    @Test
    void retryAfter() {
        orders.failing(2);

        Holdfast holdfast = Holdfast.builder()
                .config(ResilienceConfig.defaults()
                        .withMaxAttempts(4) // the first one counts
                        .withBackoff(Backoff.exponential(Duration.ofMillis(100), 2, Duration.ofSeconds(10))
                                .withJitter(Jitter.EQUAL)))
                .build();
        Targets targets = Targets.named("orders/main");
        String state = holdfast.blocking().call(targets, attempt -> orders.ask());

        assertThat(state).isEqualTo("shipped");
        assertThat(orders.asked()).isEqualTo(3);
    }

    @Test
    void judgingBefore() {
        RetryPolicy<String> retry = RetryPolicy.<String>builder()
                .handle(IOException.class)
                .abortOn(SecurityException.class)
                .withMaxRetries(3)
                .build();

        assertThatThrownBy(() -> Failsafe.with(retry).get(() -> {
                    orders.ask();
                    throw new SecurityException("who are you");
                }))
                .isInstanceOf(SecurityException.class);
        assertThat(orders.asked()).isEqualTo(1);
    }

    @Test
    void judgingAfter() {
        FailureClassifier classifier = error -> error instanceof SecurityException
                ? Failure.of(Category.AUTH, "orders.login", "login refused").withCause(error)
                : FailureClassifier.standard().classify(error);
        Holdfast holdfast = Holdfast.builder().classifier(classifier).build();

        assertThatThrownBy(() -> holdfast.blocking().call(targets, attempt -> {
                    orders.ask();
                    throw new SecurityException("who are you");
                }))
                .isInstanceOfSatisfying(CallException.class, failed -> assertThat(failed.category())
                        .isEqualTo(Category.AUTH));
        assertThat(orders.asked()).isEqualTo(1);
    }

    @Test
    void breakerBefore() {
        orders.failing(100);

        CircuitBreaker<String> breaker = CircuitBreaker.<String>builder()
                .handle(IOException.class)
                .withFailureThreshold(10, 20)
                .withDelay(Duration.ofMinutes(1))
                .withSuccessThreshold(1)
                .build();

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> Failsafe.with(breaker).get(orders::ask)).isInstanceOf(FailsafeException.class);
        }
        assertThatThrownBy(() -> Failsafe.with(breaker).get(orders::ask))
                .isInstanceOf(CircuitBreakerOpenException.class);
    }

    @Test
    void breakerAfter() {
        orders.failing(100);

        ResilienceConfig config = ResilienceConfig.defaults()
                .withCircuit(CircuitConfig.defaults()
                        .withMinimumAttempts(20)
                        .withFailureRate(0.5)
                        .withRecovery(Duration.ofMinutes(1))
                        .withHalfOpen(1, 1));

        Holdfast holdfast = Holdfast.builder().config(config.withMaxAttempts(1)).build();
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> holdfast.blocking().call(targets, attempt -> orders.ask()))
                    .hasCauseInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> holdfast.blocking().call(targets, attempt -> orders.ask()))
                .isInstanceOf(CallRejectedException.class);
    }

    @Test
    void timeoutBefore() {
        Timeout<String> timeout =
                Timeout.<String>builder(Duration.ofMillis(500)).withInterrupt().build();
        RetryPolicy<String> retry = RetryPolicy.<String>builder()
                .withMaxRetries(2)
                .withMaxDuration(Duration.ofSeconds(2))
                .build();

        assertThatThrownBy(() -> Failsafe.with(retry, timeout).get(() -> {
                    Thread.sleep(60_000);
                    return "never";
                }))
                .isInstanceOf(TimeoutExceededException.class);
    }

    @Test
    void timeoutAfter() {
        ResilienceConfig config = ResilienceConfig.defaults()
                .withTimeouts(TimeoutConfig.defaults().withAttempt(Duration.ofMillis(500)))
                .withDeadline(Duration.ofSeconds(2));

        Holdfast holdfast = Holdfast.builder().config(config.withMaxAttempts(1)).build();
        assertThatThrownBy(() -> holdfast.blocking().call(targets, attempt -> {
                    Thread.sleep(60_000);
                    return "never";
                }))
                .isInstanceOfSatisfying(CallException.class, failed -> assertThat(failed.category())
                        .isEqualTo(Category.TIMEOUT));
    }

    @Test
    void bulkheadBefore() {
        Bulkhead<String> bulkhead = Bulkhead.<String>builder(1)
                .withMaxWaitTime(Duration.ofSeconds(5))
                .build();
        String state = Failsafe.with(bulkhead).get(orders::ask);

        assertThat(state).isEqualTo("shipped");
    }

    @Test
    void bulkheadAfter() {
        ResilienceConfig config = ResilienceConfig.defaults()
                .withLimits(LimitConfig.defaults()
                        .withConcurrency(ConcurrencyConfig.defaults().withFixed(1))
                        .withAdmission(AdmissionConfig.defaults().withQueueCapacity(100)))
                .withDeadline(Duration.ofSeconds(5));
        Holdfast holdfast = Holdfast.builder().config(config).build();
        String state = holdfast.blocking().call(targets, attempt -> orders.ask());

        assertThat(state).isEqualTo("shipped");
    }

    @Test
    void rateLimiterBefore() {
        RateLimiter<String> limiter = RateLimiter.<String>smoothBuilder(10, Duration.ofSeconds(1))
                .withMaxWaitTime(Duration.ofSeconds(5))
                .build();
        String state = Failsafe.with(limiter).get(orders::ask);

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
    void fallbackBefore() {
        orders.failing(100);
        RetryPolicy<String> retry =
                RetryPolicy.<String>builder().withMaxRetries(1).build();
        CircuitBreaker<String> breaker = CircuitBreaker.<String>builder().build();

        Fallback<String> unknown = Fallback.of("unknown");
        String state = Failsafe.with(unknown, retry, breaker).get(orders::ask);

        assertThat(state).isEqualTo("unknown");
    }

    @Test
    void fallbackAfter() {
        Orders copy = new Orders();
        orders.failing(100);
        Holdfast holdfast = Holdfast.builder().build();

        Targets targets = Targets.named("orders/main", "orders/copy"); // a second place that can answer
        CompletableFuture<String> state = holdfast.call(
                        targets,
                        attempt -> attempt.target().name().equals("orders/copy") ? copy.askAsync() : orders.askAsync())
                .exceptionally(error -> "unknown"); // none could

        assertThat(state).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo("shipped");
    }

    @Test
    void asyncBefore() throws Exception {
        orders.failing(1);
        RetryPolicy<String> retry =
                RetryPolicy.<String>builder().withMaxRetries(2).build();

        CompletableFuture<String> state = Failsafe.with(retry).getStageAsync(context -> orders.askAsync());

        assertThat(state.get(30, TimeUnit.SECONDS)).isEqualTo("shipped");
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
    void eventsBefore() {
        orders.failing(1);
        List<String> log = new CopyOnWriteArrayList<>();

        RetryPolicy<String> retry = RetryPolicy.<String>builder()
                .withDelay(Duration.ofMillis(10))
                .onRetryScheduled(event -> log.add("again in " + event.getDelay()))
                .build();
        CircuitBreaker<String> breaker = CircuitBreaker.<String>builder()
                .withFailureThreshold(5)
                .onOpen(event -> log.add("orders are down"))
                .build();

        Failsafe.with(retry, breaker).get(orders::ask);
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
                    } else if (event instanceof TargetEvent.CircuitOpened opened) {
                        log.add(opened.target() + " is down");
                    }
                })
                .build();

        holdfast.blocking().call(targets, attempt -> orders.ask());
        holdfast.eventsDelivered().join();
        assertThat(log).singleElement().asString().startsWith("again in PT");
    }

    // What the page says about nights.

    /** Of version 3.3.2: the one permit is never seen again. */
    @Test
    void refusalCostsThePeersBulkheadAPermit() {
        Bulkhead<String> bulkhead = Bulkhead.<String>of(1);
        assertThat(bulkhead.tryAcquirePermit()).isTrue();

        assertThatThrownBy(() -> Failsafe.with(bulkhead).get(orders::ask)).isInstanceOf(BulkheadFullException.class);
        bulkhead.releasePermit();

        assertThatThrownBy(() -> Failsafe.with(bulkhead).get(orders::ask)).isInstanceOf(BulkheadFullException.class);
    }

    /** It had begun while the circuit was closed, and ends when only probes have a say. */
    @Test
    void lateResultClosesTheCircuitOfThePeer() {
        CircuitBreaker<String> breaker = CircuitBreaker.<String>builder()
                .withSuccessThreshold(1)
                .withDelay(Duration.ofMinutes(1))
                .build();
        assertThat(breaker.tryAcquirePermit()).isTrue();

        breaker.open();
        breaker.halfOpen();
        breaker.recordSuccess();

        assertThat(breaker.isClosed()).isTrue();
    }

    /** The peer starts it on a thread of a pool: one that is cancelled before is no attempt. */
    @Test
    void cancelledCallCountsAsAFailureOfThePeersTarget() {
        CircuitBreaker<String> breaker =
                CircuitBreaker.<String>builder().withFailureThreshold(5).build();
        CompletableFuture<String> order = orders.hang();

        CompletableFuture<String> call = Failsafe.with(breaker).getStageAsync(context -> order);
        Await.until(() -> order.getNumberOfDependents() > 0);
        call.cancel(true);

        Await.until(() -> breaker.getFailureCount() > 0);
        assertThat(breaker.getFailureCount()).isEqualTo(1);
    }

    @Test
    void cancelledCallOfOursSaysNothingAboutItsTarget() {
        Holdfast holdfast = Holdfast.builder().build();
        Target target = targets.order().get(0);

        holdfast.call(targets, attempt -> orders.hang()).cancel(true);

        assertThat(holdfast.info(target).attempts()).isZero();
        assertThat(holdfast.info(target).inFlight()).isZero();
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePageRuns() throws IOException {
        PageSnippets.assertRun(
                "docs/coming-from-failsafe.md",
                19,
                "bench/src/test/java/dev/holdfast/peer/ComingFromFailsafePageTest.java",
                "integrations/micrometer/src/test/java/dev/holdfast/micrometer/PeerMetricsTest.java");
    }
}

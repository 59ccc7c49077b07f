// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import dev.holdfast.gateway.config.GatewayConfig.Client;
import dev.holdfast.llm.Secret;
import dev.holdfast.time.VirtualTime;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {
    private final VirtualTime time = new VirtualTime(1);

    private static Client client(String name, long requests, long tokens) {
        return new Client(name, Secret.of("key-of-" + name), Set.of(), requests, tokens);
    }

    private Allowance allowance(long requests, long tokens) {
        return new Allowance(new Identity.Known("a", Set.of(), requests, tokens), time);
    }

    private static Allowance.Charge granted(Allowance allowance, long tokens) {
        return (Allowance.Charge) allowance.request(tokens);
    }

    private static Allowance.Over refused(Allowance allowance, long tokens) {
        return (Allowance.Over) allowance.request(tokens);
    }

    @Test
    void minuteOfRequestsFitsAtOnceAndTheNextOneHasToWait() {
        Allowance allowance = allowance(3, 0);
        for (int i = 0; i < 3; i++) {
            granted(allowance, 1000);
        }

        Allowance.Over over = refused(allowance, 1000);

        assertThat(over.retryAfterSeconds()).isEqualTo(20);
        assertThat(over.tokens()).isFalse();
        time.advance(Duration.ofSeconds(20).minusNanos(1000));
        assertThat(refused(allowance, 0).retryAfterSeconds()).isEqualTo(1);
        time.advance(Duration.ofNanos(1000));
        granted(allowance, 0);
        refused(allowance, 0);
    }

    @Test
    void tokensAreChargedByEstimateAndSettledByUsage() {
        Allowance allowance = allowance(0, 60);
        Allowance.Charge charge = granted(allowance, 50);
        assertThat(refused(allowance, 20).retryAfterSeconds()).isEqualTo(10);
        assertThat(refused(allowance, 20).tokens()).isTrue();

        charge.settle(30);
        charge.settle(0);

        granted(allowance, 30);
        refused(allowance, 1);
    }

    @Test
    void moreThanEstimatedIsADebt() {
        Allowance allowance = allowance(0, 60);

        granted(allowance, 10).settle(120);

        assertThat(refused(allowance, 1).retryAfterSeconds()).isEqualTo(61);
        assertThat(refused(allowance, 0).retryAfterSeconds()).isEqualTo(60);
    }

    @Test
    void requestLargerThanAMinuteIsLetThroughOnceTheBucketIsFull() {
        Allowance allowance = allowance(0, 60);

        granted(allowance, 600);

        assertThat(refused(allowance, 600).retryAfterSeconds()).isEqualTo(600);
        time.advance(Duration.ofMinutes(10));
        granted(allowance, 600);
    }

    @Test
    void refusedRequestCostsNothing() {
        Allowance allowance = allowance(2, 60);
        granted(allowance, 60);
        for (int i = 0; i < 10; i++) {
            refused(allowance, 60);
        }

        time.advance(Duration.ofSeconds(60));

        granted(allowance, 1);
        granted(allowance, 1);
        refused(allowance, 1);
    }

    @Test
    void withoutLimitsEverythingFits() {
        Allowance allowance = allowance(0, 0);

        for (int i = 0; i < 1000; i++) {
            granted(allowance, Long.MAX_VALUE).settle(Long.MAX_VALUE);
        }

        granted(allowance, 1);
    }

    @Test
    void absurdNumbersDoNotOverflow() {
        Allowance allowance = allowance(Long.MAX_VALUE, Long.MAX_VALUE);

        for (int i = 0; i < 100; i++) {
            if (allowance.request(1) instanceof Allowance.Charge charge) {
                charge.settle(Long.MAX_VALUE);
            }
        }

        assertThat(refused(allowance, 1).retryAfterSeconds()).isPositive();
        time.advance(Duration.ofDays(100_000));
        granted(allowance, 1);
    }

    @Test
    void reloadKeepsWhatIsUnchanged() {
        Allowances before =
                Allowances.of(List.of(client("same", 1, 0), client("other", 1, 0), client("gone", 1, 0)), time);
        for (String name : List.of("same", "other", "gone")) {
            granted(before.of(known(name)), 0);
        }

        Allowances after = before.reloaded(List.of(client("same", 1, 0), client("other", 2, 0), client("new", 1, 0)));
        Allowances again = after.reloaded(List.of(client("same", 1, 0), client("gone", 1, 0)));

        refused(after.of(known("same")), 0);
        granted(after.of(known("other")), 0);
        granted(after.of(known("new")), 0);
        granted(after.of(known("gone")), 0);
        refused(again.of(known("same")), 0);
        granted(again.of(known("gone")), 0);
    }

    private static Identity.Known known(String name) {
        return new Identity.Known(name, Set.of(), 0, 0);
    }

    private record Step(int kind, int amount) {}

    /** The model counts in exact decimals. */
    @ParameterizedTest
    @CsvSource({"1, 1", "7, 13", "60, 100", "600, 1000000", "0, 37", "37, 0"})
    void allowanceBehavesLikeTwoNumbers(long requestsPerMinute, long tokensPerMinute) {
        RandomRuns.play(
                requestsPerMinute * 31 + tokensPerMinute,
                200,
                150,
                random -> new Step(random.nextInt(4), random.nextInt(1, 200)),
                steps -> compare(requestsPerMinute, tokensPerMinute, steps));
    }

    private static void compare(long requestsPerMinute, long tokensPerMinute, List<Step> steps) {
        VirtualTime time = new VirtualTime(0);
        Allowance allowance =
                new Allowance(new Identity.Known("a", Set.of(), requestsPerMinute, tokensPerMinute), time);
        Model requests = new Model(requestsPerMinute);
        Model tokens = new Model(tokensPerMinute);
        List<Allowance.Charge> open = new ArrayList<>();
        List<Integer> estimates = new ArrayList<>();
        for (Step step : steps) {
            switch (step.kind()) {
                case 0, 1 -> {
                    long waitSeconds = Math.max(requests.secondsUntil(1), tokens.secondsUntil(step.amount()));
                    Allowance.Answer answer = allowance.request(step.amount());
                    if (answer instanceof Allowance.Charge charge) {
                        assertThat(waitSeconds).isZero();
                        requests.take(1);
                        tokens.take(step.amount());
                        open.add(charge);
                        estimates.add(step.amount());
                    } else {
                        assertThat(((Allowance.Over) answer).retryAfterSeconds())
                                .isEqualTo(waitSeconds);
                    }
                }
                case 2 -> {
                    if (!open.isEmpty()) {
                        int which = step.amount() % open.size();
                        open.remove(which).settle(step.amount());
                        tokens.take(step.amount() - estimates.remove(which));
                    }
                }
                default -> {
                    Duration pause = Duration.ofMillis(step.amount() * 37L);
                    time.advance(pause);
                    requests.pass(pause);
                    tokens.pass(pause);
                }
            }
        }
    }

    private static final class Model {
        private static final BigDecimal MILLIS = BigDecimal.valueOf(60_000);

        private final BigDecimal perMinute;
        /** In parts of which a token has 60,000, so that milliseconds bring whole ones. */
        private BigDecimal level;

        Model(long perMinute) {
            this.perMinute = BigDecimal.valueOf(perMinute);
            level = this.perMinute.multiply(MILLIS);
        }

        void take(long amount) {
            level = level.subtract(BigDecimal.valueOf(amount).multiply(MILLIS)).min(perMinute.multiply(MILLIS));
        }

        void pass(Duration time) {
            level = level.add(perMinute.multiply(BigDecimal.valueOf(time.toMillis())))
                    .min(perMinute.multiply(MILLIS));
        }

        long secondsUntil(long amount) {
            if (perMinute.signum() == 0) {
                return 0;
            }
            BigDecimal wanted = BigDecimal.valueOf(amount).min(perMinute).multiply(MILLIS);
            BigDecimal missing = wanted.subtract(level).max(BigDecimal.ZERO);
            BigDecimal perSecond = perMinute.multiply(BigDecimal.valueOf(1000));
            return missing.divide(perSecond, 0, RoundingMode.CEILING).longValueExact();
        }
    }

    /** Threads, since the allowance is shared by all event loops; the clock stands still. */
    @Test
    @Timeout(30)
    void concurrentRequestsGetNoMoreThanThereIs() throws InterruptedException {
        Allowance allowance = new Allowance(new Identity.Known("a", Set.of(), 10_000, 0), () -> 0);
        AtomicLong granted = new AtomicLong();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                awaitQuietly(start);
                for (int j = 0; j < 5_000; j++) {
                    if (allowance.request(1) instanceof Allowance.Charge) {
                        granted.incrementAndGet();
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }

        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(granted).hasValue(10_000);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

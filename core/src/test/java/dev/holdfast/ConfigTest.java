// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.Changes.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.Priority;
import dev.holdfast.limit.RampConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.retry.RetryConfig;
import dev.holdfast.time.Deadline;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The configurations of engine and call: each change changes one thing, and what cannot be is refused by name. */
class ConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration[] NOT_POSITIVE = {Duration.ZERO, Duration.ofNanos(-1)};

    @Test
    void eachChangeOfTheEnginesConfigurationChangesThatAlone() {
        ResilienceConfig config = ResilienceConfig.defaults();
        RetryConfig retry = config.retry().withMaxAttempts(7);
        BudgetConfig budget = BudgetConfig.disabled();
        LimitConfig limits = config.limits().withRamp(RampConfig.disabled());
        TimeoutConfig timeouts = config.timeouts().withIdle(SECOND);

        assertThat(between(config, config.withRetry(retry))).containsExactly("retry=" + retry);
        assertThat(between(config, config.withBudget(budget))).containsExactly("budget=" + budget);
        assertThat(between(config, config.withCircuit(CircuitConfig.disabled())))
                .containsExactly("circuit=" + CircuitConfig.disabled());
        assertThat(between(config, config.withTimeouts(timeouts))).containsExactly("timeouts=" + timeouts);
        assertThat(between(config, config.withLimits(limits))).containsExactly("limits=" + limits);
        assertThat(between(config, config.withHedge(HedgeConfig.after(SECOND))))
                .containsExactly("hedge=" + HedgeConfig.after(SECOND));
        assertThat(between(config, config.withDeadline(SECOND))).containsExactly("deadline=PT1S");
        assertThat(between(config, config.withDeadline(SECOND).withDeadline(null)))
                .isEmpty();
        assertThat(between(config, config.withMaxAttempts(7))).containsExactly("retry=" + retry);
        assertThat(config.withBackoff(Backoff.fixed(SECOND)).retry().backoff()).isEqualTo(Backoff.fixed(SECOND));
    }

    @Test
    void contextWithAnotherDeadlineIsTheSameOtherwise() {
        VirtualTime time = new VirtualTime(1);
        CallContext context = new CallContext("call", Deadline.never(time));

        assertThat(context.withDeadline(Deadline.in(SECOND, time)))
                .isEqualTo(new CallContext("call", Deadline.in(SECOND, time)));
    }

    @Test
    void eachChangeOfTimeoutsHedgesAndOptionsChangesThatAlone() {
        TimeoutConfig timeouts = TimeoutConfig.defaults();
        assertThat(between(timeouts, timeouts.withConnect(SECOND))).containsExactly("connect=PT1S");
        assertThat(between(timeouts, timeouts.withFirstContent(SECOND))).containsExactly("firstContent=PT1S");
        assertThat(between(timeouts, timeouts.withIdle(SECOND))).containsExactly("idle=PT1S");
        assertThat(between(timeouts, timeouts.withAttempt(SECOND))).containsExactly("attempt=PT1S");
        HedgeConfig hedge = HedgeConfig.defaults();
        assertThat(between(hedge, hedge.withEnabled(true))).containsExactly("enabled=true");
        assertThat(between(hedge, hedge.withQuantile(0))).containsExactly("quantile=0.0");
        assertThat(between(hedge, hedge.withDelay(SECOND))).containsExactly("delay=PT1S");
        assertThat(between(hedge, HedgeConfig.atQuantile(0.5))).containsExactly("enabled=true", "quantile=0.5");
        CallOptions none = CallOptions.none();
        CallContext context = new CallContext("id", Deadline.never(new VirtualTime(1)));
        assertThat(between(none, none.withDeadline(SECOND))).containsExactly("deadline=PT1S");
        assertThat(between(none, CallOptions.deadline(SECOND))).containsExactly("deadline=PT1S");
        assertThat(between(none, none.withContext(context))).containsExactly("context=" + context);
        assertThat(between(none, CallOptions.within(context))).containsExactly("context=" + context);
        assertThat(between(none, none.withTimeouts(timeouts))).containsExactly("timeouts=" + timeouts);
        assertThat(between(none, none.withMaxAttempts(2))).containsExactly("maxAttempts=2");
        assertThat(between(none, none.withSideEffects(true))).containsExactly("sideEffects=true");
        assertThat(between(none, none.withPriority(Priority.LOW))).containsExactly("priority=LOW");
        assertThat(between(none, none.withTokens(5))).containsExactly("tokens=5");
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        for (Duration none : NOT_POSITIVE) {
            refused(() -> ResilienceConfig.defaults().withDeadline(none), "deadline must be positive: " + none);
            refused(() -> CallOptions.deadline(none), "deadline must be positive: " + none);
            refused(() -> HedgeConfig.after(none), "hedge delay must be positive: " + none);
            TimeoutConfig timeouts = TimeoutConfig.defaults();
            refused(() -> timeouts.withConnect(none), "timeout connect must be positive: " + none);
            refused(() -> timeouts.withFirstContent(none), "timeout firstContent must be positive: " + none);
            refused(() -> timeouts.withIdle(none), "timeout idle must be positive: " + none);
            refused(() -> timeouts.withAttempt(none), "timeout attempt must be positive: " + none);
        }
        for (double quantile : new double[] {-0.1, 1, Double.NaN}) {
            refused(
                    () -> HedgeConfig.atQuantile(quantile),
                    "hedge quantile must be at least 0 and below 1: " + quantile);
        }
        refused(() -> CallOptions.none().withTokens(-1), "tokens must not be negative: -1");
        refused(() -> CallOptions.none().withMaxAttempts(0), "maxAttempts must be at least 1 (1 means no retry): 0");
        refused(
                () -> Holdfast.builder().closeTimeout(Duration.ofNanos(-1)),
                "closeTimeout must not be negative: PT-0.000000001S");
        assertThat(CallOptions.none().withMaxAttempts(1).maxAttempts()).isEqualTo(1);
        assertThat(CallOptions.none().withTokens(0)).isEqualTo(CallOptions.none());
    }

    @Test
    void durationsAreToldAsPeopleSayThem() {
        assertThat(Durations.text(Duration.ofMillis(999))).isEqualTo("999 ms");
        assertThat(Durations.text(Duration.ofMillis(1_000))).isEqualTo("1 s");
        assertThat(Durations.text(Duration.ofMillis(1_500))).isEqualTo("1.5 s");
        assertThat(Durations.text(Duration.ofMillis(59_900))).isEqualTo("59.9 s");
        assertThat(Durations.text(Duration.ofSeconds(60))).isEqualTo("1 min");
        assertThat(Durations.text(Duration.ofSeconds(150))).isEqualTo("2 min 30 s");
    }

    private static void refused(Runnable change, String message) {
        assertThatThrownBy(change::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}

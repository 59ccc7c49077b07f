// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.Jitter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code holdfast.*}. Immutable. The words are those of the engine and of the gateway's policies.
 *
 * @param enabled Whether the chat models of this application are made resilient.
 * @param models Names of the ChatModel beans that are made resilient; empty for all.
 * @param failover For a ChatModel bean, by name, the beans that stand in for it, in order.
 * @param deadline The whole call ends by then, waits and retries included; none unless set.
 * @param clientRetries Whether the retries inside the clients are switched off, so that only one layer retries.
 * @param retry how often and how patiently
 * @param circuit when a failing model is left alone
 * @param timeouts of one attempt
 * @param hedge whether a slow attempt gets company
 * @param budget how many retries a model bears
 * @param limits how fast and how many at once
 * @param stream what a stream has to be
 * @param advisor the advisor of chat clients
 */
@ConfigurationProperties("holdfast")
public record HoldfastProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Set<String> models,
        @DefaultValue Map<String, List<String>> failover,
        @Nullable Duration deadline,
        @DefaultValue("off") ClientRetries clientRetries,
        @DefaultValue Retry retry,
        @DefaultValue CircuitBreaker circuit,
        @DefaultValue Timeouts timeouts,
        @DefaultValue Hedge hedge,
        @DefaultValue Budget budget,
        @DefaultValue Limits limits,
        @DefaultValue Stream stream,
        @DefaultValue Advisor advisor) {

    /** What becomes of the retries that clients make by themselves. */
    public enum ClientRetries {
        /** Switched off where that is possible; each attempt is one request. */
        OFF,
        /** Left as they are; attempts multiply. */
        KEEP
    }

    /**
     * How often and how patiently.
     *
     * @param maxAttempts Attempts of one call over all models; 1 is neither retry nor failover.
     * @param backoff the wait that we choose
     * @param waitHere A stated wait up to this is kept although another model is free.
     * @param maxWait A call that would have to wait longer fails at once.
     * @param minUseful With less left of the deadline no attempt starts.
     * @param attemptsPerCategory How many failures of a category one call takes before it stops retrying in place; unknown takes 2 unless set.
     */
    public record Retry(
            @DefaultValue("3") int maxAttempts,
            @DefaultValue BackoffWait backoff,
            @DefaultValue("1s") Duration waitHere,
            @DefaultValue("5m") Duration maxWait,
            @DefaultValue("100ms") Duration minUseful,
            @DefaultValue Map<Category, Integer> attemptsPerCategory) {}

    /**
     * The wait that we choose where the provider states none.
     *
     * @param kind How waits grow from retry to retry.
     * @param initial The first wait.
     * @param max No backoff is longer.
     * @param multiplier Growth of exponential waits, at least 1.
     * @param jitter How a wait is spread, so that callers do not come back together.
     */
    public record BackoffWait(
            @DefaultValue("exponential") Backoff.Kind kind,
            @DefaultValue("1s") Duration initial,
            @DefaultValue("60s") Duration max,
            @DefaultValue("2") double multiplier,
            @DefaultValue("full") Jitter jitter) {}

    /**
     * When a failing model is left alone.
     *
     * @param enabled Whether a failing model is left alone.
     * @param failureThreshold Failures in a row that open the circuit while little is known; twice as many always.
     * @param failureRate Share of failures that opens the circuit, above 0 to 1.
     * @param minimumAttempts Attempts before the rate counts.
     * @param windowSize Attempts that are looked back on; 100, and more where the two counts above need it, unless set.
     * @param windowDuration Older attempts are forgotten.
     * @param recovery How long the circuit stays open the first time.
     * @param maxRecovery Repeated trips lengthen the open time up to this; 60s, or recovery where that is longer, unless set.
     * @param calm After this long closed a trip is the first again.
     * @param halfOpenMaxCalls Probes at once.
     * @param halfOpenSuccesses Successful probes that close the circuit.
     * @param slowAfter Longer attempts count as slow; none unless set.
     * @param slowRate Share of slow attempts that opens the circuit.
     * @param counted The categories that speak against a model; those at which it is at fault unless set.
     */
    public record CircuitBreaker(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("5") int failureThreshold,
            @DefaultValue("0.5") double failureRate,
            @DefaultValue("20") int minimumAttempts,
            @Nullable Integer windowSize,
            @DefaultValue("10m") Duration windowDuration,
            @DefaultValue("2s") Duration recovery,
            @Nullable Duration maxRecovery,
            @DefaultValue("10m") Duration calm,
            @DefaultValue("3") int halfOpenMaxCalls,
            @DefaultValue("1") int halfOpenSuccesses,
            @Nullable Duration slowAfter,
            @DefaultValue("1") double slowRate,
            @Nullable Set<Category> counted) {}

    /**
     * The four timeouts of one attempt.
     *
     * @param connect Until the connection stands; for clients on OkHttp that know of it.
     * @param firstContent Of a stream, until its first content.
     * @param idle Of a stream, the longest silence.
     * @param attempt One whole attempt.
     */
    public record Timeouts(
            @DefaultValue("10s") Duration connect,
            @DefaultValue("60s") Duration firstContent,
            @DefaultValue("60s") Duration idle,
            @DefaultValue("10m") Duration attempt) {}

    /**
     * A second attempt beside one that is slow.
     *
     * @param enabled Whether a slow attempt gets company; both may be billed.
     * @param quantile Slower than this share of calls counts as slow, 0 to below 1; 0 is always the delay.
     * @param delay Counts as slow while few latencies are known.
     */
    public record Hedge(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("0.95") double quantile,
            @DefaultValue("10s") Duration delay) {}

    /**
     * The retry budget of each model.
     *
     * @param enabled Whether retries are bounded for each model.
     * @param capacity Tokens of a full budget.
     * @param cost Tokens that a retry or hedge costs.
     * @param throttledCost Tokens that a retry costs after rate_limit or overloaded.
     * @param refillPerSecond Tokens that flow back by themselves.
     */
    public record Budget(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("500") int capacity,
            @DefaultValue("14") int cost,
            @DefaultValue("5") int throttledCost,
            @DefaultValue("0.1") double refillPerSecond) {}

    /**
     * How fast and how many at once.
     *
     * @param pacing rates
     * @param ramp growth
     * @param concurrency attempts at once
     * @param admission the wait for a slot
     */
    public record Limits(
            @DefaultValue Pacing pacing,
            @DefaultValue Ramp ramp,
            @DefaultValue Concurrency concurrency,
            @DefaultValue Admission admission) {}

    /**
     * Rates of each model.
     *
     * @param requestsPerMinute Starts per minute of each model; 0 is no limit.
     * @param tokensPerMinute Tokens per minute of each model; 0 is no limit.
     * @param burst How much may be used at once, as the time in which it grows.
     * @param learn Keeps to limits that responses state.
     */
    public record Pacing(
            @DefaultValue("0") long requestsPerMinute,
            @DefaultValue("0") long tokensPerMinute,
            @DefaultValue("1s") Duration burst,
            @DefaultValue("true") boolean learn) {}

    /**
     * How fast the load on a model may grow.
     *
     * @param enabled Whether load on a model grows step by step.
     * @param floor Attempts at once that any model gets.
     * @param peakWindow How long a peak counts as recent.
     */
    public record Ramp(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("10") int floor,
            @DefaultValue("60s") Duration peakWindow) {}

    /**
     * Attempts at once at one model.
     *
     * @param fixed Attempts at once; 0 is any number.
     * @param adaptive Whether throttling lowers the limit and success raises it.
     * @param decrease What throttling leaves of the adaptive limit.
     */
    public record Concurrency(
            @DefaultValue("0") int fixed,
            @DefaultValue("false") boolean adaptive,
            @DefaultValue("0.7") double decrease) {}

    /**
     * The wait for a slot.
     *
     * @param queueCapacity Calls that may wait for one model.
     */
    public record Admission(@DefaultValue("10000") int queueCapacity) {}

    /**
     * What a stream has to be.
     *
     * @param finishReasonRequired Whether a stream that ends without a finish reason is an error; switch off for servers that send none, or one that the client does not know.
     */
    public record Stream(@DefaultValue("true") boolean finishReasonRequired) {}

    /**
     * The advisor of chat clients.
     *
     * @param enabled Whether every ChatClient.Builder gets the advisor; not needed where its model is a bean that is made resilient.
     */
    public record Advisor(@DefaultValue("false") boolean enabled) {}
}

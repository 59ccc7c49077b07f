// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import dev.holdfast.time.Ticker;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How many requests and tokens a client may still use: two token buckets, each of which holds one minute's worth and starts
 * full. Tokens are charged by estimate when a request starts and settled by the real usage at its end, which may leave a debt.
 * A request that is refused costs nothing. Thread-safe.
 */
public final class Allowance {
    private static final long MICROS_PER_SECOND = 1_000_000L;

    /** What {@link #request} decides. */
    public sealed interface Answer {}

    /** Over a limit: to be answered with 429. */
    public static final class Over implements Answer {
        private final long retryAfterSeconds;
        private final boolean tokens;

        private Over(long retryAfterSeconds, boolean tokens) {
            this.retryAfterSeconds = retryAfterSeconds;
            this.tokens = tokens;
        }

        /** Until the same request fits, if no other comes before it; rounded up, at least 1. */
        public long retryAfterSeconds() {
            return retryAfterSeconds;
        }

        /** Whether it is the tokens that have to be waited for, not the requests. */
        public boolean tokens() {
            return tokens;
        }
    }

    /** Within the limits. Callers must {@link #settle} when the usage is known, with 0 if there was none. */
    public static final class Charge implements Answer {
        private final Allowance allowance;
        private final long estimatedTokens;
        private final AtomicBoolean settled = new AtomicBoolean();

        private Charge(Allowance allowance, long estimatedTokens) {
            this.allowance = allowance;
            this.estimatedTokens = estimatedTokens;
        }

        /** Replaces the estimate by what was really used. The first call counts. */
        public void settle(long usedTokens) {
            if (settled.compareAndSet(false, true)) {
                allowance.takeTokens(usedTokens - estimatedTokens);
            }
        }
    }

    private final long requestsPerMinute;
    private final long tokensPerMinute;
    private final Ticker ticker;
    private final @Nullable Bucket requests;
    private final @Nullable Bucket tokens;

    Allowance(Identity.Known client, Ticker ticker) {
        this.ticker = ticker;
        requestsPerMinute = client.requestsPerMinute();
        tokensPerMinute = client.tokensPerMinute();
        long nowNanos = ticker.nanos();
        requests = requestsPerMinute > 0 ? new Bucket(requestsPerMinute, nowNanos) : null;
        tokens = tokensPerMinute > 0 ? new Bucket(tokensPerMinute, nowNanos) : null;
    }

    boolean isFor(Identity.Known client) {
        return requestsPerMinute == client.requestsPerMinute() && tokensPerMinute == client.tokensPerMinute();
    }

    /**
     * Asks for one request.
     *
     * @param estimatedTokens of prompt and answer; more than a minute's worth is let through once the bucket is full, and
     *     waited for afterwards
     */
    public Answer request(long estimatedTokens) {
        if (requests == null && tokens == null) {
            return new Charge(this, estimatedTokens);
        }
        synchronized (this) {
            long nowNanos = ticker.nanos();
            long forRequest = requests == null ? 0 : requests.microsUntil(1, nowNanos);
            long forTokens = tokens == null ? 0 : tokens.microsUntil(estimatedTokens, nowNanos);
            long micros = Math.max(forRequest, forTokens);
            if (micros > 0) {
                return new Over((micros + MICROS_PER_SECOND - 1) / MICROS_PER_SECOND, forTokens > forRequest);
            }
            if (requests != null) {
                requests.take(1, nowNanos);
            }
            if (tokens != null) {
                tokens.take(estimatedTokens, nowNanos);
            }
            return new Charge(this, estimatedTokens);
        }
    }

    private void takeTokens(long amount) {
        if (tokens != null) {
            synchronized (this) {
                tokens.take(amount, ticker.nanos());
            }
        }
    }
}

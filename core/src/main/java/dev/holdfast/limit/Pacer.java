// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import dev.holdfast.limit.Line.Reservation;
import dev.holdfast.limit.Line.Taken;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a quota domain below its request and token limits, configured or learned from responses. Thread-safe, no timer: it
 * says when an attempt may start, and waiting is the caller's part.
 *
 * <p>Contract: each attempt is reserved once before it starts; one that then does not start is cancelled, with the same
 * moment that the reservation was made with where it could have started at once; one that started is settled once its real
 * use of tokens is known.
 *
 * <p>Each limit is a {@link Meter}. What may start at once is one compare-and-set for each limit that is known, on a word of
 * the thread's own where threads compete, and one volatile read where none is. What has to wait goes on under a lock, which makes one start of both limits: later takings
 * count from the moment of the start and not from that of asking, so that those whom one limit holds back do not exceed the
 * other when they start together. Reservations that wait stand in a {@link Line}: starts are in the order of asking, and what
 * is given back goes to who comes next. While somebody waits ({@link #lineUntilNanos} is ahead) all go that way.
 *
 * <p>A learned limit is a mirror of the provider's bucket: as large as the stated limit, grown by the stated reset, as full
 * as the stated remainder. An exhausted one holds starts until the reset; from there on they leave as the configured burst
 * and the learned rate let them, for as long as the reset had taken. A newer response that has something left ends the hold.
 */
public final class Pacer {
    /** A reset farther away than this is a plan's limit, not a rate: it holds, but nothing is spread over it. */
    private static final long LONGEST_RATE_NANOS = 300_000_000_000L;

    private final PacerConfig config;
    private final Known configuredRequests;
    private final Known configuredTokens;
    private final Meter requestMeter = new Meter();
    private final Meter tokenMeter = new Meter();
    private final Object lock = new Object();

    /** Null while nothing is known. Written under the lock. */
    private volatile @Nullable Facts facts;

    /** The last start that somebody waits for, 0 when nobody does. Written under the lock. */
    private volatile long lineUntilNanos;

    // guarded by lock
    private final Line line = new Line();

    /** What is known of both dimensions, until when. */
    private record Facts(Known requests, Known tokens, long expiresNanos) {
        Facts(Known requests, Known tokens) {
            this(requests, tokens, Math.min(requests.expiresNanos(), tokens.expiresNanos()));
        }

        long heldUntilNanos(long tokenCount, long nowNanos) {
            return Math.max(requests.heldUntilNanos(1, nowNanos), tokens.heldUntilNanos(tokenCount, nowNanos));
        }
    }

    public Pacer(PacerConfig config) {
        this.config = config;
        this.configuredRequests = Known.configured(config.requestsPerMinute(), config.burst());
        this.configuredTokens = Known.configured(config.tokensPerMinute(), config.burst());
        know(configuredRequests, configuredTokens);
    }

    /**
     * Reserves one request.
     *
     * @param tokens what it will use by estimate, not negative; 0 where that is not known
     * @return when it may start: {@code nowNanos} for at once
     */
    public long reserve(long tokens, long nowNanos) {
        if (tokens < 0) {
            throw new IllegalArgumentException("an estimate of tokens must not be negative: " + tokens);
        }
        Facts known = facts;
        if (known == null) {
            return nowNanos;
        }
        boolean open = nowNanos >= lineUntilNanos
                && nowNanos < known.expiresNanos
                && known.heldUntilNanos(tokens, nowNanos) <= nowNanos;
        long tokensAfter = open ? tokenMeter.take(known.tokens, tokens, nowNanos) : Meter.REFUSED;
        if (tokensAfter == Meter.REFUSED) {
            return reserveInLine(tokens, false, nowNanos);
        }
        if (requestMeter.tryTake(known.requests, 1, nowNanos)) {
            return nowNanos;
        }
        long tokenCost = known.tokens.cost(tokens);
        boolean taken = tokenCost > 0 && !tokenMeter.set(tokensAfter, tokensAfter - tokenCost);
        return reserveInLine(tokens, taken, nowNanos);
    }

    /**
     * @param taken whether the tokens are taken already, as of now, and could not be put back: others have taken meanwhile, or
     *     they came from a share. Then they count for longer than they need to, and are lost where this is cancelled.
     */
    private long reserveInLine(long tokens, boolean taken, long nowNanos) {
        synchronized (lock) {
            Facts known = forgetExpired(nowNanos);
            line.advance(nowNanos);
            long startNanos = nowNanos;
            if (known != null) {
                long earliestNanos = known.heldUntilNanos(tokens, nowNanos);
                Reservation gap = taken ? null : line.fillGap(tokens, earliestNanos);
                startNanos = gap != null
                        ? gap.startNanos
                        : append(known, tokens, taken, Math.max(earliestNanos, line.lastStartNanos()), nowNanos);
            }
            lineUntilNanos = line.lastStartNanos();
            return startNanos;
        }
    }

    private long append(Facts known, long tokens, boolean taken, long earliestNanos, long nowNanos) {
        long requestCost = known.requests.cost(1);
        long tokenCost = taken ? 0 : known.tokens.cost(tokens);
        long startNanos;
        long tokensBefore;
        long tokensAfter;
        do {
            tokensBefore = tokenMeter.fullAtNanos();
            startNanos = tokenMeter.start(known.tokens, tokensBefore, tokenCost, earliestNanos);
            startNanos = requestMeter.start(known.requests, requestMeter.fullAtNanos(), requestCost, startNanos);
            tokensAfter = Meter.after(tokensBefore, tokenCost, startNanos);
        } while (tokenCost > 0 && !tokenMeter.set(tokensBefore, tokensAfter));
        long agreedNanos = taken ? nowNanos : startNanos;
        long requestsBefore;
        long requestsAfter;
        do {
            requestsBefore = requestMeter.fullAtNanos();
            startNanos = requestMeter.start(known.requests, requestsBefore, requestCost, startNanos);
            requestsAfter = Meter.after(requestsBefore, requestCost, startNanos);
        } while (requestCost > 0 && !requestMeter.set(requestsBefore, requestsAfter));
        if (startNanos > agreedNanos && (taken || tokenCost > 0)) {
            // Others took requests meanwhile, so this one starts later, and its tokens count from then on too.
            long base = taken ? agreedNanos : Math.max(tokensBefore, agreedNanos);
            long laterNanos = Math.max(base, startNanos) - base;
            tokenMeter.add(laterNanos);
            tokensAfter += laterNanos;
        }
        if (startNanos > nowNanos) {
            line.add(new Reservation(
                    startNanos,
                    tokens,
                    new Taken(requestsBefore, requestCost > 0 ? requestsAfter : requestsBefore, 0),
                    new Taken(tokensBefore, tokenCost > 0 ? tokensAfter : tokensBefore, line.tokenCorrections())));
        }
        return startNanos;
    }

    /**
     * Gives back a reservation that was not used. Before its start, and at the very moment of one that could start at once
     * while nobody waits, it is as if it had never been made; after its start the allowance of that moment has passed unused,
     * and nothing comes back, since it could be used together with what has grown since.
     *
     * @param tokens as reserved
     * @param startNanos what {@link #reserve} returned
     */
    public void cancel(long tokens, long startNanos, long nowNanos) {
        Facts known = facts;
        if (known == null || startNanos < nowNanos) {
            return;
        }
        synchronized (lock) {
            line.advance(nowNanos);
            if (line.leave(startNanos, tokens)) {
                Reservation last = line.takeLastGap();
                while (last != null) {
                    last.requests.giveBackTo(requestMeter, 0, nowNanos);
                    last.tokens.giveBackTo(tokenMeter, line.tokenCorrections(), nowNanos);
                    last = line.takeLastGap();
                }
                lineUntilNanos = line.lastStartNanos();
            } else if (startNanos == nowNanos && line.lastStartNanos() == 0) {
                requestMeter.add(-known.requests.cost(1));
                tokenMeter.add(-known.tokens.cost(tokens));
            }
        }
    }

    /**
     * Corrects the tokens of a request that has started: what it used beyond its estimate is a debt that later ones wait
     * for, what it left comes back as far as the bucket has room.
     *
     * @param reservedTokens as reserved
     * @param actualTokens what it used
     */
    public void settle(long reservedTokens, long actualTokens, long nowNanos) {
        Facts known = facts;
        if (known == null || !known.tokens.hasRate() || reservedTokens == actualTokens) {
            return;
        }
        long costNanos = actualTokens > reservedTokens
                ? known.tokens.cost(actualTokens - reservedTokens)
                : -known.tokens.cost(reservedTokens - actualTokens);
        if (nowNanos >= lineUntilNanos) {
            tokenMeter.correct(costNanos, nowNanos);
            return;
        }
        synchronized (lock) {
            tokenMeter.correct(costNanos, nowNanos);
            line.corrected(costNanos);
        }
    }

    /**
     * Takes in what a response said of its limits. Does nothing where the configuration forbids learning.
     *
     * @param limit the most that can be left; 0 where not stated
     * @param remaining what is left; negative where not stated
     * @param untilReset how long until nothing of it is used any more; at zero there is nothing to learn
     */
    public void learn(Dimension dimension, long limit, long remaining, Duration untilReset, long nowNanos) {
        long resetNanos = Math.min(Nanos.of(untilReset), Nanos.NEVER / 4);
        if (!config.learn() || resetNanos <= 0 || (limit <= 0 && remaining < 0)) {
            return;
        }
        synchronized (lock) {
            forgetExpired(nowNanos);
            Facts known = facts;
            Known requests = known == null ? Known.NOTHING : known.requests;
            Known tokens = known == null ? Known.NOTHING : known.tokens;
            if (dimension == Dimension.REQUESTS) {
                know(
                        learned(requests, configuredRequests, requestMeter, limit, remaining, resetNanos, nowNanos),
                        tokens);
            } else {
                know(requests, learned(tokens, configuredTokens, tokenMeter, limit, remaining, resetNanos, nowNanos));
            }
        }
    }

    private Known learned(
            Known before, Known configured, Meter meter, long limit, long remaining, long resetNanos, long nowNanos) {
        long left = remaining < 0 ? Long.MAX_VALUE : remaining;
        long resetAtNanos = nowNanos + resetNanos;
        boolean spread = !configured.hasRate() && limit > 0 && resetNanos <= LONGEST_RATE_NANOS;
        if (!spread) {
            return new Known(0, configured.unitNanos(), configured.burstNanos(), left, resetAtNanos, resetAtNanos);
        }
        boolean sameLimit = before.learnedRate() && before.limit() == limit;
        // A reset is never farther away than a whole bucket takes, so of several guesses the slowest is the best.
        double unitNanos = Math.max((double) resetNanos / limit, sameLimit ? before.unitNanos() : 0);
        long burstNanos = (long) Math.ceil(unitNanos * limit);
        long known = meter.fullAtNanos();
        long fullAtNanos;
        if (left == 0) {
            fullAtNanos = resetAtNanos + burstNanos - Math.min(burstNanos, Known.size(unitNanos, config.burst()));
        } else {
            double ours = sameLimit && !before.exhausted() ? Math.max(0, known - nowNanos) / before.unitNanos() : 0;
            double theirs = Math.max(0, limit - Math.min(limit, left));
            fullAtNanos = nowNanos + (long) Math.ceil(Math.max(ours, theirs) * unitNanos);
        }
        meter.add(fullAtNanos - known);
        return new Known(
                limit, unitNanos, burstNanos, left, resetAtNanos, left == 0 ? resetAtNanos + resetNanos : resetAtNanos);
    }

    /** Whether a rate is known, configured or learned: then those who waited for a pause can leave at that. */
    public boolean knowsRate(long nowNanos) {
        Facts known = facts;
        return known != null && (known.requests.hasRate(nowNanos) || known.tokens.hasRate(nowNanos));
    }

    /** What it looks like now, for dashboards. */
    public PacerInfo info(long nowNanos) {
        synchronized (lock) {
            Facts known = forgetExpired(nowNanos);
            line.advance(nowNanos);
            if (known == null) {
                return new PacerInfo(0, 0, Duration.ZERO, line.waiting());
            }
            long nextNanos = Math.max(known.heldUntilNanos(0, nowNanos), line.lastStartNanos());
            nextNanos = tokenMeter.start(known.tokens, tokenMeter.fullAtNanos(), 0, nextNanos);
            nextNanos =
                    requestMeter.start(known.requests, requestMeter.fullAtNanos(), known.requests.cost(1), nextNanos);
            return new PacerInfo(
                    known.requests.perMinute(),
                    known.tokens.perMinute(),
                    Duration.ofNanos(nextNanos - nowNanos),
                    line.waiting());
        }
    }

    private @Nullable Facts forgetExpired(long nowNanos) {
        Facts known = facts;
        if (known != null && nowNanos >= known.expiresNanos) {
            know(
                    nowNanos < known.requests.expiresNanos() ? known.requests : configuredRequests,
                    nowNanos < known.tokens.expiresNanos() ? known.tokens : configuredTokens);
        }
        return facts;
    }

    private void know(Known requests, Known tokens) {
        facts = requests == Known.NOTHING && tokens == Known.NOTHING ? null : new Facts(requests, tokens);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.behaviour;

import org.jspecify.annotations.Nullable;

/**
 * What a model name asks for.
 *
 * @param ending how the answer ends
 * @param content what it says
 * @param status of {@link Ending#STATUS}; 0 otherwise
 * @param fail how many first requests of a key fail with {@link #failStatus()} before the rest applies
 * @param statusOption the {@code status=} option; 0 when not given
 * @param slowHeadersNanos silence before the status line
 * @param ttftNanos silence before the first content
 * @param stallNanos silence in the middle; {@link #NEVER} none, {@link #FOREVER} never goes on
 * @param afterOption content chunks before stall, cut and the like; -1 when not given
 * @param tokens how many words a text has
 * @param tokensPerSecond pace of content; 0 means as fast as the client reads
 * @param hint the wait that errors state
 * @param as whose error shape; null means the dialect's own
 */
public record Behaviour(
        Ending ending,
        Content content,
        int status,
        int fail,
        int statusOption,
        long slowHeadersNanos,
        long ttftNanos,
        long stallNanos,
        int afterOption,
        int tokens,
        double tokensPerSecond,
        RetryHint hint,
        @Nullable Provider as) {

    /** {@link #stallNanos()}: no stall. */
    public static final long NEVER = -1;

    /** {@link #stallNanos()}: the stall has no end. */
    public static final long FOREVER = Long.MAX_VALUE;

    private static final int DEFAULT_AFTER = 3;
    private static final int DEFAULT_FAIL_STATUS = 503;

    /** Reads a model string, with or without its {@code sim/}. */
    public static Behaviour parse(String model) {
        return BehaviourGrammar.parse(model);
    }

    /** The model string without its provider: what the answer's text depends on. */
    public static String bareName(String model) {
        return BehaviourGrammar.bareName(model);
    }

    /** The status of the first {@link #fail()} requests. */
    public int failStatus() {
        return statusOption == 0 ? DEFAULT_FAIL_STATUS : statusOption;
    }

    /** The status whose error body travels inside a 200; {@code unsaid} where the model name leaves it open. */
    public int inBandStatus(int unsaid) {
        return statusOption == 0 ? unsaid : statusOption;
    }

    /** Content chunks that precede the fault. A malformed stream breaks at its first event unless it says otherwise. */
    public int after() {
        if (afterOption >= 0) {
            return afterOption;
        }
        return ending == Ending.MALFORMED ? 0 : DEFAULT_AFTER;
    }

    /** A reset before any byte, unless {@code after=} moves it into the answer. */
    public boolean resetBeforeAnswer() {
        return ending == Ending.RESET && afterOption < 0;
    }

    /** This behaviour as a server under load shows it: content starts later and comes at most at that pace. */
    public Behaviour slowed(long latencyNanos, double paceTokensPerSecond) {
        double pace = tokensPerSecond == 0 ? paceTokensPerSecond : tokensPerSecond;
        return new Behaviour(
                ending,
                content,
                status,
                fail,
                statusOption,
                slowHeadersNanos,
                ttftNanos + latencyNanos,
                stallNanos,
                afterOption,
                tokens,
                pace,
                hint,
                as);
    }

    /** This behaviour, with that provider's error shapes unless it names its own. */
    public Behaviour or(@Nullable Provider provider) {
        return new Behaviour(
                ending,
                content,
                status,
                fail,
                statusOption,
                slowHeadersNanos,
                ttftNanos,
                stallNanos,
                afterOption,
                tokens,
                tokensPerSecond,
                hint,
                as == null ? provider : as);
    }

    /** The error that one of the first {@link #fail()} requests gets: everything but the refusal itself is kept. */
    public Behaviour failing() {
        return new Behaviour(
                Ending.STATUS,
                content,
                failStatus(),
                0,
                0,
                slowHeadersNanos,
                ttftNanos,
                NEVER,
                afterOption,
                tokens,
                tokensPerSecond,
                hint,
                as);
    }
}

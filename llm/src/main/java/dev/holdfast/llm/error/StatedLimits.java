// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import dev.holdfast.limit.Dimension;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a good response says of the rate limits of its quota domain, in headers of the two families that name their dimension:
 * {@code x-ratelimit-{limit,remaining,reset}-{requests,tokens}} and {@code anthropic-ratelimit-{requests,tokens}-{limit,
 * remaining,reset}}. Headers that do not name it say nothing reliable and are left alone. Never throws.
 *
 * <p>A stated reset is the moment when the whole limit is there again, not when the next request may go. So an empty
 * remainder of a response that was still served is told as one: later attempts then leave at the rate that limit and reset
 * give, and are not held for all of it. A refusal with its own wait is the business of the classifier.
 */
public final class StatedLimits {
    private static final long MOST = 1_000_000_000_000L;

    private StatedLimits() {}

    /** Tells what the headers of a good response say; dates count from the response's own, else from the system's clock. */
    public static void read(Map<String, List<String>> headers, StatedLimit heard) {
        read(headers, Clock.systemUTC(), heard);
    }

    static void read(Map<String, List<String>> headers, Clock clock, StatedLimit heard) {
        if (headers.keySet().stream().noneMatch(StatedLimits::isOfLimit)) {
            return;
        }
        ErrorInput input = ErrorInput.http(null, 200, headers, "");
        for (Dimension dimension : Dimension.values()) {
            String what = dimension == Dimension.REQUESTS ? "requests" : "tokens";
            tell(input, "x-ratelimit-%s-" + what, dimension, clock, heard);
            tell(input, "anthropic-ratelimit-" + what + "-%s", dimension, clock, heard);
        }
    }

    private static boolean isOfLimit(String name) {
        return name.regionMatches(true, 0, "x-ratelimit-", 0, 12)
                || name.regionMatches(true, 0, "anthropic-ratelimit-", 0, 20);
    }

    private static void tell(ErrorInput input, String name, Dimension dimension, Clock clock, StatedLimit heard) {
        long remaining = number(input.header(name.formatted("remaining")));
        Duration reset = ResetHeaders.parsed(input.header(name.formatted("reset")), input, clock);
        if (remaining >= 0 && reset != null && !reset.isZero()) {
            long limit = Math.max(0, number(input.header(name.formatted("limit"))));
            heard.rateLimit(dimension, limit, Math.max(1, remaining), reset);
        }
    }

    /** A whole number that can be a limit, else -1. */
    private static long number(@Nullable String text) {
        String digits = text == null ? "" : text.strip();
        if (digits.isEmpty() || digits.length() > 13 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Math.min(MOST, Long.parseLong(digits));
    }
}

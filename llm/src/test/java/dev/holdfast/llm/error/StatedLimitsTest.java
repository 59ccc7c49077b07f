// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.limit.Dimension;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatedLimitsTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-26T12:00:00Z"), ZoneOffset.UTC);

    private record Heard(Dimension dimension, long limit, long remaining, Duration reset) {}

    private static List<Heard> heard(String... namesAndValues) {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        List<Heard> heard = new ArrayList<>();
        StatedLimits.read(
                headers, NOON, (d, limit, remaining, reset) -> heard.add(new Heard(d, limit, remaining, reset)));
        return heard;
    }

    @Test
    void bothDimensionsOfTheFirstFamilyAreHeardInAnyCase() {
        assertThat(heard(
                        "X-RateLimit-Limit-Requests", "60",
                        "x-ratelimit-remaining-requests", "59",
                        "x-ratelimit-reset-requests", "1s",
                        "x-ratelimit-limit-tokens", "150000",
                        "x-ratelimit-remaining-tokens", "149984",
                        "x-ratelimit-reset-tokens", "6m0s"))
                .containsExactlyInAnyOrder(
                        new Heard(Dimension.REQUESTS, 60, 59, Duration.ofSeconds(1)),
                        new Heard(Dimension.TOKENS, 150_000, 149_984, Duration.ofMinutes(6)));
    }

    @Test
    void resetsOfTheSecondFamilyAreMoments() {
        assertThat(heard(
                        "anthropic-ratelimit-requests-limit", "50",
                        "anthropic-ratelimit-requests-remaining", "49",
                        "anthropic-ratelimit-requests-reset", "2026-11-26T12:00:30Z"))
                .containsExactly(new Heard(Dimension.REQUESTS, 50, 49, Duration.ofSeconds(30)));
    }

    @Test
    void emptyRemainderOfAResponseThatWasServedHoldsNobodyForTheWholeReset() {
        assertThat(heard(
                        "anthropic-ratelimit-requests-limit", "50",
                        "anthropic-ratelimit-requests-remaining", "0",
                        "anthropic-ratelimit-requests-reset", "2026-11-26T12:01:00Z"))
                .containsExactly(new Heard(Dimension.REQUESTS, 50, 1, Duration.ofMinutes(1)));
    }

    @Test
    void whatIsIncompleteUnnamedOrNoNumberIsLeftAlone() {
        assertThat(heard("x-ratelimit-remaining", "3", "x-ratelimit-reset", "9"))
                .isEmpty();
        assertThat(heard("x-ratelimit-remaining-requests", "3")).isEmpty();
        assertThat(heard("x-ratelimit-reset-requests", "3s")).isEmpty();
        assertThat(heard("x-ratelimit-remaining-requests", "many", "x-ratelimit-reset-requests", "3s"))
                .isEmpty();
        assertThat(heard("x-ratelimit-remaining-requests", "3", "x-ratelimit-reset-requests", "soon"))
                .isEmpty();
        assertThat(heard("x-ratelimit-remaining-requests", "99999999999999999999", "x-ratelimit-reset-requests", "3s"))
                .isEmpty();
    }

    @Test
    void limitThatIsNotStatedIsZero() {
        assertThat(heard("x-ratelimit-remaining-tokens", "7", "x-ratelimit-reset-tokens", "250ms"))
                .containsExactly(new Heard(Dimension.TOKENS, 0, 7, Duration.ofMillis(250)));
    }
}

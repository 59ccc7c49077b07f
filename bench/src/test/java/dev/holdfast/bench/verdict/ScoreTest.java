// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ScoreTest {
    private final ErrorCase transientIn2s = labelled("rate_limit", "same_target", 2000L);
    private final ErrorCase hopeless = labelled("quota_exhausted", "other_target", null);

    @Test
    void retryingTheHopelessIsUselessAndGivingUpTheTransientIsMissed() {
        Score always = Score.of(fixed(true, 2000), List.of(transientIn2s, hopeless));
        Score never = Score.of(fixed(false, 0), List.of(transientIn2s, hopeless));

        assertThat(always)
                .extracting(Score::right, Score::useless, Score::missed)
                .containsExactly(1, 1, 0);
        assertThat(never)
                .extracting(Score::right, Score::useless, Score::missed)
                .containsExactly(1, 0, 1);
    }

    @Test
    void comingBackSoonerThanToldIsEarlyAndGivingUpWronglyKeepsNothing() {
        assertThat(Score.of(fixed(true, 1998), List.of(transientIn2s)).early()).isEqualTo(1);
        assertThat(Score.of(fixed(true, 1999), List.of(transientIn2s)).kept()).isEqualTo(1);
        assertThat(Score.of(fixed(false, 0), List.of(transientIn2s)).kept()).isZero();
    }

    @Test
    void sendingNothingKeepsAWaitThatIsTooLong() {
        ErrorCase tomorrow = labelled("rate_limit", "other_target", 86_400_000L);

        assertThat(Score.of(fixed(false, 0), List.of(tomorrow)).kept()).isEqualTo(1);
        assertThat(Score.of(fixed(true, 1000), List.of(tomorrow)).early()).isEqualTo(1);
    }

    @Test
    void wordCountsForEveryCategoryThatItMayStandFor() {
        Score score = Score.of(fixed(true, 2000), List.of(transientIn2s, hopeless));

        assertThat(score.named()).isEqualTo(1);
        assertThat(Score.of(fixed(true, 2000), List.of(transientIn2s)).flawless())
                .isTrue();
        assertThat(score.flawless()).isFalse();
    }

    private static ErrorCase labelled(String category, String scope, @Nullable Long waitMs) {
        return ErrorCase.read(JsonMapper.builder()
                .build()
                .createObjectNode()
                .put("transport", "http")
                .put("status", 429)
                .putNull("exception")
                .set(
                        "expected",
                        JsonMapper.builder()
                                .build()
                                .createObjectNode()
                                .put("category", category)
                                .put("retry", scope)
                                .put("retry_after_ms", waitMs))
                .toString());
    }

    private static Judge fixed(boolean retries, long waitMs) {
        return new Judge() {
            @Override
            public String name() {
                return "fixed";
            }

            @Override
            public String basis() {
                return "always the same";
            }

            @Override
            public int kinds() {
                return 1;
            }

            @Override
            public Opinion judge(ErrorCase error) {
                return new Opinion(retries, Duration.ofMillis(waitMs), Set.of(Category.RATE_LIMIT));
            }
        };
    }
}

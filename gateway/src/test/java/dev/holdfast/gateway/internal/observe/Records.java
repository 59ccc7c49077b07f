// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.AttemptReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records of calls for tests. */
public final class Records {
    private Records() {}

    public static CallRecord success(String model, AttemptReport... attempts) {
        return call(model, "success", null, Duration.ofMillis(250), attempts);
    }

    public static CallRecord failure(String model, String code, AttemptReport... attempts) {
        return call(model, "failure", code, null, attempts);
    }

    public static CallRecord call(
            String model,
            String outcome,
            @Nullable String code,
            @Nullable Duration firstContent,
            AttemptReport... attempts) {
        AttemptReport last = attempts.length == 0 ? null : attempts[attempts.length - 1];
        return new CallRecord(
                "c-1",
                1_790_000_000_123L,
                "team-a",
                model,
                "chat",
                firstContent != null,
                outcome.equals("success") ? 200 : 503,
                outcome,
                code,
                last == null ? null : last.target().name(),
                List.of(attempts),
                Duration.ofMillis(20),
                Duration.ofMillis(1500),
                firstContent,
                10,
                25);
    }

    public static AttemptReport good(int number, String target) {
        return attempt(number, target, Outcome.SUCCESS, null, false);
    }

    public static AttemptReport bad(int number, String target, Category category) {
        Failure failure = Failure.of(category, "test", "made up " + category);
        return attempt(
                number,
                target,
                Outcome.FAILURE,
                failure.withCause(new ProviderException(failure, 503, Map.of())),
                false);
    }

    public static AttemptReport attempt(
            int number, String target, Outcome outcome, @Nullable Failure failure, boolean hedge) {
        return new AttemptReport(
                number,
                Target.of(target),
                outcome,
                failure,
                number == 1 ? Duration.ZERO : Duration.ofMillis(20),
                Duration.ofMillis(100),
                false,
                outcome == Outcome.SUCCESS ? 10 : 0,
                outcome == Outcome.SUCCESS ? 25 : 0,
                hedge);
    }
}

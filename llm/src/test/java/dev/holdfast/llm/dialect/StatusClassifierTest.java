// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.error.ErrorInput;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusClassifierTest {
    private final StatusClassifier classifier =
            new StatusClassifier(Clock.fixed(Instant.parse("2030-01-01T00:00:00Z"), ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({
        "400,INVALID_REQUEST",
        "401,AUTH",
        "402,QUOTA_EXHAUSTED",
        "403,PERMISSION",
        "404,NOT_FOUND",
        "405,INVALID_REQUEST",
        "408,TIMEOUT",
        "409,CONFLICT",
        "413,REQUEST_TOO_LARGE",
        "422,INVALID_REQUEST",
        "429,RATE_LIMIT",
        "500,SERVER_ERROR",
        "502,SERVER_ERROR",
        "503,OVERLOADED",
        "504,TIMEOUT",
        "529,OVERLOADED",
        "599,SERVER_ERROR",
        "302,UNKNOWN",
        "200,UNKNOWN"
    })
    void theStatusDecides(int status, Category category) {
        assertThat(classifier.apply(ErrorInput.http("x", status, Map.of(), "")).category())
                .isEqualTo(category);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "250, 9,   -, 250",
                "0,   3,   -, 3000",
                "x,   3,   -, 3000",
                "-,   1.5, -, 1500",
                "-,   0,   -, 0",
                "-,   -1,  -, -",
                "-,   soon, -, -",
                "-,   1e99, -, -",
                "-,   NaN, -, -",
                "-,   'Tue, 01 Jan 2030 00:00:10 GMT', -, 10000",
                "-,   'Tue, 01 Jan 2030 00:00:10 GMT', 'Tue, 01 Jan 2030 00:00:04 GMT', 6000",
                "-,   'Tue, 01 Jan 2030 00:00:10 GMT', 'Tue, 01 Jan 2030 00:01:00 GMT', 0",
                "-,   'Tue, 01 Jan 2030 00:00:10 GMT', 'not a date', 10000"
            })
    void theWaitIsRead(@Nullable String millis, String retryAfter, @Nullable String date, @Nullable Long expected) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Retry-After", List.of(retryAfter));
        if (millis != null) {
            headers.put("Retry-After-Ms", List.of(millis));
        }
        if (date != null) {
            headers.put("Date", List.of(date));
        }

        Failure failure = classifier.apply(ErrorInput.http("x", 429, headers, ""));

        assertThat(failure.hint()).isEqualTo(expected == null ? null : Duration.ofMillis(expected));
    }
}

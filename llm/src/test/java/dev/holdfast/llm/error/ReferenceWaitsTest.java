// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The waits of a 429 as the reference system reads them, HIVE-RA-04 to 15, in their improved form. */
class ReferenceWaitsTest {
    private static final String NOW = "Sun, 22 Nov 2026 02:00:00 GMT";

    @ParameterizedTest(name = "{0}: ms={1} s={2} gives {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "HIVE-RA-04, 5000,    -,   5000",
                "HIVE-RA-05, 1500,    -,   1500",
                "HIVE-RA-06, -,       3,   3000",
                "HIVE-RA-07, -,       2.5, 2500",
                "HIVE-RA-08, 2000,    10,  2000",
                "HIVE-RA-09, -,       'Sun, 22 Nov 2026 02:00:05 GMT', 5000",
                "HIVE-RA-10, -,       -,   -",
                // a negative wait is no wait stated, so that the backoff holds; the reference comes back at once
                "HIVE-RA-12, -,       -5,  -",
                "HIVE-RA-13, -1000,   -,   -",
                "HIVE-RA-14, -,       soon, -",
                "HIVE-RA-15, garbage, 7,   7000",
            })
    void aStatedWaitIsReadFromItsHeaders(String id, String millis, String seconds, Long expectedMillis) {
        Map<String, List<String>> headers = new java.util.HashMap<>(Map.of("date", List.of(NOW)));
        if (millis != null) {
            headers.put("retry-after-ms", List.of(millis));
        }
        if (seconds != null) {
            headers.put("retry-after", List.of(seconds));
        }

        Duration hint = ProviderErrorClassifier.create()
                .classify(ErrorInput.http("openai", 429, headers, ""))
                .hint();

        assertThat(hint).as(id).isEqualTo(expectedMillis == null ? null : Duration.ofMillis(expectedMillis));
    }
}

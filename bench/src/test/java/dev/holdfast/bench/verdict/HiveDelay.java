// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Hive's wait before its first retry: what a header states, else 2 s; never more than 120 s. */
final class HiveDelay {
    private static final Duration BASE = Duration.ofSeconds(2);
    private static final Duration CAP = Duration.ofSeconds(120);

    private HiveDelay() {}

    static Duration first(ErrorCase error) {
        Duration stated = number(error.header("retry-after-ms"), 1);
        if (stated == null) {
            stated = number(error.header("retry-after"), 1000);
        }
        if (stated == null) {
            stated = date(error.header("retry-after"), error);
        }
        Duration wait = stated == null ? BASE : stated;
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(CAP) > 0 ? CAP : wait;
    }

    private static @Nullable Duration number(@Nullable String text, double unitMillis) {
        try {
            return text == null ? null : Duration.ofMillis(Math.round(Double.parseDouble(text) * unitMillis));
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private static @Nullable Duration date(@Nullable String text, ErrorCase error) {
        try {
            return text == null
                    ? null
                    : Duration.between(
                            error.clock().instant(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException notADate) {
            return null;
        }
    }
}

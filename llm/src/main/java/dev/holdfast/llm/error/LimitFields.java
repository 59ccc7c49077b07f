// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Fields of error bodies that speak of waits and limits. Keys are in lower case. */
final class LimitFields {
    private LimitFields() {}

    /** Reads the field; its key is one of {@link ErrorKeys.Role#LIMIT}. */
    static void read(String key, JsonNode value, ErrorFields fields) {
        switch (key) {
            case "retrydelay" -> fields.offerWait(retryDelay(value));
            case "estimated_time",
                    "resets_in_seconds",
                    "retry_after",
                    "retryafter",
                    "retry_after_seconds",
                    "retryafterseconds",
                    "retry_after_secs",
                    "retry_in",
                    "wait_seconds" -> fields.offerWait(duration(value));
            case "retry_after_ms", "retryafterms" -> fields.offerWait(DurationText.ofMillis(value.asString("")));
            case "quotaid" -> readWindow(value.asString(""), fields);
            case "quotavalue", "quota_limit_value" -> {
                if (value.asString("").equals("0")) {
                    fields.set(Fact.ZERO_LIMIT);
                }
            }
            case "headers" -> readHeaders(value, fields);
            default -> throw new IllegalArgumentException("no field of waits and limits: " + key);
        }
    }

    /** The window that a quota's name tells: {@code …PerDayPerProject…}. */
    static void readWindow(String quotaId, ErrorFields fields) {
        if (quotaId.contains("PerDay") || quotaId.contains("PerMonth")) {
            fields.set(Fact.DAILY);
        }
    }

    private static void readHeaders(JsonNode headers, ErrorFields fields) {
        if (headers.isObject()) {
            for (Map.Entry<String, JsonNode> header : headers.properties()) {
                fields.addInnerHeader(header.getKey(), header.getValue().asString(""));
            }
        }
    }

    /** RetryInfo of google.rpc: {@code "48s"}, or the protobuf object with seconds and nanos. */
    private static @Nullable Duration retryDelay(JsonNode value) {
        if (!value.isObject()) {
            return duration(value);
        }
        Duration seconds = DurationText.ofSeconds(value.path("seconds").asString("0"));
        long nanos = value.path("nanos").asLong(0);
        return seconds == null || nanos < 0 || nanos > 999_999_999 ? seconds : seconds.plusNanos(nanos);
    }

    private static @Nullable Duration duration(JsonNode value) {
        return value.isString() || value.isNumber() ? DurationText.secondsOrUnits(value.asString("")) : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.reply;

import dev.holdfast.simulator.internal.behaviour.RetryHint;
import dev.holdfast.simulator.internal.wire.ErrorBody;
import io.netty.handler.codec.DateFormatter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An error status with its body and the wait that it states. */
public final class Refusal {
    private Refusal() {}

    public static List<Step> of(int status, ErrorBody error, RetryHint hint, Clock clock) {
        Map<String, String> headers = new LinkedHashMap<>(error.headers());
        headers.putAll(headers(hint, clock));
        byte[] body = error.body().getBytes(StandardCharsets.UTF_8);
        return List.of(
                new Step.Head(status, error.contentType(), headers, body.length),
                new Step.Bytes(body, 0),
                new Step.End());
    }

    private static Map<String, String> headers(RetryHint hint, Clock clock) {
        if (hint instanceof RetryHint.Seconds s) {
            return Map.of(
                    "retry-after",
                    BigDecimal.valueOf(s.seconds()).stripTrailingZeros().toPlainString());
        }
        if (hint instanceof RetryHint.Millis ms) {
            return Map.of("retry-after-ms", Long.toString(ms.millis()));
        }
        if (hint instanceof RetryHint.Date date) {
            return Map.of("retry-after", DateFormatter.format(new Date(clock.millis() + date.secondsAhead() * 1000)));
        }
        return Map.of();
    }
}

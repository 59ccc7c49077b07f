// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import java.time.Duration;
import java.util.Objects;

/**
 * The one absolute, monotonic moment when a call must be over. Immutable.
 *
 * @param ticker whose scale {@code atNanos} is on
 * @param atNanos the moment; {@link Long#MAX_VALUE} for never
 */
public record Deadline(Ticker ticker, long atNanos) {
    public Deadline {
        Objects.requireNonNull(ticker, "ticker");
    }

    /** The deadline this long from now; a duration beyond 292 years means never. */
    public static Deadline in(Duration duration, Ticker ticker) {
        return new Deadline(ticker, Nanos.add(ticker.nanos(), Nanos.of(duration)));
    }

    public static Deadline never(Ticker ticker) {
        return new Deadline(ticker, Long.MAX_VALUE);
    }

    /** What is left, zero when it has passed, {@link Long#MAX_VALUE} nanoseconds for never. */
    public Duration left() {
        return Duration.ofNanos(Nanos.left(atNanos, ticker.nanos()));
    }
}

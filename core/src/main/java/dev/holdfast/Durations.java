// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.time.Duration;
import java.util.Locale;

/** Durations in messages for people: {@code 250 ms}, {@code 1.2 s}, {@code 3 min 5 s}. */
final class Durations {
    private Durations() {}

    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            double seconds = millis / 1_000.0;
            return String.format(Locale.ROOT, millis % 1_000 == 0 ? "%.0f s" : "%.1f s", seconds);
        }
        long seconds = duration.toSeconds() % 60;
        return duration.toMinutes() + " min" + (seconds == 0 ? "" : " " + seconds + " s");
    }
}

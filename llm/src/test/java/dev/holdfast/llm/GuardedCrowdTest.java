// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many guarded streams at once under faults drawn by chance: each ends once and truly, and nothing is left. */
@Timeout(180)
class GuardedCrowdTest {
    private static final int STREAMS = 500;
    private static final List<String> FAULTS = List.of(
            "ok",
            "ok",
            "tokens=100",
            "fail=1",
            "500",
            "429,retry-after-ms=10",
            "refuse",
            "reset",
            "cut",
            "cut,after=10",
            "error-first",
            "meta-then-error",
            "error-mid",
            "no-terminal",
            "empty",
            "malformed",
            "stall",
            "hang",
            "ttft=30",
            "400");

    @Test
    void everyStreamEndsOnceAndNothingIsLeft() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        RequestTimeouts patience =
                new RequestTimeouts(Duration.ofSeconds(20), null, Duration.ofSeconds(1), Duration.ofSeconds(1), null);
        try (Guarded guarded = new Guarded(config -> config.withMaxAttempts(3))) {
            List<Reading> readings = new ArrayList<>();
            List<Reading> left = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                Llm llm = guarded.llm(model(random, "sim/"), model(random, "sim-anthropic/"));
                Reading reading = Reading.all(llm.stream(LlmRequest.of("Hello").withTimeouts(patience)));
                if (random.nextInt(4) == 0) {
                    left.add(reading);
                    CompletableFuture.runAsync(
                            reading::cancel,
                            CompletableFuture.delayedExecutor(random.nextInt(200), TimeUnit.MILLISECONDS));
                } else {
                    readings.add(reading);
                }
            }

            for (Reading reading : readings) {
                StreamEvent end = reading.end();
                if (end instanceof StreamEvent.Finish finish) {
                    assertThat(finish.response().text()).as("seed %d", seed).isEqualTo(reading.text());
                    String answered = finish.response().report().attempts().stream()
                            .reduce((first, last) -> last)
                            .orElseThrow()
                            .target()
                            .name();
                    assertThat(reading.text()).as("seed %d", seed).isEqualTo(Simulator.textOf(answered));
                } else {
                    assertThat(((StreamEvent.Error) end).textSoFar())
                            .as("seed %d", seed)
                            .isEqualTo(reading.text());
                }
            }
            guarded.assertNothingIsLeft();
            for (Reading reading : left) {
                assertThat(reading.events.stream()
                                .filter(StreamEvent::isTerminal)
                                .count())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(1);
            }
        }
    }

    private static String model(Random random, String provider) {
        return provider + FAULTS.get(random.nextInt(FAULTS.size()));
    }
}

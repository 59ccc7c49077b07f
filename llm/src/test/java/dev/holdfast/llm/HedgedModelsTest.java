// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HedgeConfig;
import dev.holdfast.failure.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets, because what is shown is that the slow request is really given up: the server sees its client leave. */
@Timeout(120)
class HedgedModelsTest {
    private static final Duration SOON = Duration.ofMillis(150);

    private static Guarded hedged() throws IOException {
        return new Guarded(config -> config.withHedge(HedgeConfig.after(SOON)));
    }

    @Test
    void plainAnswerComesFromTheHedgeAndTheSlowRequestIsCancelled() throws Exception {
        try (Guarded guarded = hedged()) {
            LlmResponse response =
                    guarded.llm("sim/ttft=20000", "sim/ok").complete("Hello").get(15, TimeUnit.SECONDS);

            assertThat(response.report().attempts())
                    .extracting(attempt -> attempt.outcome())
                    .containsExactly(Outcome.CANCELLED, Outcome.SUCCESS);
            Guarded.await(
                    "the slow server has seen its client leave",
                    () -> guarded.simulator.stats().cancelled() == 1);
            assertThat(guarded.requests()).isEqualTo(2);
        }
    }

    @Test
    void streamComesFromTheOneThatSpeaksFirstAndIsOneWholeStream() throws Exception {
        try (Guarded guarded = hedged()) {
            Reading reading = Reading.all(guarded.llm("sim/ttft=20000", "sim/ok").stream("Hello"));

            StreamEvent last = reading.end();

            assertThat(last).isInstanceOfSatisfying(StreamEvent.Finish.class, finish -> assertThat(
                            finish.response().text())
                    .isNotBlank());
            Guarded.await(
                    "the slow server has seen its client leave",
                    () -> guarded.simulator.stats().cancelled() == 1);
        }
    }

    @Test
    void answerInTimeIsNotHedged() throws Exception {
        try (Guarded guarded = new Guarded(config -> config.withHedge(HedgeConfig.after(Duration.ofSeconds(20))))) {
            guarded.llm("sim/ok", "sim/tokens=5").complete("Hello").get(15, TimeUnit.SECONDS);

            assertThat(guarded.requests()).isEqualTo(1);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.PageSnippets;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** OpenTelemetry's part of docs/telemetry.md, and whether the page shows what runs here and beside Micrometer. */
@Timeout(120)
class TelemetryPageTest {
    @Test
    void followingModels() {
        Llm llm = Llm.builder()
                .provider(MockProvider.of(MockAnswer.text("Hello")))
                .holdfast(Holdfast.builder().build())
                .build();
        try (Recorded recorded = new Recorded()) {
            OpenTelemetry openTelemetry = recorded.sdk;

            Runnable stop = HoldfastTelemetry.create(openTelemetry).follow(llm);

            llm.blocking().complete("Hi");
            stop.run();
            llm.blocking().complete("Hi again");
            assertThat(recorded.spans()).hasSize(2);
            recorded.assertNoneOpen();
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePageRuns() throws IOException {
        PageSnippets.assertRun(
                "docs/telemetry.md",
                6,
                "integrations/opentelemetry/src/test/java/dev/holdfast/opentelemetry/TelemetryPageTest.java",
                "integrations/micrometer/src/test/java/dev/holdfast/micrometer/TelemetryPageTest.java");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.storm.Laboratory;
import dev.holdfast.storm.StormOptions;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.EngineResult.Series;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.time.VirtualTime;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StormRunTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** One scenario, one engine, one demand. */
    private record Fake(boolean holds, boolean interrupted) implements Laboratory {
        @Override
        public List<String> scenarios() {
            return List.of("squall");
        }

        @Override
        public List<String> engines() {
            return List.of("holdfast");
        }

        @Override
        public StormResult run(StormOptions options, Progress progress) throws InterruptedException {
            progress.started("squall", "holdfast", 1, 1);
            if (interrupted) {
                throw new InterruptedException();
            }
            EngineResult engine = new EngineResult(
                    "holdfast",
                    "Holdfast",
                    1,
                    1,
                    0,
                    0,
                    1,
                    1,
                    null,
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    Duration.ZERO,
                    0,
                    0,
                    0,
                    List.of(),
                    new Series(List.of(1L), List.of(1L), List.of(1.0), List.of(1.0)),
                    List.of(new Check("calm", "wet", holds)),
                    null);
            ScenarioResult scenario = new ScenarioResult(
                    "squall",
                    "It blows for a while and then some more, so that the line is long enough to be wrapped.",
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    List.of("a"),
                    null,
                    List.of(),
                    List.of(1L),
                    List.of(1.0),
                    List.of(engine));
            return new StormResult(
                    options.command(),
                    options.seed(),
                    options.form(),
                    1,
                    List.of(),
                    Map.of(),
                    options.settings(),
                    List.of(scenario));
        }
    }

    private int run(Laboratory laboratory, boolean strict, @Nullable String columns) throws Exception {
        Surroundings around = new Surroundings(
                name -> name.equals("COLUMNS") ? columns : null, new ByteArrayInputStream(new byte[0]));
        return new StormRun(laboratory, new PrintWriter(out), new PrintWriter(err), around)
                .run(new StormRun.Wish(
                        List.of(),
                        List.of(),
                        false,
                        1,
                        1,
                        1,
                        ResilienceConfig.defaults(),
                        List.of(),
                        "holdfast storm",
                        null,
                        false,
                        strict));
    }

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void stormsThatHaveRunAreASuccessWhateverTheyFound() throws Exception {
        assertThat(run(new Fake(false, false), false, null)).isZero();

        assertThat(out.toString())
                .contains("squall: It blows", "goodput", "✗ Holdfast: calm, found wet", "demands that hold: 0 of 1")
                .doesNotContain("\u001B");
        assertThat(err.toString().lines()).startsWith("storm 1/1 squall, holdfast");
    }

    @Test
    void aDemandThatFailsIsOneWhereItIsAskedFor() throws Exception {
        assertThat(run(new Fake(false, false), true, null)).isEqualTo(1);

        assertThat(err.toString()).contains("1 demand fails; the lines with ✗ say which");
    }

    @Test
    void everyDemandMetIsZeroThenToo() throws Exception {
        assertThat(run(new Fake(true, false), true, null)).isZero();

        assertThat(out.toString()).contains("demands that hold: 1 of 1").doesNotContain("✗");
    }

    @Test
    void anInterruptIsOneHundredAndThirty() throws Exception {
        assertThat(run(new Fake(true, true), false, null)).isEqualTo(130);

        assertThat(out.toString()).isEmpty();
    }

    @Test
    void tablesKeepToTheWidthThatTheShellTells() throws Exception {
        run(new Fake(true, false), false, "44");

        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(44));
    }

    @Test
    void onATerminalALineTellsItsTimeAtTheEnd() {
        VirtualTime time = new VirtualTime(1);
        try (StormProgress progress = new StormProgress(new PrintWriter(err), true, time)) {
            progress.started("squall", "none", 1, 2);
            time.advance(Duration.ofMillis(1_500));
            progress.started("squall", "holdfast", 2, 2);
            time.advance(Duration.ofMillis(200));
        }

        assertThat(err.toString().replace(System.lineSeparator(), "|"))
                .isEqualTo("storm 1/2 squall, none …\rstorm 1/2 squall, none: 1.5 s|"
                        + "storm 2/2 squall, holdfast …\rstorm 2/2 squall, holdfast: 200 ms|");
    }
}

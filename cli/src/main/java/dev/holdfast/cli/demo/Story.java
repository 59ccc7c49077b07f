// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli.demo;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What happens to the providers, turn by turn, again and again. */
final class Story implements AutoCloseable {
    /** A provider that is well: an answer begins within a second and is spoken at a human pace; one call in a hundred fails. */
    private static final String WELL = """
            latency: { distribution: lognormal, median: 350ms, p99: 1200ms }
            rate: 60
            errors: [{ share: 0.01, behaviour: 500 }]
            """;

    private static final String OUTAGE = "outages: [{ to: 1h, behaviour: 503 }]\n";
    private static final String LIMITED = WELL + "capacity: { rate: 2, burst: 2, behaviour: \"429,retry-after=4\" }\n";
    private static final String HANGS = "outages: [{ to: 1h, behaviour: hang }]\n";

    /** One turn: so long after the one before it, this provider becomes so. */
    private record Turn(Duration after, boolean openAi, String scenario, String line) {}

    private static final List<Turn> TURNS = List.of(
            new Turn(
                    Duration.ofSeconds(15),
                    true,
                    OUTAGE,
                    "gpt fails every call: its circuit opens, calls go to claude"),
            new Turn(Duration.ofSeconds(30), true, WELL, "gpt is back: a probe finds out, the load returns in rounds"),
            new Turn(Duration.ofSeconds(35), true, LIMITED, "gpt limits its rate: it is paused as long as it says"),
            new Turn(Duration.ofSeconds(25), true, WELL, "gpt has lifted its limit"),
            new Turn(Duration.ofSeconds(20), false, HANGS, "claude accepts calls and never answers: they go to gpt"),
            new Turn(Duration.ofSeconds(30), false, WELL, "claude is back"),
            new Turn(Duration.ofSeconds(25), true, WELL, "all is well; the story begins again"));

    private final Simulator openAi;
    private final Simulator anthropic;
    private final Consumer<String> told;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "holdfast-demo");
        thread.setDaemon(true);
        return thread;
    });

    private Story(Simulator openAi, Simulator anthropic, Consumer<String> told) {
        this.openAi = openAi;
        this.anthropic = anthropic;
        this.told = told;
    }

    static Story begin(Simulator openAi, Simulator anthropic, Consumer<String> told) {
        Story story = new Story(openAi, anthropic, told);
        openAi.scenario(Scenario.parse(WELL));
        anthropic.scenario(Scenario.parse(WELL));
        told.accept("demo: clients call gpt and, if need be, claude; watch the dashboard");
        story.next(0);
        return story;
    }

    private void next(int index) {
        Turn turn = TURNS.get(index);
        clock.schedule(
                () -> {
                    (turn.openAi() ? openAi : anthropic).scenario(Scenario.parse(turn.scenario()));
                    told.accept("demo: " + turn.line());
                    next((index + 1) % TURNS.size());
                },
                turn.after().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}

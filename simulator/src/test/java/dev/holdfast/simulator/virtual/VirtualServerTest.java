// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/** The simulator's rules, in time that stands still until it is moved. */
class VirtualServerTest {
    private static final long MILLI = 1_000_000;

    private record Task(long atNanos, Runnable work) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>((a, b) -> Long.compare(a.atNanos, b.atNanos));
    private final List<String> seen = new ArrayList<>();
    private long now;

    @Test
    void answersTakeTheirLatencyAndTheTimeOfTheirTokens() {
        VirtualServer server = server("latency: 200ms\nrate: 100");

        server.ask("ok", this::note);
        advance(399);
        assertThat(seen).isEmpty();
        advance(1);

        assertThat(seen).containsExactly("200 whole");
        assertThat(server.tokensBilled()).isEqualTo(VirtualServer.tokensOf("ok"));
        assertThat(server.open()).isZero();
    }

    @Test
    void thoseWhoFindAllPlacesTakenWaitForTheirTurn() {
        VirtualServer server = server("concurrency: { limit: 1, queue: 1 }\nlatency: 100ms");

        for (int i = 0; i < 3; i++) {
            server.ask("ok", this::note);
        }
        assertThat(seen).containsExactly("503");
        advance(100);
        assertThat(seen).containsExactly("503", "200 whole");
        advance(100);

        assertThat(seen).containsExactly("503", "200 whole", "200 whole");
        assertThat(server.requests()).isEqualTo(3);
        assertThat(server.open()).isZero();
    }

    @Test
    void whoLeavesGivesThePlaceToTheNextAndHearsNothing() {
        VirtualServer server = server("concurrency: { limit: 1, queue: 9 }\nlatency: 100ms");
        VirtualServer.Visit served = server.ask("ok", this::note);
        server.ask("ok", this::note);

        advance(50);
        served.leave();
        served.leave();
        advance(100);

        assertThat(seen).containsExactly("200 whole");
        assertThat(server.tokensBilled()).isEqualTo(VirtualServer.tokensOf("ok"));
        assertThat(server.open()).isZero();
    }

    @Test
    void whatHangsEndsWhenTheClientLeaves() {
        VirtualServer server = server("outages: [{ from: 0s, to: 1s, behaviour: hang }]");

        VirtualServer.Visit visit = server.ask("ok", this::note);
        advance(60_000);
        assertThat(server.open()).isEqualTo(1);
        visit.leave();

        assertThat(seen).isEmpty();
        assertThat(server.open()).isZero();
    }

    @Test
    void answersThatBreakOffAreNotWholeAndErrorsStateTheirWait() {
        VirtualServer server = server("");

        server.ask("cut,after=5", this::note);
        server.ask("refuse", this::note);
        server.ask("429,retry-after=2", this::note);
        server.ask("no-terminal", this::note);

        assertThat(seen).containsExactly("200", "0", "429 in 2000 ms", "200");
    }

    private VirtualServer server(String script) {
        return new VirtualServer(Scenario.parse(script.isEmpty() ? "{}" : script), () -> now, (at, work) -> {
            Task task = new Task(at, work);
            tasks.add(task);
            return () -> tasks.remove(task);
        });
    }

    private void note(Reply reply) {
        Duration hint = reply.hint();
        seen.add(reply.status()
                + (reply.whole() ? " whole" : "")
                + (hint == null ? "" : " in " + hint.toMillis() + " ms"));
    }

    private void advance(long millis) {
        long end = now + millis * MILLI;
        for (Task next = tasks.peek(); next != null && next.atNanos <= end; next = tasks.peek()) {
            tasks.remove();
            now = next.atNanos;
            next.work.run();
        }
        now = end;
    }
}

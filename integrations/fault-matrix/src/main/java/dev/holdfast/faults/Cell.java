// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import dev.holdfast.failure.Classified;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One fault met by one client.
 *
 * @param tries requests that the server saw
 * @param shortestGapMillis between two of them; -1 where there was no second
 * @param keys how many different idempotency keys they carried; 0 for none
 * @param millis until the caller knew; -1 if it did not
 */
public record Cell(
        Fault fault,
        int tries,
        long shortestGapMillis,
        long keys,
        long millis,
        int completions,
        int errors,
        boolean whole,
        @Nullable Throwable error) {

    /** A call that says nothing for so long counts as hanging. */
    static final long PATIENCE_MILLIS = 12_000;

    /** How long a second end is waited for. */
    private static final long AFTERMATH_MILLIS = 300;

    private static final AtomicInteger CELLS = new AtomicInteger();

    /** Runs the cell; takes a little more than {@value #PATIENCE_MILLIS} ms at the most. */
    static Cell run(FaultServer server, Fault fault, Subject subject) throws InterruptedException {
        String model = fault.name() + "-" + CELLS.incrementAndGet();
        Heard heard = new Heard();
        long start = System.nanoTime();
        Thread caller = new Thread(
                () -> {
                    try {
                        subject.ask(model, fault.stream(), heard);
                    } catch (Throwable thrown) {
                        heard.error(thrown);
                    }
                },
                "caller-" + model);
        caller.setDaemon(true);
        caller.start();
        boolean ended = heard.await(PATIENCE_MILLIS);
        if (ended) {
            heard.awaitAnother(AFTERMATH_MILLIS);
        }
        List<FaultServer.Arrival> arrivals = server.arrivals(model);
        return new Cell(
                fault,
                arrivals.size(),
                shortestGap(arrivals),
                arrivals.stream()
                        .map(FaultServer.Arrival::key)
                        .filter(key -> !key.isEmpty())
                        .distinct()
                        .count(),
                ended ? (heard.endNanos() - start) / 1_000_000 : -1,
                heard.completions(),
                heard.errors(),
                heard.text().equals(Wire.TEXT),
                heard.error());
    }

    private static long shortestGap(List<FaultServer.Arrival> arrivals) {
        long shortest = -1;
        for (int i = 1; i < arrivals.size(); i++) {
            long gap = (arrivals.get(i).nanos() - arrivals.get(i - 1).nanos()) / 1_000_000;
            shortest = shortest < 0 ? gap : Math.min(shortest, gap);
        }
        return shortest;
    }

    /** What does not change from run to run. */
    public String facts() {
        return tries + (tries == 1 ? " try, " : " tries, ") + end();
    }

    /** What is wrong with this as the cell of a guarded call; empty for nothing. */
    public String wrong() {
        StringBuilder wrong = new StringBuilder();
        if (completions + errors != 1) {
            wrong.append("it has ").append(completions + errors).append(" ends; ");
        }
        if ((completions == 1) != (fault.end() == Fault.End.ANSWER)) {
            wrong.append("it ends in the wrong way; ");
        }
        if (completions > 0 && !whole) {
            wrong.append("a part is taken for the whole; ");
        }
        if (tries != fault.tries()) {
            wrong.append("it makes ")
                    .append(tries)
                    .append(" requests, not ")
                    .append(fault.tries())
                    .append("; ");
        }
        if (tries > 1 && shortestGapMillis < fault.gapMillis()) {
            wrong.append("it comes back after ").append(shortestGapMillis).append(" ms; ");
        }
        return wrong.toString();
    }

    /** The facts, and how long it took. */
    public String told() {
        return facts() + (millis < 0 ? "" : " · " + String.format(Locale.ROOT, "%.1f s", millis / 1000.0));
    }

    private String end() {
        if (completions + errors == 0) {
            return fault.stream() ? "**no callback in 12 s**" : "**still blocked after 12 s**";
        }
        if (completions + errors > 1) {
            return "**" + errors + " × error and " + completions + " × complete**";
        }
        if (completions == 1) {
            return whole ? "answer" : "**complete, but the answer is not whole**";
        }
        return "error `" + name() + "`";
    }

    private String name() {
        Throwable thrown = error;
        if (thrown == null) {
            return "unknown";
        }
        String category = thrown instanceof Classified classified
                ? " " + classified.failure().category().word()
                : "";
        return thrown.getClass().getSimpleName() + category;
    }
}

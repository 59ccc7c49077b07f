// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import dev.holdfast.simulator.stats.SimulatorStats;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts model calls. Thread-safe. A reset starts a new page; what was in flight then goes on counting on the old one,
 * so that a late end never disturbs the new counts. Only {@code open} spans pages.
 */
final class Ledger {
    private static final int MOST_MODELS = 10_000;
    private static final int MOST_CALLS = 200_000;
    private static final int MOST_STATUSES = 1000;
    private static final String OTHER = "(other)";

    private final AtomicInteger open = new AtomicInteger();
    private volatile Page page = new Page();

    /** A model call has arrived; {@code callId} is its call's. */
    Visit begin(String callId) {
        return new Visit(page, callId);
    }

    void reset() {
        page = new Page();
    }

    SimulatorStats stats() {
        Page now = page;
        return new SimulatorStats(
                now.requests.sum(),
                now.byStatus.snapshot(),
                now.models(),
                now.calls.snapshot(),
                now.callsNotListed.sum(),
                now.tokensBilled.sum(),
                now.cancelled.sum(),
                now.noStatus.sum(),
                open.get());
    }

    private static final class Page {
        private final LongAdder requests = new LongAdder();
        private final LongAdder callsNotListed = new LongAdder();
        private final LongAdder tokensBilled = new LongAdder();
        private final LongAdder cancelled = new LongAdder();
        private final LongAdder noStatus = new LongAdder();
        private final LongAdder otherModels = new LongAdder();
        private final Counts<Integer> byStatus = new Counts<>(MOST_STATUSES);
        private final Counts<String> byModel = new Counts<>(MOST_MODELS);
        private final Counts<String> calls = new Counts<>(MOST_CALLS);

        private Map<String, Long> models() {
            Map<String, Long> models = byModel.snapshot();
            if (otherModels.sum() > 0) {
                models.merge(OTHER, otherModels.sum(), Long::sum);
            }
            return models;
        }
    }

    /** One model call in flight. Used by one thread at a time; ends once. */
    final class Visit {
        private final Page page;
        private boolean answered;
        private boolean over;

        private Visit(Page page, String callId) {
            this.page = page;
            open.incrementAndGet();
            page.requests.increment();
            if (!page.calls.add(callId)) {
                page.callsNotListed.increment();
            }
        }

        void model(String model) {
            if (!page.byModel.add(model)) {
                page.otherModels.increment();
            }
        }

        void status(int status) {
            answered = true;
            page.byStatus.add(status);
        }

        void billed(int tokens) {
            page.tokensBilled.add(tokens);
        }

        void end() {
            over(false);
        }

        void cancelled() {
            over(true);
        }

        private void over(boolean left) {
            if (over) {
                return;
            }
            over = true;
            if (left) {
                page.cancelled.increment();
            }
            if (!answered) {
                page.noStatus.increment();
            }
            open.decrementAndGet();
        }
    }
}

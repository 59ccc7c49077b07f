// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

/** What the control paths do. Thread-safe. */
final class Control {
    private final Ledger ledger;
    private final FailCounters failures;

    Control(Ledger ledger, FailCounters failures) {
        this.ledger = ledger;
        this.failures = failures;
    }

    String stats() {
        return StatsJson.of(ledger.stats());
    }

    /** Counts and first failures start again; what is in flight goes on. */
    String reset() {
        ledger.reset();
        failures.reset();
        return stats();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import dev.holdfast.simulator.internal.load.ScenarioRun;
import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.simulator.stats.SimulatorStats;

/** Everything that outlives a request: counts, first failures, the running scenario. Thread-safe. */
final class Control {
    private final Ledger ledger = new Ledger();
    private final FailCounters failures = new FailCounters();
    private volatile ScenarioRun run;

    Control(Scenario scenario) {
        run = new ScenarioRun(scenario, System.nanoTime());
    }

    Ledger ledger() {
        return ledger;
    }

    FailCounters failures() {
        return failures;
    }

    /** The scenario at work. A request that arrived under one leaves that one, whatever runs by then. */
    ScenarioRun run() {
        return run;
    }

    SimulatorStats stats() {
        return ledger.stats();
    }

    /** Another scenario, from its start. */
    void scenario(Scenario scenario) {
        run = new ScenarioRun(scenario, System.nanoTime());
    }

    /** Counts, first failures and the scenario start again; what is in flight goes on. */
    void reset() {
        ledger.reset();
        failures.reset();
        scenario(run.scenario());
    }
}

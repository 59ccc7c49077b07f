// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import dev.holdfast.simulator.scenario.Scenario;
import java.util.Objects;

/**
 * Where a simulator listens. Immutable.
 *
 * @param host name or address to bind, {@code 127.0.0.1} by default
 * @param port TCP port, 0 (the default) for any free one
 * @param scenario what changes over time, from the start on; {@link Scenario#none()} by default
 */
public record SimulatorOptions(String host, int port, Scenario scenario) {
    private static final int LAST_PORT = 65_535;

    public SimulatorOptions {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(scenario, "scenario");
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("port must be from 0 to " + LAST_PORT + ", not " + port);
        }
    }

    /** Loopback, any free port. */
    public static SimulatorOptions defaults() {
        return new SimulatorOptions("127.0.0.1", 0, Scenario.none());
    }

    public SimulatorOptions withHost(String otherHost) {
        return new SimulatorOptions(otherHost, port, scenario);
    }

    public SimulatorOptions withPort(int otherPort) {
        return new SimulatorOptions(host, otherPort, scenario);
    }

    public SimulatorOptions withScenario(Scenario otherScenario) {
        return new SimulatorOptions(host, port, otherScenario);
    }
}

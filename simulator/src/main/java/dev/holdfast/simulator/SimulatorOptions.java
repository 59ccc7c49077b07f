// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import java.util.Objects;

/**
 * Where a simulator listens. Immutable.
 *
 * @param host name or address to bind, {@code 127.0.0.1} by default
 * @param port TCP port, 0 (the default) for any free one
 */
public record SimulatorOptions(String host, int port) {
    private static final int LAST_PORT = 65_535;

    public SimulatorOptions {
        Objects.requireNonNull(host, "host");
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("port must be from 0 to " + LAST_PORT + ", not " + port);
        }
    }

    /** Loopback, any free port. */
    public static SimulatorOptions defaults() {
        return new SimulatorOptions("127.0.0.1", 0);
    }

    public SimulatorOptions withHost(String otherHost) {
        return new SimulatorOptions(otherHost, port);
    }

    public SimulatorOptions withPort(int otherPort) {
        return new SimulatorOptions(host, otherPort);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.ResilienceConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway is started with. Immutable.
 *
 * @param config the configuration file; null for none: then every provider whose key is in the environment can be called, and
 *     the simulator
 * @param environment gives variables by name, null for those not set
 * @param host where to listen, whatever the file says; null leaves it to the file
 * @param port where to listen, whatever the file says, 0 for any free one; null leaves it to the file
 * @param defaults what policies do not state
 * @param simulator where the simulator answers, without a path, started and stopped by the caller; needed where there is no
 *     file, else null will do
 * @param version what the gateway calls itself to its operators
 * @param threads event loops; 0 for one per processor
 * @param clock dates of records and answers
 */
public record GatewayOptions(
        @Nullable Path config,
        Function<String, @Nullable String> environment,
        @Nullable String host,
        @Nullable Integer port,
        ResilienceConfig defaults,
        @Nullable URI simulator,
        String version,
        int threads,
        Clock clock) {

    public GatewayOptions {
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(defaults, "defaults");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(clock, "clock");
        if (threads < 0) {
            throw new IllegalArgumentException("threads must not be negative: " + threads);
        }
        if (config == null && simulator == null) {
            throw new IllegalArgumentException("without a configuration file the simulator's address is needed");
        }
    }

    /** By a configuration file, everything else as usual. */
    public static GatewayOptions file(Path config) {
        return of(config, null);
    }

    /** Without a configuration file: what the environment has keys for, and the simulator at this address. */
    public static GatewayOptions withoutFile(URI simulator) {
        return of(null, simulator);
    }

    private static GatewayOptions of(@Nullable Path config, @Nullable URI simulator) {
        return new GatewayOptions(
                config,
                System::getenv,
                null,
                null,
                ResilienceConfig.defaults(),
                simulator,
                "dev",
                0,
                Clock.systemUTC());
    }

    public GatewayOptions withEnvironment(Function<String, @Nullable String> value) {
        return new GatewayOptions(config, value, host, port, defaults, simulator, version, threads, clock);
    }

    public GatewayOptions withListen(@Nullable String newHost, @Nullable Integer newPort) {
        return new GatewayOptions(config, environment, newHost, newPort, defaults, simulator, version, threads, clock);
    }

    public GatewayOptions withDefaults(ResilienceConfig value) {
        return new GatewayOptions(config, environment, host, port, value, simulator, version, threads, clock);
    }

    public GatewayOptions withSimulator(@Nullable URI value) {
        return new GatewayOptions(config, environment, host, port, defaults, value, version, threads, clock);
    }

    public GatewayOptions withVersion(String value) {
        return new GatewayOptions(config, environment, host, port, defaults, simulator, value, threads, clock);
    }

    public GatewayOptions withThreads(int value) {
        return new GatewayOptions(config, environment, host, port, defaults, simulator, version, value, clock);
    }

    public GatewayOptions withClock(Clock value) {
        return new GatewayOptions(config, environment, host, port, defaults, simulator, version, threads, value);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.gateway.config.ConfigReader;
import dev.holdfast.gateway.config.GatewayConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the configuration comes from, each time it is read. */
final class ConfigSource {
    private static final String SIMULATOR_VARIABLE = "SIM_BASE_URL";

    private final GatewayOptions options;

    ConfigSource(GatewayOptions options) {
        this.options = options;
    }

    /** @throws IOException if the file cannot be read */
    GatewayConfig read() throws IOException {
        ConfigReader reader = new ConfigReader(environment())
                .withDefaults(options.defaults())
                .withListen(options.host(), options.port());
        Path file = options.config();
        return file == null
                ? reader.withoutFile(Objects.requireNonNull(options.simulator(), "checked by the options"))
                : reader.read(file.toString(), Files.readString(file));
    }

    /** The environment; the simulator that was started for this gateway answers to its variable, unless that is set. */
    Function<String, @Nullable String> environment() {
        Function<String, @Nullable String> given = options.environment();
        URI simulator = options.simulator();
        return simulator == null
                ? given
                : name -> {
                    String value = given.apply(name);
                    return value == null && name.equals(SIMULATOR_VARIABLE) ? simulator.toString() : value;
                };
    }
}

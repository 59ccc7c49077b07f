// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the configuration file. Immutable and thread-safe. */
public final class ConfigReader {
    private final Function<String, @Nullable String> environment;

    /** @param environment gives variables by name, null for those not set; usually {@code System::getenv} */
    public ConfigReader(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }
}

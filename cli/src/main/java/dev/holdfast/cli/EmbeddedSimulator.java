// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stands for the simulator that a run would start, where none is stated and nothing is run. */
final class EmbeddedSimulator {
    private static final String VARIABLE = "SIM_BASE_URL";
    private static final URI PLACEHOLDER = URI.create("http://embedded.simulator.invalid/v1");

    private EmbeddedSimulator() {}

    static Function<String, @Nullable String> around(Function<String, @Nullable String> environment) {
        return name -> {
            String value = environment.apply(name);
            return VARIABLE.equals(name) && (value == null || value.isBlank()) ? PLACEHOLDER.toString() : value;
        };
    }

    /** How a base URL is shown. */
    static String text(URI baseUrl) {
        return baseUrl.equals(PLACEHOLDER) ? "the embedded simulator" : baseUrl.toString();
    }
}

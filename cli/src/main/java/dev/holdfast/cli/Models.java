// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which models a command talks to, and the simulator that it needs for that: with {@code SIM_BASE_URL} unset, the first
 * {@code sim/…} model starts one inside this process.
 */
final class Models implements AutoCloseable {
    private static final String SIM_BASE_URL = "SIM_BASE_URL";

    private final List<String> names;
    private final Function<String, @Nullable String> around;
    private @Nullable Simulator simulator; // guarded by this

    private Models(List<String> names, Function<String, @Nullable String> around) {
        this.names = names;
        this.around = around;
    }

    /** @param asked models as typed; empty for the first provider that has a key, the simulator otherwise */
    static Models of(List<String> asked, Function<String, @Nullable String> environment) {
        return new Models(asked.isEmpty() ? List.of(first(environment)) : List.copyOf(asked), environment);
    }

    /** Where the simulator answers: as stated, else one is started. */
    synchronized String simulatorUrl() {
        String stated = around.apply(SIM_BASE_URL);
        if (stated != null && !stated.isBlank()) {
            return stated;
        }
        if (simulator == null) {
            try {
                simulator = Simulator.start(SimulatorOptions.defaults());
            } catch (IOException e) {
                throw new UncheckedIOException("the simulator cannot start: " + e.getMessage(), e);
            }
        }
        return simulator.baseUri().toString();
    }

    private static String first(Function<String, @Nullable String> environment) {
        if (isSet(environment, "OPENAI_API_KEY")) {
            return "openai/gpt-4o-mini";
        }
        return isSet(environment, "ANTHROPIC_API_KEY") ? "anthropic/claude-haiku-4-5" : "sim/ok";
    }

    private static boolean isSet(Function<String, @Nullable String> environment, String name) {
        String value = environment.apply(name);
        return value != null && !value.isBlank();
    }

    String[] names() {
        return names.toArray(String[]::new);
    }

    /** The variables around the process; asking for the simulator's address starts one where none is stated. */
    Function<String, @Nullable String> environment() {
        return name -> SIM_BASE_URL.equals(name) ? simulatorUrl() : around.apply(name);
    }

    @Override
    public synchronized void close() {
        if (simulator != null) {
            simulator.close();
        }
    }
}

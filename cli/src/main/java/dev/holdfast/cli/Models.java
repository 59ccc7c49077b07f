// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
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
    private final Function<String, @Nullable String> environment;
    private final @Nullable Simulator simulator;

    private Models(List<String> names, Function<String, @Nullable String> environment, @Nullable Simulator simulator) {
        this.names = names;
        this.environment = environment;
        this.simulator = simulator;
    }

    /** @param asked models as typed; empty for the first provider that has a key, the simulator otherwise */
    static Models of(List<String> asked, Function<String, @Nullable String> environment) throws IOException {
        List<String> names = asked.isEmpty() ? List.of(first(environment)) : List.copyOf(asked);
        boolean simulated = names.stream().anyMatch(n -> n.startsWith("sim/") || n.startsWith("sim-anthropic/"));
        if (!simulated || isSet(environment, SIM_BASE_URL)) {
            return new Models(names, environment, null);
        }
        Simulator simulator = Simulator.start(SimulatorOptions.defaults());
        String url = simulator.baseUri().toString();
        return new Models(names, name -> SIM_BASE_URL.equals(name) ? url : environment.apply(name), simulator);
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

    Function<String, @Nullable String> environment() {
        return environment;
    }

    @Override
    public void close() {
        if (simulator != null) {
            simulator.close();
        }
    }
}

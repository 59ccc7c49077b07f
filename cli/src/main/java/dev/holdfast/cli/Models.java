// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.config.ConfigReader;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which models a command talks to: those of a configuration file by their names there, all others as
 * {@code provider/model}. Holds the simulator that it needs for that: with {@code SIM_BASE_URL} unset, the first
 * {@code sim/…} model starts one inside this process.
 */
final class Models implements AutoCloseable {
    private static final String SIM_BASE_URL = "SIM_BASE_URL";
    private static final String DEFAULT = "default";

    private final Function<String, @Nullable String> around;
    private List<String> names = List.of();
    private @Nullable GatewayConfig file;
    private @Nullable Simulator simulator; // guarded by this

    private Models(Function<String, @Nullable String> around) {
        this.around = around;
    }

    /**
     * @param asked models as typed; empty for the file's default, and without a file the first provider that has a key, the
     *     simulator otherwise
     * @throws ConfigException if the file cannot be used
     */
    static Models of(List<String> asked, @Nullable Path file, Function<String, @Nullable String> environment) {
        Models models = new Models(environment);
        try {
            GatewayConfig config = file == null ? null : new ConfigReader(models.environment()).read(file);
            models.file = config;
            models.names = asked.isEmpty() ? List.of(usual(config, environment)) : List.copyOf(asked);
            return models;
        } catch (ConfigException refused) {
            models.close();
            throw refused;
        }
    }

    private static String usual(@Nullable GatewayConfig file, Function<String, @Nullable String> environment) {
        if (file == null) {
            return first(environment);
        }
        return file.models().containsKey(DEFAULT)
                ? DEFAULT
                : file.models().keySet().iterator().next();
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

    List<String> names() {
        return names;
    }

    /** The variables around the process; asking for the simulator's address starts one where none is stated. */
    Function<String, @Nullable String> environment() {
        return name -> SIM_BASE_URL.equals(name) ? simulatorUrl() : around.apply(name);
    }

    /** Whether a name is that of a model, here or in the file. */
    boolean knows(String name) {
        return name.indexOf('/') > 0
                || (file != null
                        && (file.models().containsKey(name) || file.targets().containsKey(name)));
    }

    Llm.Builder llm() {
        return llm(names);
    }

    /** These models in failover order, to be told how to be guarded. */
    Llm.Builder llm(List<String> wanted) {
        Llm.Builder builder = Llm.builder().environment(environment());
        if (file == null) {
            return builder.targets(wanted.toArray(String[]::new));
        }
        List<Map<String, Double>> tiers = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (String name : wanted) {
            GatewayConfig.Model model = file.models().get(name);
            for (Map<String, Double> tier : model == null ? List.of(Map.of(name, 1.0)) : model.tiers()) {
                Map<String, Double> fresh = new LinkedHashMap<>(tier);
                fresh.keySet().removeIf(target -> !used.add(target));
                for (String target : fresh.keySet()) {
                    add(builder, file, target);
                }
                if (!fresh.isEmpty()) {
                    tiers.add(fresh);
                }
            }
        }
        return builder.tiers(tiers);
    }

    private static void add(Llm.Builder builder, GatewayConfig file, String name) {
        GatewayConfig.TargetConfig target = file.targets().get(name);
        if (target == null) {
            if (name.indexOf('/') < 0) {
                throw new ProviderConfigurationException(
                        "the configuration has no model and no target '" + name + "'; models: "
                                + String.join(", ", file.models().keySet()) + "; targets: "
                                + String.join(", ", file.targets().keySet()));
            }
            builder.targets(name);
            return;
        }
        if (target.passThrough()) {
            throw new ProviderConfigurationException("target '" + name
                    + "' passes on the credential of the gateway's caller, and here is none: give it an api_key");
        }
        builder.endpoint(name, target.endpoint(), target.model(), target.headers());
    }

    ResilienceConfig policy() {
        return policy(names);
    }

    /** The policy of the first of these that is a model of the file; else the file's standard, else the defaults. */
    ResilienceConfig policy(List<String> wanted) {
        if (file == null) {
            return ResilienceConfig.defaults();
        }
        String policy = GatewayConfig.STANDARD;
        for (String name : wanted) {
            GatewayConfig.Model model = file.models().get(name);
            if (model != null) {
                policy = model.policy();
                break;
            }
        }
        return file.policies().getOrDefault(policy, ResilienceConfig.defaults());
    }

    @Override
    public synchronized void close() {
        if (simulator != null) {
            simulator.close();
        }
    }
}

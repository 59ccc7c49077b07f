// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.route;

import dev.holdfast.Holdfast;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.preset.ModelName;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.preset.ProviderPreset;
import dev.holdfast.target.Targets;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Models that callers name themselves, as {@code provider/model}, where no configuration says which there are. Those asked
 * for last are kept. Thread-safe.
 */
final class OpenModels {
    private static final int KEPT = 1000;
    private static final int LONGEST_NAME = 256;

    private final Function<String, @Nullable String> environment;
    private final @Nullable URI simulator;

    // guarded by this
    private final Map<String, Upstream> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Upstream> eldest) {
            return size() > KEPT;
        }
    };

    /** @param simulator where the simulator answers, without a path; null where none runs */
    OpenModels(Function<String, @Nullable String> environment, @Nullable URI simulator) {
        this.environment = environment;
        this.simulator = simulator;
    }

    /** Where calls for this name go; null if it names no provider that can be called. */
    @Nullable
    ModelRoute route(String name, Holdfast engine) {
        Upstream upstream = upstream(name);
        return upstream == null
                ? null
                : new ModelRoute(name, Targets.of(upstream.target()), engine, Map.of(upstream.target(), upstream));
    }

    private synchronized @Nullable Upstream upstream(String name) {
        Upstream upstream = known.get(name);
        if (upstream == null) {
            upstream = made(name);
            if (upstream != null) {
                known.put(name, upstream);
            }
        }
        return upstream;
    }

    synchronized List<Upstream> known() {
        return new ArrayList<>(known.values());
    }

    private @Nullable Upstream made(String name) {
        if (name.length() > LONGEST_NAME || name.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            return null;
        }
        try {
            ModelName parts = ModelName.parse(name);
            ProviderPreset preset = Presets.named(parts.provider());
            String url = preset.simulated() && simulator != null ? simulator.toString() : null;
            ProviderEndpoint endpoint = ProviderEndpoint.of(preset, url, null, environment);
            return new Upstream(new TargetConfig(name, endpoint, parts.model(), false, Map.of()), null);
        } catch (ProviderConfigurationException e) {
            return null; // no such provider, or no key for it
        }
    }
}

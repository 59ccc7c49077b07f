// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.llm.Secret;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.preset.ProviderPreset;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The targets of one client's requests; those of one model are made once and kept. Thread-safe. */
final class WireTargets {
    /** More models and keys than a client uses; beyond it targets are made anew and are equal all the same. */
    private static final int KEPT = 1000;

    private final ProviderPreset preset;
    private final List<WireEndpoint> others;
    private final Map<Key, Places> kept = new ConcurrentHashMap<>();

    /** The targets in order, and where each of them is; null for the place that the request itself names. */
    record Places(Targets targets, Map<Target, @Nullable WireEndpoint> endpoints) {
        @Nullable
        WireEndpoint endpoint(Target target) {
            return endpoints.get(target);
        }
    }

    private record Key(
            String baseUrl, String model, @Nullable String auth, boolean portable) {}

    WireTargets(ProviderPreset preset, List<WireEndpoint> others) {
        this.preset = preset;
        this.others = List.copyOf(others);
    }

    /** @param portable whether another endpoint can serve the request as well */
    Places of(WireRequest request, String model, boolean portable) {
        Key key = new Key(
                request.baseUrl(), model, request.headers().get(preset.auth().header()), portable);
        Places places = kept.get(key);
        if (places == null) {
            places = made(key);
            if (kept.size() < KEPT) {
                kept.put(key, places);
            }
        }
        return places;
    }

    private Places made(Key key) {
        Map<Target, @Nullable WireEndpoint> endpoints = new LinkedHashMap<>();
        endpoints.put(target(key.baseUrl(), secret(key.auth()), key.model(), ""), null);
        List<WireEndpoint> usable = key.portable() ? others : List.of();
        for (int i = 0; i < usable.size(); i++) {
            WireEndpoint other = usable.get(i);
            String model = other.model() == null ? key.model() : other.model();
            endpoints.putIfAbsent(target(other.baseUrl(), other.key(), model, "#" + (i + 2)), other);
        }
        return new Places(Targets.of(new ArrayList<>(endpoints.keySet())), endpoints);
    }

    private Target target(String baseUrl, @Nullable Secret key, String model, String suffix) {
        String name = (model.isEmpty() ? preset.name() : preset.name() + "/" + model) + suffix;
        return new ProviderEndpoint(preset, URI.create(baseUrl), key)
                .target(name, model)
                .build();
    }

    private static @Nullable Secret secret(@Nullable String header) {
        try {
            return header == null ? null : Secret.of(header);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}

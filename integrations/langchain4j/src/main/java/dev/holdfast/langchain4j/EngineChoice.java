// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastBuilder;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.event.EventListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which engine guards: a given one, one of its own, or the default. Not thread-safe. */
final class EngineChoice {
    private final List<EventListener> listeners = new ArrayList<>();

    @Nullable
    ResilienceConfig config;

    @Nullable
    Holdfast holdfast;

    void listener(EventListener listener) {
        listeners.add(listener);
    }

    Holdfast engine() {
        if (holdfast != null) {
            if (config != null || !listeners.isEmpty()) {
                throw new IllegalArgumentException(
                        "give either an engine or a configuration and listeners for a new one, not both");
            }
            return holdfast;
        }
        if (config == null && listeners.isEmpty()) {
            return HoldfastRuntime.defaultHoldfast();
        }
        HoldfastBuilder builder = Holdfast.builder();
        if (config != null) {
            builder.config(config);
        }
        listeners.forEach(builder::listener);
        return builder.build();
    }
}

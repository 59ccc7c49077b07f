// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.route;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastBuilder;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How engines are made. Immutable.
 *
 * @param executor where later attempts run; null for the process's own
 * @param timer null for the process's own
 */
public record Engines(
        @Nullable Executor executor,
        Ticker ticker,
        @Nullable Timer timer) {

    /** Those of the process. */
    public static Engines defaults() {
        return new Engines(null, Ticker.system(), null);
    }

    /** @param earlier the engine whose targets it takes over as they are; null for none */
    Holdfast engine(ResilienceConfig config, @Nullable Holdfast earlier) {
        // Whoever closes an engine here has waited before, for all of them together.
        HoldfastBuilder builder = Holdfast.builder().config(config).closeTimeout(Duration.ZERO);
        if (executor != null) {
            builder.executor(executor);
        }
        if (timer != null) {
            builder.time(ticker, timer);
        }
        if (earlier != null) {
            builder.continuing(earlier);
        }
        return builder.build();
    }
}

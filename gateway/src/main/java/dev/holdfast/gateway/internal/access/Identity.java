// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import dev.holdfast.gateway.config.GatewayConfig;
import java.util.Set;

/** Who sends a request, or that nobody knows. */
public sealed interface Identity {

    /**
     * A client that may call.
     *
     * @param models that it may ask for; empty for all
     * @param requestsPerMinute 0 for no limit
     * @param tokensPerMinute 0 for no limit
     */
    record Known(String name, Set<String> models, long requestsPerMinute, long tokensPerMinute) implements Identity {
        /** Everybody, where no clients are configured. */
        public static final Known ANONYMOUS = new Known("anonymous", Set.of(), 0, 0);

        public Known {
            models = Set.copyOf(models);
        }

        static Known of(GatewayConfig.Client client) {
            return new Known(client.name(), client.models(), client.requestsPerMinute(), client.tokensPerMinute());
        }

        public boolean mayAskFor(String model) {
            return models.isEmpty() || models.contains(model);
        }
    }

    /**
     * Nobody's key, or none: to be answered with 401.
     *
     * @param message what was wrong and what to do; repeats nothing of the key
     */
    record Unknown(String message) implements Identity {}
}

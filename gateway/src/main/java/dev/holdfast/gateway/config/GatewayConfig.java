// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.preset.ProviderEndpoint;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration file says, checked and with its references to the environment resolved. Immutable; {@code toString}
 * of everything here masks keys.
 *
 * @param adminKey null for none: then nobody is an admin
 * @param publicObservability whether {@code /api} and {@code /metrics} need no admin key beyond loopback
 * @param clients empty for none: then everybody may call, and the gateway binds to loopback only
 * @param targets by name, in the file's order
 * @param models by the name that clients use, in the file's order
 * @param policies by name; {@code standard} is always there
 * @param openModels whether any {@code provider/model} whose provider has a key may be asked for without being configured; so
 *     without a configuration file only
 * @param keepAlive after this long without content a stream's head and comment lines go out
 * @param drainTimeout how long running calls may take after the signal to stop
 */
public record GatewayConfig(
        Listen listen,
        @Nullable Secret adminKey,
        boolean publicObservability,
        List<Client> clients,
        Map<String, TargetConfig> targets,
        Map<String, Model> models,
        Map<String, ResilienceConfig> policies,
        boolean openModels,
        Duration keepAlive,
        Duration drainTimeout,
        Limits limits,
        AccessLog accessLog) {
    /** The policy of models that name none. */
    public static final String STANDARD = "standard";

    public GatewayConfig {
        clients = List.copyOf(clients);
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
    }

    /**
     * Where to listen.
     *
     * @param port 0 for any free one
     * @param hosts names beside those of loopback that a {@code Host} header may hold on loopback
     */
    public record Listen(String host, int port, Set<String> hosts) {
        public Listen {
            hosts = Set.copyOf(hosts);
        }
    }

    /**
     * One who may call.
     *
     * @param models that it may ask for; empty for all
     * @param requestsPerMinute 0 for no limit
     * @param tokensPerMinute 0 for no limit
     */
    public record Client(String name, Secret key, Set<String> models, long requestsPerMinute, long tokensPerMinute) {
        public Client {
            models = Set.copyOf(models);
        }
    }

    /**
     * A model at a provider.
     *
     * @param endpoint the address and our credential
     * @param model the provider's name of the model
     * @param passThrough whether the client's own credential goes upstream in place of ours
     * @param headers sent with every request; names in lower case
     * @param quota names the quota domain where several targets share one rate limit; null for one of its own
     */
    public record TargetConfig(
            String name,
            ProviderEndpoint endpoint,
            String model,
            boolean passThrough,
            Map<String, String> headers,
            @Nullable String quota) {
        public TargetConfig {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }

        public TargetConfig(
                String name, ProviderEndpoint endpoint, String model, boolean passThrough, Map<String, String> headers) {
            this(name, endpoint, model, passThrough, headers, null);
        }

        /** Values of headers may be credentials, so they are left out. */
        @Override
        public String toString() {
            return "TargetConfig[name=" + name + ", endpoint=" + endpoint + ", model=" + model + ", passThrough="
                    + passThrough + ", headers=" + headers.keySet() + ", quota=" + quota + "]";
        }
    }

    /**
     * A name that clients ask for.
     *
     * @param tiers in failover order; the targets of one tier, by name with their weight, share its load
     */
    public record Model(String name, List<Map<String, Double>> tiers, String policy) {
        public Model {
            tiers = tiers.stream()
                    .map(tier -> Collections.unmodifiableMap(new LinkedHashMap<>(tier)))
                    .toList();
        }
    }

    /**
     * What one client can cost.
     *
     * @param bodyBytes of a request; default 32 MiB
     * @param headerBytes of a request's head; default 32 KiB
     * @param headerTimeout until the head is whole; default 10 s
     * @param bodyTimeout until the body is whole; default 60 s
     * @param idleTimeout of a connection without a request; default 2 min
     * @param connections open at once; default 20,000
     */
    public record Limits(
            int bodyBytes,
            int headerBytes,
            Duration headerTimeout,
            Duration bodyTimeout,
            Duration idleTimeout,
            int connections) {
        public static Limits defaults() {
            return new Limits(
                    32 << 20, 32 << 10, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(2), 20_000);
        }
    }

    /**
     * The access log.
     *
     * @param file null for standard error
     */
    public record AccessLog(boolean enabled, @Nullable String file) {}
}

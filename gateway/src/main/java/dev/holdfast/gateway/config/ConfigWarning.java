// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.GatewayConfig.Model;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.llm.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Something in a valid configuration that is rarely meant.
 *
 * @param key the path, as in {@link ConfigProblem}
 * @param message what will happen, and what to write where it is not meant
 */
public record ConfigWarning(String key, String message) {

    /** All that there are, in the order of the file's parts. */
    public static List<ConfigWarning> of(GatewayConfig config) {
        List<ConfigWarning> warnings = new ArrayList<>();
        doors(config, warnings);
        config.targets().values().forEach(target -> target(config, target, warnings));
        config.models().values().forEach(model -> model(config, model, warnings));
        config.policies().forEach((name, policy) -> policy(config, name, policy, warnings));
        return List.copyOf(warnings);
    }

    private static void doors(GatewayConfig config, List<ConfigWarning> warnings) {
        Secret adminKey = config.adminKey();
        for (GatewayConfig.Client client : config.clients()) {
            if (adminKey != null && client.key().equals(adminKey)) {
                warnings.add(new ConfigWarning(
                        "clients." + client.name(), "has the admin key: whoever calls with it can also stop targets"));
            }
        }
        if (ListenReader.isLoopback(config.listen().host())) {
            return;
        }
        if (config.publicObservability()) {
            warnings.add(new ConfigWarning(
                    "observability",
                    "the dashboard's data and /metrics are open to everybody who reaches this address"));
        } else if (config.adminKey() == null) {
            warnings.add(new ConfigWarning(
                    "admin_key", "without one nobody reaches the dashboard's data and /metrics beyond loopback"));
        }
    }

    private static void target(GatewayConfig config, TargetConfig target, List<ConfigWarning> warnings) {
        String key = "targets." + target.name();
        boolean used = config.models().values().stream()
                .anyMatch(model -> model.tiers().stream().anyMatch(tier -> tier.containsKey(target.name())));
        if (!used && !config.openModels()) {
            warnings.add(new ConfigWarning(key, "no model uses it"));
        }
        URI url = target.endpoint().baseUrl();
        boolean plain = "http".equalsIgnoreCase(url.getScheme())
                && !ListenReader.isLoopback(url.getHost().replaceFirst("^\\[(.*)]$", "$1"));
        if (plain && target.endpoint().key() != null) {
            warnings.add(
                    new ConfigWarning(key + ".base_url", "the key goes unencrypted over http to " + url.getHost()));
        }
        if (target.passThrough() && !config.clients().isEmpty()) {
            warnings.add(new ConfigWarning(
                    key + ".pass_through",
                    "clients need a key for this gateway as well as their own for the provider"));
        }
    }

    private static void model(GatewayConfig config, Model model, List<ConfigWarning> warnings) {
        String key = "models." + model.name() + ".targets";
        int targets = model.tiers().stream().mapToInt(Map::size).sum();
        int attempts = policy(config, model).retry().maxAttempts();
        if (targets == 1) {
            warnings.add(new ConfigWarning(key, "a single target: while it is down there is nowhere to fail over to"));
        } else if (attempts < targets) {
            warnings.add(new ConfigWarning(
                    key,
                    targets + " targets, but a call makes " + attempts
                            + (attempts == 1 ? " attempt" : " attempts") + " over all of them: the last are tried only"
                            + " while earlier ones are known to be down; raise retry.max_attempts"));
        }
        Set<URI> addresses = new HashSet<>();
        model.tiers().forEach(tier -> tier.keySet()
                .forEach(target ->
                        addresses.add(Objects.requireNonNull(config.targets().get(target))
                                .endpoint()
                                .baseUrl())));
        if (targets > 1 && addresses.size() == 1) {
            warnings.add(new ConfigWarning(key, "all are at the same address, and will be down together"));
        }
    }

    private static ResilienceConfig policy(GatewayConfig config, Model model) {
        return Objects.requireNonNull(config.policies().get(model.policy()));
    }

    private static void policy(
            GatewayConfig config, String name, ResilienceConfig policy, List<ConfigWarning> warnings) {
        String key = "policies." + name;
        boolean used = config.models().values().stream()
                .anyMatch(model -> model.policy().equals(name));
        if (!used) {
            if (!name.equals(GatewayConfig.STANDARD)) {
                warnings.add(new ConfigWarning(key, "no model uses it"));
            }
            return;
        }
        if (policy.deadline() != null
                && policy.deadline().compareTo(policy.timeouts().firstContent()) < 0) {
            warnings.add(new ConfigWarning(
                    key + ".deadline",
                    "shorter than timeouts.first_content, "
                            + Quantities.text(policy.timeouts().firstContent())
                            + ": one slow attempt uses up the whole call and no retry or failover follows"));
        }
        if (policy.timeouts().attempt().compareTo(policy.timeouts().firstContent()) < 0) {
            warnings.add(new ConfigWarning(
                    key + ".timeouts.attempt", "shorter than timeouts.first_content, which then never applies"));
        }
        if (policy.retry().maxAttempts() == 1) {
            warnings.add(new ConfigWarning(key + ".retry.max_attempts", "1 means neither retry nor failover"));
        }
        if (policy.hedge().enabled()) {
            warnings.add(new ConfigWarning(
                    key + ".hedge",
                    "slow calls are made twice and both may be billed; requests whose tools have side effects at the"
                            + " provider belong to a policy without hedging"));
        }
        if (!policy.circuit().enabled()) {
            warnings.add(new ConfigWarning(
                    key + ".circuit.enabled", "a target that is down gets every call until somebody notices"));
        }
        if (!policy.budget().enabled()) {
            warnings.add(new ConfigWarning(
                    key + ".budget.enabled", "retries are unbounded and can keep a struggling provider down"));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.GatewayConfig.Client;
import dev.holdfast.gateway.config.GatewayConfig.Model;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.llm.Secret;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A configuration written as a file, keys one a line; every text in quotes, so that it is the same text for YAML. */
final class Written {
    private Written() {}

    static String yaml(GatewayConfig config) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("listen:\n  host: ").append(quoted(config.listen().host())).append('\n');
        yaml.append("  port: ").append(config.listen().port()).append('\n');
        yaml.append("  hosts: ").append(list(config.listen().hosts())).append('\n');
        if (config.adminKey() != null) {
            yaml.append("admin_key: ").append(secret(config.adminKey())).append('\n');
        }
        yaml.append("observability: ").append(config.publicObservability() ? "public" : "private").append('\n');
        if (!config.clients().isEmpty()) {
            yaml.append("clients:\n");
            config.clients().forEach(client -> yaml.append(client(client)));
        }
        yaml.append("targets:\n");
        config.targets().values().forEach(target -> yaml.append(target(target)));
        yaml.append("models:\n");
        config.models().values().forEach(model -> yaml.append(model(model)));
        yaml.append("policies:\n");
        config.policies().forEach((name, policy) -> yaml.append(policy(name, policy)));
        yaml.append("keep_alive: ").append(Quantities.text(config.keepAlive())).append('\n');
        yaml.append("drain_timeout: ").append(Quantities.text(config.drainTimeout())).append('\n');
        GatewayConfig.Limits limits = config.limits();
        yaml.append("limits:\n  body: ").append(limits.bodyBytes() / 1024).append("KiB\n");
        yaml.append("  header: ").append(limits.headerBytes()).append("B\n");
        yaml.append("  header_timeout: ").append(Quantities.text(limits.headerTimeout())).append('\n');
        yaml.append("  body_timeout: ").append(Quantities.text(limits.bodyTimeout())).append('\n');
        yaml.append("  idle_timeout: ").append(Quantities.text(limits.idleTimeout())).append('\n');
        yaml.append("  connections: ").append(limits.connections()).append('\n');
        yaml.append("access_log:\n  enabled: ").append(config.accessLog().enabled()).append('\n');
        if (config.accessLog().file() != null) {
            yaml.append("  file: ").append(quoted(config.accessLog().file())).append('\n');
        }
        return yaml.toString();
    }

    private static String client(Client client) {
        return "  - name: " + quoted(client.name()) + "\n    key: " + secret(client.key()) + "\n"
                + (client.models().isEmpty() ? "" : "    models: " + list(client.models()) + "\n")
                + "    requests_per_minute: " + client.requestsPerMinute() + "\n"
                + "    tokens_per_minute: " + client.tokensPerMinute() + "\n";
    }

    private static String target(TargetConfig target) {
        StringBuilder yaml = new StringBuilder("  " + quoted(target.name()) + ":\n");
        yaml.append("    provider: ").append(target.endpoint().preset().name()).append('\n');
        yaml.append("    model: ").append(quoted(target.model())).append('\n');
        yaml.append("    base_url: ").append(target.endpoint().baseUrl()).append('\n');
        if (target.endpoint().key() != null) {
            yaml.append("    api_key: ").append(secret(target.endpoint().key())).append('\n');
        }
        yaml.append("    pass_through: ").append(target.passThrough()).append('\n');
        if (!target.headers().isEmpty()) {
            yaml.append("    headers:\n");
            target.headers().forEach((name, value) -> yaml.append("      " + name + ": " + quoted(value) + "\n"));
        }
        if (target.quota() != null) {
            yaml.append("    quota: ").append(target.quota()).append('\n');
        }
        return yaml.toString();
    }

    private static String model(Model model) {
        List<String> tiers = new ArrayList<>();
        for (Map<String, Double> tier : model.tiers()) {
            String members = tier.entrySet().stream()
                    .map(entry -> "{ target: " + quoted(entry.getKey()) + ", weight: " + entry.getValue() + " }")
                    .collect(Collectors.joining(", ", "[", "]"));
            boolean plain = tier.size() == 1 && tier.containsValue(1.0);
            tiers.add(plain ? quoted(tier.keySet().iterator().next()) : members);
        }
        return "  " + model.name() + ":\n    targets: [" + String.join(", ", tiers) + "]\n    policy: " + model.policy()
                + "\n";
    }

    private static String policy(String name, ResilienceConfig policy) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (PolicySettings.Setting setting : PolicySettings.all(policy, policy)) {
            if (!setting.value().equals("none") || setting.key().equals("retry.backoff.jitter")) {
                put(tree, setting.key(), setting.value());
            }
        }
        return "  " + name + ":\n" + block(tree, "    ");
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> tree, String key, String value) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            tree.put(key, value);
        } else {
            Object below = tree.computeIfAbsent(key.substring(0, dot), name -> new LinkedHashMap<String, Object>());
            put((Map<String, Object>) below, key.substring(dot + 1), value);
        }
    }

    @SuppressWarnings("unchecked")
    private static String block(Map<String, Object> tree, String indent) {
        StringBuilder yaml = new StringBuilder();
        tree.forEach((key, value) -> yaml.append(indent)
                .append(key)
                .append(
                        value instanceof Map<?, ?> below
                                ? ":\n" + block((Map<String, Object>) below, indent + "  ")
                                : ": " + value + "\n"));
        return yaml.toString();
    }

    private static String list(Collection<String> words) {
        return words.stream().map(Written::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String secret(Secret secret) {
        return quoted(secret.reveal());
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "''").replace("$", "$$") + "'";
    }
}

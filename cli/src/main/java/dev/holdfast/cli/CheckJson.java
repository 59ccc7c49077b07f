// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.config.ConfigWarning;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.config.GatewayConfig.Client;
import dev.holdfast.gateway.config.GatewayConfig.Model;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.gateway.config.PolicySettings;
import java.nio.file.Path;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a configuration would run, for a program. Names clients, shows no key. */
final class CheckJson {
    private static final JsonMapper JSON = new JsonMapper();

    private CheckJson() {}

    static String of(Path file, GatewayConfig config) {
        ObjectNode json = json(file, true);
        ObjectNode listen = json.putObject("listen");
        listen.put("host", config.listen().host());
        listen.put("port", config.listen().port());
        ArrayNode hosts = listen.putArray("hosts");
        new TreeSet<>(config.listen().hosts()).forEach(hosts::add);
        json.put("admin", config.adminKey() != null);
        json.put("observability", config.publicObservability() ? "public" : "private");
        ArrayNode clients = json.putArray("clients");
        config.clients().forEach(client -> client(clients.addObject(), client));
        ArrayNode targets = json.putArray("targets");
        config.targets().values().forEach(target -> target(targets.addObject(), target));
        ArrayNode models = json.putArray("models");
        config.models().values().forEach(model -> model(models.addObject(), model));
        ArrayNode policies = json.putArray("policies");
        config.policies().forEach((name, policy) -> policy(policies.addObject(), name, policy));
        ArrayNode warnings = json.putArray("warnings");
        ConfigWarning.of(config).forEach(warning -> warnings.addObject()
                .put("key", warning.key())
                .put("message", warning.message()));
        json.putArray("errors");
        return json.toString();
    }

    static String refused(Path file, ConfigException refused) {
        ObjectNode json = json(file, false);
        ArrayNode errors = json.putArray("errors");
        refused.problems().forEach(problem -> errors.addObject()
                .put("line", problem.line())
                .put("key", problem.key())
                .put("message", problem.message()));
        return json.toString();
    }

    private static ObjectNode json(Path file, boolean valid) {
        return JSON.createObjectNode().put("file", file.toString()).put("valid", valid);
    }

    private static void client(ObjectNode json, Client client) {
        json.put("name", client.name());
        ArrayNode models = json.putArray("models");
        new TreeSet<>(client.models()).forEach(models::add);
        json.put("requests_per_minute", client.requestsPerMinute());
        json.put("tokens_per_minute", client.tokensPerMinute());
    }

    private static void target(ObjectNode json, TargetConfig target) {
        json.put("name", target.name());
        json.put("provider", target.endpoint().preset().name());
        json.put("dialect", target.endpoint().preset().dialect());
        json.put("base_url", EmbeddedSimulator.text(target.endpoint().baseUrl()));
        json.put("model", target.model());
        json.put("credential", target.passThrough() ? "caller" : target.endpoint().key() == null ? "none" : "key");
    }

    private static void model(ObjectNode json, Model model) {
        json.put("name", model.name());
        json.put("policy", model.policy());
        ArrayNode tiers = json.putArray("tiers");
        model.tiers().forEach(tier -> {
            ArrayNode members = tiers.addArray();
            tier.forEach((target, weight) ->
                    members.addObject().put("target", target).put("weight", weight));
        });
    }

    private static void policy(ObjectNode json, String name, ResilienceConfig policy) {
        json.put("name", name);
        ArrayNode settings = json.putArray("settings");
        PolicySettings.differing(policy, ResilienceConfig.defaults()).forEach(setting -> settings.addObject()
                .put("key", setting.key())
                .put("value", setting.value())
                .put("default", setting.usual())
                .put("why", setting.why()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a LiteLLM proxy configuration into one of ours: deployments become targets, a {@code model_name} one tier of them,
 * fallbacks later tiers, retries, timeouts and cooldowns policies. What has no equivalent is named, never dropped silently.
 */
public final class LiteLlmConverter {
    private static final String NOTHING = "has no equivalent here";

    private static final Map<String, String> ROOT = Map.of(
            "environment_variables", "is not converted: set them in the environment of the process");

    private static final Map<String, String> GENERAL = Map.ofEntries(
            Map.entry("database_url", "is not needed: no database; clients and their keys stand in the file"),
            Map.entry("background_health_checks", "is not needed: circuits see the health of targets from real calls"),
            Map.entry("health_check_interval", "is not needed: circuits see the health of targets from real calls"));

    private static final Map<String, String> LITELLM = Map.ofEntries(
            Map.entry("drop_params", "is not needed: fields that a target does not know are left out in translation"),
            Map.entry("cache", "has no equivalent here: answers are not cached"),
            Map.entry("cache_params", "has no equivalent here: answers are not cached"),
            Map.entry("callbacks", "has no equivalent here: see /metrics and /api/events"),
            Map.entry("success_callback", "has no equivalent here: see /metrics and /api/events"),
            Map.entry("failure_callback", "has no equivalent here: see /metrics and /api/events"),
            Map.entry("context_window_fallbacks", LiteLlmModels.CONTEXT),
            Map.entry("content_policy_fallbacks", LiteLlmModels.CONTENT));

    private static final Map<String, String> ROUTER = Map.ofEntries(
            Map.entry("retry_after", "has no equivalent here: waits are what the provider states, else the backoff"),
            Map.entry("redis_host", "is not needed: each gateway sees the state of targets by itself"),
            Map.entry("redis_port", "is not needed: each gateway sees the state of targets by itself"),
            Map.entry("redis_password", "is not needed: each gateway sees the state of targets by itself"),
            Map.entry("redis_url", "is not needed: each gateway sees the state of targets by itself"),
            Map.entry("allowed_fails_policy", "has no equivalent here: see circuit.counted for what counts as a failure"),
            Map.entry("model_group_retry_policy", "is not converted: write retry.attempts_per_category in a policy"),
            Map.entry("context_window_fallbacks", LiteLlmModels.CONTEXT),
            Map.entry("content_policy_fallbacks", LiteLlmModels.CONTENT));

    private LiteLlmConverter() {}

    /**
     * What came of it.
     *
     * @param yaml our configuration, valid once the variables that it refers to are set
     * @param notes what was not converted, or not exactly, in the order of lines
     */
    public record Converted(String yaml, List<ConfigProblem> notes) {
        public Converted {
            notes = List.copyOf(notes);
        }
    }

    /** @throws ConfigException if the file cannot be read, or no model of it can be converted */
    public static Converted convert(Path file) {
        return convert(file.toString(), ConfigFile.text(file));
    }

    /**
     * Converts a file's text.
     *
     * @param source the file's name, for messages
     * @throws ConfigException if it is not YAML, or no model of it can be converted
     */
    public static Converted convert(String source, String yaml) {
        Problems unreadable = new Problems();
        Node document = NodeReader.read(yaml, null, unreadable);
        unreadable.throwIfAny(source);
        Problems notes = new Problems();
        LiteLlmSection root = new LiteLlmSection(document, document.line(), "", notes);
        List<LiteLlmDeployment> deployments = deployments(root, notes);
        LiteLlmSection router = root.section("router_settings");
        LiteLlmSection litellm = root.section("litellm_settings");
        LiteLlmSection general = root.section("general_settings");
        root.end(ROOT, NOTHING);
        LiteLlmModels models = new LiteLlmModels(deployments, router, litellm, notes);
        LiteLlmPolicies policies = new LiteLlmPolicies(router, litellm, notes);
        String key = general.text("master_key");
        String text = text(source, masterKey(general, key), models, policies);
        strategy(router);
        router.end(ROUTER, NOTHING);
        litellm.end(LITELLM, NOTHING);
        general.end(GENERAL, NOTHING);
        if (models.isEmpty()) {
            notes.add(root.line("model_list"), "model_list", "holds no model that can be converted");
            notes.throwIfAny(source);
        }
        return new Converted(text, notes.sorted());
    }

    private static List<LiteLlmDeployment> deployments(LiteLlmSection root, Problems notes) {
        List<LiteLlmDeployment> deployments = new ArrayList<>();
        int index = 0;
        for (Node entry : root.list("model_list")) {
            String path = "model_list[" + index++ + "]";
            LiteLlmDeployment deployment =
                    LiteLlmDeployment.read(new LiteLlmSection(entry, entry.line(), path, notes), path);
            if (deployment != null) {
                deployments.add(deployment);
            }
        }
        return deployments;
    }

    private static void strategy(LiteLlmSection router) {
        String strategy = router.text("routing_strategy");
        if (strategy != null && (strategy.startsWith("usage") || strategy.startsWith("cost"))) {
            router.note(
                    "routing_strategy",
                    "'" + strategy + "' has no equivalent here: a tier sends more to targets that are faster, less busy or"
                            + " heavier in weight");
        }
    }

    private static @Nullable String masterKey(LiteLlmSection general, @Nullable String key) {
        if (key == null) {
            return null;
        }
        general.note("master_key", "is both the admin's key and that of one client here, as it was: better give each its own");
        return LiteLlmDeployment.value(key);
    }

    private static String text(
            String source, @Nullable String key, LiteLlmModels models, LiteLlmPolicies policies) {
        StringBuilder yaml = new StringBuilder("# from the LiteLLM configuration "
                + Path.of(source).getFileName().toString().replaceAll("\\p{Cntrl}", " ") + "\n");
        if (key != null) {
            yaml.append("admin_key: ").append(key).append("\nclients:\n  - { name: litellm-master, key: ");
            yaml.append(key).append(" }\n");
        }
        yaml.append("targets:\n");
        models.targets().forEach((name, target) ->
                yaml.append("  ").append(name).append(": ").append(target).append('\n'));
        yaml.append("models:\n");
        for (LiteLlmModels.Group group : models.groups()) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("targets", group.tiers());
            fields.put("policy", policies.named(group));
            yaml.append("  ").append(YamlText.scalar(group.name())).append(": ");
            yaml.append(YamlText.line(fields)).append('\n');
        }
        return yaml.append("policies:\n").append(policies.text()).toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.LiteLlmDeployment.Settings;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Our policies of LiteLLM's settings; models with the same settings share one. */
final class LiteLlmPolicies {
    /** More would not fit into the window of a circuit. */
    private static final int MOST_FAILURES = 5000;

    private static final Map<String, String> CATEGORIES = Map.of(
            "TimeoutErrorRetries", "timeout",
            "RateLimitErrorRetries", "rate_limit",
            "InternalServerErrorRetries", "server_error");

    private final Settings everywhere;
    private final Map<String, Integer> perCategory = new TreeMap<>();
    private final boolean circuits;
    private final Problems notes;
    /** Names by text. */
    private final Map<String, String> policies = new LinkedHashMap<>();

    LiteLlmPolicies(LiteLlmSection router, LiteLlmSection litellm, Problems notes) {
        this.notes = notes;
        Settings fromRouter = settings(router);
        Settings fromLiteLlm = settings(litellm);
        Duration request = litellm.seconds("request_timeout");
        everywhere = fromRouter.or(fromLiteLlm).or(new Settings(null, request, null, null, null));
        circuits = !router.isTrue("disable_cooldowns");
        if (router.node("retry_policy") != null) {
            perCategory(router.section("retry_policy"));
        }
    }

    private static Settings settings(LiteLlmSection section) {
        return new Settings(
                section.whole("num_retries"),
                section.seconds("timeout"),
                section.seconds("stream_timeout"),
                section.whole("allowed_fails"),
                section.seconds("cooldown_time"));
    }

    private void perCategory(LiteLlmSection section) {
        CATEGORIES.forEach((key, category) -> {
            Integer retries = section.whole(key);
            if (retries != null) {
                perCategory.put(category, retries + 1);
            }
        });
        section.end(Map.of(), "has no equivalent here: such a failure is not asked of the same target again");
    }

    /** The policy of a model. */
    String named(LiteLlmModels.Group group) {
        String text = text(group);
        String known = policies.get(text);
        if (known != null) {
            return known;
        }
        String name = policies.isEmpty() ? GatewayConfig.STANDARD : "policy-" + (policies.size() + 1);
        policies.put(text, name);
        return name;
    }

    String text() {
        StringBuilder yaml = new StringBuilder();
        policies.forEach((text, name) ->
                yaml.append("  ").append(name).append(text.isEmpty() ? ": {}\n" : ":\n" + text));
        return yaml.toString();
    }

    private String text(LiteLlmModels.Group group) {
        StringBuilder yaml = new StringBuilder();
        List<LiteLlmDeployment> own = group.deployments().subList(0, group.own());
        Settings settings = new Settings(
                        agreed(own, "num_retries", d -> d.settings().retries(), Integer::compare),
                        agreed(own, "timeout", d -> d.settings().timeout(), Duration::compareTo),
                        agreed(own, "stream_timeout", d -> d.settings().streamTimeout(), Duration::compareTo),
                        agreed(own, "allowed_fails", d -> d.settings().allowedFails(), Integer::compare),
                        agreed(own, "cooldown_time", d -> d.settings().cooldown(), Duration::compareTo))
                .or(everywhere);
        section(yaml, "retry", retry(settings, group.deployments().size()));
        section(yaml, "timeouts", timeouts(settings));
        section(yaml, "circuit", circuit(settings));
        section(yaml, "limits", limits(group.deployments()));
        return yaml.toString();
    }

    private static void section(StringBuilder yaml, String name, Map<String, String> fields) {
        if (!fields.isEmpty()) {
            yaml.append("    ").append(name).append(": ").append(YamlText.line(fields)).append('\n');
        }
    }

    /** Every target has a chance, which LiteLLM gives by starting over for each fallback. */
    private Map<String, String> retry(Settings settings, int targets) {
        Map<String, String> fields = new LinkedHashMap<>();
        int usual = ResilienceConfig.defaults().retry().maxAttempts();
        int attempts = Math.max(settings.retries() == null ? usual : settings.retries() + 1, targets);
        if (attempts != usual) {
            fields.put("max_attempts", String.valueOf(attempts));
        }
        if (!perCategory.isEmpty()) {
            Map<String, String> categories = new LinkedHashMap<>();
            perCategory.forEach((category, most) -> categories.put(category, String.valueOf(most)));
            fields.put("attempts_per_category", YamlText.line(categories));
        }
        return fields;
    }

    private static Map<String, String> timeouts(Settings settings) {
        Map<String, String> fields = new LinkedHashMap<>();
        Duration whole = positive(settings.timeout());
        Duration stream = positive(settings.streamTimeout());
        Duration usual = ResilienceConfig.defaults().timeouts().firstContent();
        if (stream != null) {
            fields.put("first_content", Quantities.text(stream));
            fields.put("idle", Quantities.text(stream));
        } else if (whole != null && whole.compareTo(usual) < 0) {
            fields.put("first_content", Quantities.text(whole));
        }
        if (whole != null) {
            fields.put("attempt", Quantities.text(whole));
        }
        return fields;
    }

    private static @Nullable Duration positive(@Nullable Duration duration) {
        return duration == null || duration.isZero() ? null : duration;
    }

    private Map<String, String> circuit(Settings settings) {
        Map<String, String> fields = new LinkedHashMap<>();
        boolean off = !circuits || (settings.cooldown() != null && settings.cooldown().isZero());
        if (off) {
            fields.put("enabled", "false");
        }
        if (settings.allowedFails() != null) {
            // one more than allowed
            fields.put("failure_threshold", String.valueOf(Math.min(MOST_FAILURES, settings.allowedFails() + 1)));
        }
        if (!off && settings.cooldown() != null) {
            fields.put("recovery", Quantities.text(settings.cooldown()));
        }
        return fields;
    }

    private Map<String, String> limits(List<LiteLlmDeployment> deployments) {
        Map<String, String> pacing = new LinkedHashMap<>();
        Integer requests = agreed(deployments, "rpm", LiteLlmDeployment::rpm, Integer::compare);
        Integer tokens = agreed(deployments, "tpm", LiteLlmDeployment::tpm, Integer::compare);
        Integer parallel = agreed(
                deployments, "max_parallel_requests", LiteLlmDeployment::parallel, Integer::compare);
        if (requests != null) {
            pacing.put("requests_per_minute", requests.toString());
        }
        if (tokens != null) {
            pacing.put("tokens_per_minute", tokens.toString());
        }
        Map<String, String> fields = new LinkedHashMap<>();
        if (!pacing.isEmpty()) {
            fields.put("pacing", YamlText.line(pacing));
        }
        if (parallel != null) {
            fields.put("concurrency", YamlText.line(Map.of("fixed", parallel.toString())));
        }
        return fields;
    }

    /**
     * What the deployments of a model state. A policy holds for all its targets, so where they differ the smallest is
     * taken, which overruns nobody, and that is said.
     */
    private <T> @Nullable T agreed(
            List<LiteLlmDeployment> deployments,
            String key,
            Function<LiteLlmDeployment, @Nullable T> value,
            Comparator<T> comparator) {
        List<T> stated = deployments.stream().map(value).filter(Objects::nonNull).toList();
        if (stated.isEmpty()) {
            return null;
        }
        T least = stated.stream().min(comparator).orElseThrow();
        for (LiteLlmDeployment deployment : deployments) {
            if (!least.equals(value.apply(deployment))) {
                notes.add(
                        deployment.line(),
                        deployment.path() + ".litellm_params." + key,
                        "belongs to the policy of a model here, and the smallest that its targets state holds for all of"
                                + " them");
            }
        }
        return least;
    }
}

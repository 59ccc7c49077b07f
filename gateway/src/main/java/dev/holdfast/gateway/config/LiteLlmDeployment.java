// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of LiteLLM's {@code model_list}.
 *
 * @param group {@code model_name}
 * @param line of the entry
 * @param target our target's fields, values as our file has them
 * @param order of its tier; the lowest is asked first
 */
record LiteLlmDeployment(
        String group,
        int line,
        String path,
        Map<String, String> target,
        Map<String, String> headers,
        @Nullable BigDecimal weight,
        @Nullable Integer rpm,
        @Nullable Integer tpm,
        int order,
        @Nullable Integer parallel,
        Settings settings) {

    /** What a deployment and the router both may say. */
    record Settings(
            @Nullable Integer retries,
            @Nullable Duration timeout,
            @Nullable Duration streamTimeout,
            @Nullable Integer allowedFails,
            @Nullable Duration cooldown) {
        Settings or(Settings other) {
            return new Settings(
                    retries == null ? other.retries : retries,
                    timeout == null ? other.timeout : timeout,
                    streamTimeout == null ? other.streamTimeout : streamTimeout,
                    allowedFails == null ? other.allowedFails : allowedFails,
                    cooldown == null ? other.cooldown : cooldown);
        }
    }

    private static final Pattern REFERENCE = Pattern.compile("os\\.environ/([A-Za-z_][A-Za-z0-9_]*)");
    private static final Set<String> MODES = Set.of("chat", "embedding", "responses");
    private static final Map<String, String> REASONS = Map.of(
            "api_version", "is not needed: the v1 path of Azure that is used here has no versions",
            "organization", "has no key of its own: write headers: { openai-organization: … } at the target",
            "region_name", "has no equivalent here",
            "mock_response", "has no equivalent here: use the provider sim");
    private static final String DEFAULT_OF_REQUESTS =
            "has no equivalent here: the gateway sets no fields of requests, clients send their own";

    /** Null, with a note, where it cannot be converted. */
    static @Nullable LiteLlmDeployment read(LiteLlmSection entry, String path) {
        String group = entry.text("model_name");
        LiteLlmSection params = entry.section("litellm_params");
        LiteLlmSection info = entry.section("model_info");
        String model = params.text("model");
        if (group == null || model == null) {
            entry.note("has no model_name or no litellm_params.model and was left out");
            return null;
        }
        if (group.contains("*") || model.contains("*")) {
            entry.note("model names with * are not converted: name each model; without a file any provider/model is served");
            return null;
        }
        String mode = info.text("mode");
        if (mode != null && !MODES.contains(mode)) {
            info.note("mode", "'" + mode + "' is not served here, so the deployment was left out");
            return null;
        }
        String base = firstOf(params, "api_base", "base_url");
        String stated = params.text("custom_llm_provider");
        LiteLlmProviders.Place place = LiteLlmProviders.place(model, stated, base != null);
        if (place == null) {
            params.note("model", "the provider of '" + model + "' is not known here, so the deployment was left out");
            return null;
        }
        if (!LiteLlmProviders.isKnown(model, stated)) {
            params.note("model", "the provider of '" + model + "' is taken for one that speaks OpenAI's dialect: check it");
        }
        LiteLlmDeployment deployment = new LiteLlmDeployment(
                group,
                entry.line(),
                path,
                target(params, place, base),
                headers(params),
                params.number("weight"),
                params.whole("rpm"),
                params.whole("tpm"),
                order(params),
                params.whole("max_parallel_requests"),
                settings(params, info));
        info.node("id");
        info.node("base_model");
        info.end(Map.of(), "has no equivalent here");
        params.end(REASONS, DEFAULT_OF_REQUESTS);
        entry.end(Map.of(), "has no equivalent here");
        return deployment;
    }

    private static @Nullable String firstOf(LiteLlmSection section, String one, String other) {
        String first = section.text(one);
        String second = section.text(other);
        return first == null ? second : first;
    }

    private static int order(LiteLlmSection params) {
        Integer order = params.whole("order");
        return order == null ? Integer.MAX_VALUE : order;
    }

    private static Settings settings(LiteLlmSection params, LiteLlmSection info) {
        Integer retries = params.whole("num_retries");
        Integer same = params.whole("max_retries");
        return new Settings(
                retries == null ? same : retries,
                params.seconds("timeout"),
                params.seconds("stream_timeout"),
                info.whole("allowed_fails"),
                params.seconds("cooldown_time"));
    }

    private static Map<String, String> target(LiteLlmSection params, LiteLlmProviders.Place place, @Nullable String base) {
        Map<String, String> target = new LinkedHashMap<>();
        target.put("provider", place.provider());
        target.put("model", YamlText.scalar(place.model()));
        boolean azure = place.provider().equals("azure-openai");
        if (base != null) {
            target.put("base_url", azure ? azure(params, base) : value(base));
        } else if (place.baseUrl() != null) {
            target.put("base_url", place.baseUrl());
        } else if (azure) {
            target.put("base_url", "${AZURE_API_BASE}");
        }
        String key = params.text("api_key");
        if (key != null) {
            target.put("api_key", value(key));
            if (!REFERENCE.matcher(key).matches()) {
                params.note("api_key", "was copied as it stands: better keep it in the environment and write ${NAME}");
            }
        } else if (place.keyVariable() != null) {
            target.put("api_key", "${" + place.keyVariable() + "}");
        } else if (base != null) {
            params.note("api_base", "is sent no key, because the deployment states none");
        }
        return target;
    }

    /** LiteLLM appends the deployment's path by itself; a stated one is not wanted here. */
    private static String azure(LiteLlmSection params, String base) {
        if (REFERENCE.matcher(base).matches()) {
            return value(base);
        }
        try {
            URI uri = URI.create(base);
            String path = uri.getPath();
            if (path != null && path.startsWith("/openai/deployments")) {
                params.note("api_base", "lost its path, since deployments are named by the model here");
                return YamlText.scalar(uri.getScheme() + "://" + uri.getRawAuthority());
            }
        } catch (IllegalArgumentException noUrl) {
            params.note("api_base", "is not a URL");
        }
        return value(base);
    }

    private static Map<String, String> headers(LiteLlmSection params) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String key : new String[] {"extra_headers", "headers"}) {
            if (!(params.node(key) instanceof Node.Mapping)) {
                continue;
            }
            LiteLlmSection section = params.section(key);
            for (String name : section.keys()) {
                String text = section.text(name);
                if (text == null || !TargetReader.isHeader(name)) {
                    section.note(name, "cannot be set here and was left out");
                } else {
                    headers.put(name.toLowerCase(Locale.ROOT), value(text));
                }
            }
        }
        return headers;
    }

    /** A value as our file has it: {@code os.environ/NAME} is a reference. */
    static String value(String text) {
        Matcher reference = REFERENCE.matcher(text);
        return reference.matches() ? "${" + reference.group(1) + "}" : YamlText.scalar(text);
    }
}
